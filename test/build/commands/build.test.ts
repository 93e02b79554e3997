import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { buildIndex } from "../commands.js";
import { filesOf, publishedCatalog } from "../built-index.js";
import { dataFolder, type PeriodRows } from "../data-folder.js";
import { IMAGE_BYTES } from "../images/image-bytes.js";

const GOOD: PeriodRows = { impressions: ["371,7", "372,7"], clicks: ["1,371,7"], conversions: ["1,1,2.5"] };

await t.test("good data are published, with a summary and exit code 0", (t) => {
  const folder = t.testdir({ data: { ...dataFolder(GOOD), banners: { "image_371.png": IMAGE_BYTES.png } } });
  const out = join(folder, "out");
  const { status, stdout, stderr } = buildIndex(["--data", join(folder, "data"), "--out", out]);
  t.equal(stderr, "");
  t.equal(status, 0);
  t.match(stdout, /^all rows +4 read = 4 used \+ 0 rejected$/m);
  t.match(stdout, /^cells +1: 0 top-10, 0 top-x, 1 fill-by-clicks, 0 by-clicks, 0 default$/m);
  t.match(stdout, /^note +banners without an image, a placeholder was drawn: 372$/m);
  const catalog = publishedCatalog(out);
  t.ok(stdout.includes(`${join(out, "index.bin")}, `) && stdout.includes(`generation ${catalog.index.generation}\n`));
  t.strictSame(Buffer.from(catalog.imageOf(catalog.bannerOf(371))), IMAGE_BYTES.png);
  t.strictSame(Object.keys(filesOf(out)), ["index.bin", "rejects.csv", "report.html", "report.json"]);
  t.end();
});

await t.test("without options it takes data, data/banners and dist-index", (t) => {
  const folder = t.testdir({ data: { ...dataFolder(GOOD), banners: { "image_371.gif": IMAGE_BYTES.gif } } });
  const { status, stderr } = buildIndex([], {}, folder);
  t.equal(stderr, "");
  t.equal(status, 0);
  const catalog = publishedCatalog(join(folder, "dist-index"));
  t.strictSame(Buffer.from(catalog.imageOf(catalog.bannerOf(371))), IMAGE_BYTES.gif);
  t.end();
});

await t.test("the images may lie elsewhere, or nowhere", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD), images: { "image_371.webp": IMAGE_BYTES.webp, "notes.md": "" } });
  const words = ["--data", join(folder, "data"), "--out", join(folder, "out")];
  t.equal(buildIndex(words).status, 0);
  t.match(buildIndex([...words, "--banners", join(folder, "images")]), {
    status: 0,
    stdout: /^note +files that are not read: images\/notes\.md$/m,
  });
  const catalog = publishedCatalog(join(folder, "out"));
  t.strictSame(Buffer.from(catalog.imageOf(catalog.bannerOf(371))), IMAGE_BYTES.webp);
  t.end();
});

await t.test(
  "bad rows stop the build: those that are alike are told once, and what was published is as it was",
  (t) => {
    const bad = Array.from({ length: 25 }, (_, at) => `${at},x`);
    const folder = t.testdir({ good: dataFolder(GOOD), bad: dataFolder({ ...GOOD, clicks: ["1,371,7", ...bad] }) });
    const out = join(folder, "out");
    t.equal(buildIndex(["--data", join(folder, "good"), "--out", out]).status, 0);
    const before = filesOf(out);
    const { status, stdout, stderr } = buildIndex(["--data", join(folder, "bad"), "--out", out]);
    t.equal(status, 1);
    t.equal(stdout, "");
    const file = join(folder, "bad", "1", "clicks_1.csv");
    t.equal(
      stderr,
      `${file}:3: 2 field(s), expected 3 as in the header row (25 of 26 rows: also in 4, 5, 6, …)\n` +
        `billboard build: 25 malformed row(s), nothing is published: correct them, or reject them with --on-bad-row reject\n`,
    );
    t.strictSame(filesOf(out), before);
    t.end();
  },
);

await t.test("with --on-bad-row reject they are set aside, and the others are published", (t) => {
  const folder = t.testdir(dataFolder({ ...GOOD, impressions: ["371,7", "0,7"] }));
  const out = join(folder, "out");
  const words = ["--data", folder, "--out", out, "--on-bad-row", "reject", "--accept", "rejected"];
  const { status, stdout, stderr } = buildIndex(words);
  t.equal(stderr, "");
  t.equal(status, 0);
  t.match(stdout, /^all rows +4 read = 3 used \+ 1 rejected$/m);
  t.ok(stdout.includes(`1 malformed: see ${join(out, "rejects.csv")}\n`));
  t.equal(
    readFileSync(join(out, "rejects.csv"), "utf8"),
    "file,line,kind,reason,first_file,first_line\n" +
      '1/impressions_1.csv,3,malformed,"banner_id is ""0"", expected a whole number from 1 to 4294967295 without leading zeros",,\n',
  );
  t.strictSame(
    inspect(publishedCatalog(out)).cells.map(({ collection }) => collection.map(({ banner }) => banner)),
    [[371]],
  );
  t.end();
});

await t.test("what is named as events and cannot be read stops the build, and what is published stays", (t) => {
  const folder = t.testdir({ good: dataFolder(GOOD), bad: { 1: { ...dataFolder(GOOD)[1], "clicks_2.xlsx": "PK" } } });
  const out = join(folder, "out");
  t.equal(buildIndex(["--data", join(folder, "good"), "--out", out]).status, 0);
  const before = filesOf(out);
  t.strictSame(buildIndex(["--data", join(folder, "bad"), "--out", out]), {
    status: 1,
    stdout: "",
    stderr:
      `billboard build: ${join(folder, "bad", "1", "clicks_2.xlsx")}: is named as clicks, but not .csv or .tsv, ` +
      'with or without .gz or .zst behind it: save it as CSV, or rename it so that it does not begin with "clicks"\n',
  });
  t.strictSame(filesOf(out), before);
  t.end();
});

await t.test("--column gives columns of the files our names, on this thread and on others", (t) => {
  const folder = t.testdir({
    ours: dataFolder(GOOD),
    theirs: {
      1: {
        "impressions.csv": "creative;Campaign\n371;7\n372;7\n",
        "clicks.csv": "id;creative;Campaign\n1;371;7\n",
        "conversions.csv": "id;click_id;Amount (EUR)\n1;1;2,5\n",
      },
    },
  });
  const names = [
    "banner_id=creative",
    "campaign_id=campaign",
    "click_id=id",
    "conversion_id=id",
    "revenue=amount (eur)",
  ];
  const columns = names.flatMap((name) => ["--column", name]);
  const generationOf = (data: string, ...words: string[]): string => {
    const out = join(folder, `out of ${data}`);
    const { status, stderr } = buildIndex(["--data", join(folder, data), "--out", out, ...words]);
    t.strictSame([status, stderr], [0, ""]);
    return publishedCatalog(out).index.generation;
  };
  const generation = generationOf("ours");
  t.equal(generationOf("theirs", ...columns), generation);
  t.equal(generationOf("theirs", ...columns, "--workers", "2"), generation);
  const { status, stderr } = buildIndex(
    ["--data", join(folder, "theirs"), "--out", join(folder, "out")].concat(columns.slice(0, -2)),
  );
  t.equal(status, 1);
  t.match(
    stderr,
    /conversions\.csv:1: column revenue is missing: .*got "id;click_id;Amount \(EUR\)": .*--column revenue=NAME\n$/,
  );
  t.end();
});

await t.test("a file that is named as a banner and is no image stops the build, or gets a placeholder", (t) => {
  const folder = t.testdir({ data: { ...dataFolder(GOOD), banners: { "image_371.svg": "<html><svg></svg></html>" } } });
  const words = ["--data", join(folder, "data"), "--out", join(folder, "out")];
  t.strictSame(buildIndex(words), {
    status: 1,
    stdout: "",
    stderr:
      `billboard build: ${join(folder, "data", "banners", "image_371.svg")}: not an image: expected the bytes of one of ` +
      "png, jpg, jpeg, webp, avif, gif, svg: correct it, or replace it by a placeholder with --on-bad-row reject\n",
  });
  t.notOk(existsSync(join(folder, "out")));
  const { status, stdout } = buildIndex([...words, "--on-bad-row", "reject"]);
  t.equal(status, 0);
  t.match(stdout, /^note +not images, a placeholder was drawn: image_371\.svg$/m);
  t.end();
});

await t.test("data that no index can be made of are one line on standard error, and exit code 1", (t) => {
  const folder = t.testdir({
    gap: { 1: { "clicks.csv": "" }, 3: { "clicks.csv": "" } },
    seven: dataFolder(GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, GOOD),
    headerless: { 1: { "clicks.csv": "1,2,3\n" } },
    huge: dataFolder({ ...GOOD, conversions: ["1,1,9223372036854.775807", "2,1,0.000001"] }),
    good: dataFolder(GOOD),
  });
  const at = (...names: string[]): string => join(folder, ...names);
  const faults: [words: string[], message: string][] = [
    [["--data", at("none")], `${at("none")}: cannot be read: name the data folder with --data`],
    [
      ["--data", at("gap")],
      `${at("gap")}: folders 1, 3 where periods 1 to 2 were expected: number them from 1 without gaps`,
    ],
    [["--data", at("seven")], `${at("seven")}: 7 period folders: their number must divide 60, the minutes of an hour`],
    [
      ["--data", at("headerless")],
      `${at("headerless", "1", "clicks.csv")}:1: column click_id is missing: ` +
        'expected a header row with click_id, banner_id, campaign_id, got "1,2,3": name the one that it is with --column click_id=NAME',
    ],
    [
      ["--data", at("huge")],
      `${at("huge", "1", "conversions_1.csv")}:3: the revenue of banner 371 in campaign 7 exceeds 9223372036854.775807: give revenue in a larger unit`,
    ],
    [
      ["--data", at("good"), "--banners", at("none")],
      `${at("none")}: cannot be read: name the folder of the banner images with --banners`,
    ],
  ];
  for (const [words, message] of faults) {
    t.strictSame(buildIndex([...words, "--out", at("out")]), {
      status: 1,
      stdout: "",
      stderr: `billboard build: ${message}\n`,
    });
    t.strictSame(existsSync(at("out")) ? filesOf(at("out")) : {}, {}, "nothing is left in the folder");
  }
  t.end();
});

await t.test("a folder that cannot be written to is one line, and exit code 1", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD), out: "a file" });
  const { status, stderr } = buildIndex(["--data", join(folder, "data"), "--out", join(folder, "out")]);
  t.equal(status, 1);
  t.match(stderr, /^billboard build: .*out.*\n$/);
  t.end();
});

await t.test("--at names the moment whose banners are shown", (t) => {
  const banners = { "banners.csv": "banner_id,alt,link,until\n371,,,2026-12-01\n" };
  const folder = t.testdir({ data: { ...dataFolder(GOOD), banners } });
  const words = ["--data", join(folder, "data"), "--out", join(folder, "out")];
  const before = buildIndex([...words, "--at", "2026-11-30T23:59:59Z"]);
  t.equal(before.status, 0);
  t.notMatch(before.stdout, "held back");
  const { stdout } = buildIndex([...words, "--at", "2026-12-01"]);
  t.match(stdout, /^note +banners that are held back: 371 \(over: period 1 campaign 7\)$/m);
  t.end();
});

await t.test("campaigns.csv is the one in the data folder, or the one that is named", (t) => {
  const csv = (name: string): string => `campaign_id,name\n7,${name}\n8,${name}\n`;
  const folder = t.testdir({
    data: { ...dataFolder(GOOD), "campaigns.csv": csv("there") },
    "names.csv": `${csv("named")}9,x\n`,
  });
  t.match(buildIndex([], {}, folder).stdout, /^campaigns\.csv +2 read = /m);
  t.match(buildIndex(["--campaigns", "names.csv"], {}, folder).stdout, /^campaigns\.csv +3 read = /m);
  t.match(buildIndex(["--campaigns", "none.csv"], {}, folder), { status: 1, stderr: /^billboard build: none\.csv: / });
  t.end();
});

await t.test("--explore is in the index and the reports, and without it their bytes are the same as ever", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD) });
  const built = (...words: string[]): { stdout: string; files: Record<string, string> } => {
    const out = `out${words.join("")}`;
    const { stdout, status } = buildIndex(["--out", out, ...words], {}, folder);
    t.equal(status, 0);
    return { stdout, files: filesOf(join(folder, out)) };
  };
  const none = built();
  t.notMatch(none.stdout, "exploration");
  t.strictSame(built("--explore", "0").files, none.files);
  t.strictSame(built("--explore", "0.0000").files, none.files);
  const { stdout, files } = built("--explore", "0.1");
  t.match(stdout, /^exploration +10 % of the decisions draw from all banners of a cell$/m);
  t.equal(publishedCatalog(join(folder, "out--explore0.1")).index.exploration, 0.1);
  t.equal((JSON.parse(files["report.json"]!) as { exploration: number }).exploration, 0.1);
  t.not(files["index.bin"], none.files["index.bin"]);
  t.end();
});

await t.test("wrong usage is told, and exit code 2", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD) });
  for (const [words, message] of [
    [["--nope"], "Unknown option '--nope'"],
    [["data"], "Unexpected argument 'data'"],
    [["--data"], "Option '--data <value>' argument missing"],
    [["--data", "--out", "x"], "Option '--data' argument is ambiguous."],
    [["--on-bad-row", "ignore"], '--on-bad-row: got "ignore", expected one of stop, reject\n'],
    [["--column", "amount=revenue"], '--column: got "amount=revenue", expected a column of ours, = and its name'],
    [["--explore", "1"], '--explore: got "1", expected a number from 0 to below 1 with at most four decimals\n'],
    [["--workers", "0"], '--workers: got "0", expected a whole number from 1 to 64\n'],
    [["--workers", "2.5"], '--workers: got "2.5", expected a whole number from 1 to 64\n'],
    [
      ["--at", "noon"],
      '--at: got "noon", expected a date, or a time such as 2026-11-29T10:15:00Z or 2026-11-29 10:15\n',
    ],
    [["--cluster", "shop"], "--cluster: is for --clickhouse, which is not given\n"],
    [
      ["--clickhouse", "http://shop@localhost:8123/shop", "--data", "data"],
      "--data: is for files, and --clickhouse has the events in place of them: leave one of both out\n",
    ],
    [["--clickhouse", "http://shop@localhost:8123/shop", "--workers", "2"], "--workers: is for files, "],
    [["--clickhouse", "http://shop@localhost:8123/shop", "--column", "revenue=amount"], "--column: is for files, "],
    [["--clickhouse", "localhost/shop"], "--clickhouse: is no address, expected http://user@host:8123/database, or"],
    [["--clickhouse", "http://shop@localhost:8123/"], '--clickhouse: its database is "", expected letters, digits and'],
    [
      ["--clickhouse", "http://shop@localhost:8123/shop", "--cluster", "a'b"],
      '--cluster: got "a\'b", expected letters, digits, ., - and _\n',
    ],
    [["--help=yes"], "Option '--help' does not take an argument"],
  ] as const) {
    const { status, stdout, stderr } = buildIndex(words, {}, folder);
    t.equal(status, 2, words.join(" "));
    t.equal(stdout, "");
    t.ok(stderr.startsWith(`billboard build: ${message}`), stderr);
    t.equal(stderr.indexOf("\n"), stderr.length - 1, "it is one line");
  }
  const secret = "http://shop:s3cret@localhost:8123/shop";
  const { status, stderr } = buildIndex(["--clickhouse", secret], {}, folder);
  t.equal(status, 2);
  t.match(
    stderr,
    /^billboard build: --clickhouse: has a password, .*: set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE\n$/,
  );
  t.notMatch(stderr, "s3cret");
  t.notOk(existsSync(join(folder, "dist-index")), "nothing was built");
  t.end();
});

await t.test("--help prints the options, and builds nothing", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD) });
  const { status, stdout, stderr } = buildIndex(["--help"], {}, folder);
  t.equal(status, 0);
  t.equal(stderr, "");
  t.match(stdout, /^Usage: billboard build \[options\]\n/m);
  for (const option of ["--data", "--banners", "--out", "--on-bad-row", "--accept", "--dry-run", "--workers"])
    t.ok(stdout.includes(`\n  ${option} `), option);
  t.notOk(existsSync(join(folder, "dist-index")));
  t.end();
});

await t.test("data without a row that counts are refused, and take no campaign off", (t) => {
  const folder = t.testdir({
    good: dataFolder(GOOD),
    empty: dataFolder({ impressions: [], clicks: [], conversions: [] }),
    // Rows there are, and none of them counts.
    bad: dataFolder({ impressions: ["0,7"], clicks: [], conversions: ["1,404,1"] }),
  });
  const out = join(folder, "out");
  t.equal(buildIndex(["--data", join(folder, "good"), "--out", out]).status, 0);
  const before = filesOf(out);
  for (const name of ["empty", "bad"]) {
    const words = ["--data", join(folder, name), "--out", out, "--on-bad-row", "reject"];
    const { status, stderr } = buildIndex(words);
    t.equal(status, 1, name);
    t.match(stderr, new RegExp(`^billboard build: .*${name}: no usable rows: refusing to publish an empty index\\n$`));
    t.strictSame(filesOf(out), before);
  }
  t.end();
});

await t.test("a file that cannot be opened is told with its path, and not with another", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD) });
  const link = join(folder, "data", "1", "clicks_2.csv");
  symlinkSync(join(folder, "nowhere"), link);
  const { status, stderr } = buildIndex(["--data", join(folder, "data"), "--out", join(folder, "out")]);
  t.equal(status, 1);
  t.ok(stderr.startsWith(`billboard build: ${link}: is a link that leads nowhere, `), stderr);
  t.equal(stderr.indexOf("\n"), stderr.length - 1, "it is one line");
  t.end();
});

await t.test("an output folder that cannot be one is told with its path and what to do", (t) => {
  const folder = t.testdir({ data: dataFolder(GOOD), taken: "a file" });
  const { status, stderr } = buildIndex(["--data", join(folder, "data"), "--out", join(folder, "taken")]);
  t.equal(status, 1);
  t.match(
    stderr,
    /^billboard build: .*taken: is a file, expected a folder, or nothing: move it away, or name another\n$/,
  );
  t.end();
});
