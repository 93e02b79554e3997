import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import type { BuildReport } from "../../build/report/report.js";
import { build } from "../../build/stages.js";
import { Catalog } from "../../src/index/catalog.js";
import { inspect } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { seededRandom } from "../src/seeded-random.js";
import { buildIndex } from "./commands.js";
import { filesOf, publishedCatalog } from "./built-index.js";
import { clicksCsv, conversionsCsv, dataFolder, impressionsCsv } from "./data-folder.js";
import { IMAGE_BYTES } from "./images/image-bytes.js";

type Folder = NonNullable<Parameters<Test["testdir"]>[0]>;

/** Text by path below a data folder: two periods with rejects of every kind, and images. */
function manyFiles(): Map<string, string | Uint8Array> {
  const random = seededRandom(7);
  const id = (limit: number): number => 1 + Math.floor(random() * limit);
  const rows = (count: number, row: (at: number) => string): string[] =>
    Array.from({ length: count }, (_, at) => row(at));
  const files = new Map<string, string | Uint8Array>([
    ["banners/image_1.png", IMAGE_BYTES.jpeg],
    ["banners/image_2.svg", IMAGE_BYTES.svg],
    ["banners/image_30.webp", IMAGE_BYTES.webp],
    ["banners/image_4294967295.gif", IMAGE_BYTES.gif],
    [
      "banners/banners.csv",
      "alt,link,banner_id\nÄ,https://example.com,1\nB,,1\nC,javascript:x,2\nD,,99999\n,http://a.example,30\n",
    ],
  ]);
  for (const period of [1, 2])
    // Names whose order depends on the locale: by code unit, B comes before a, and a before ä.
    for (const name of ["B", "a", "ä", "i", "I"]) {
      files.set(`${period}/impressions_${name}.csv`, impressionsCsv(...rows(200, () => `${id(40)},${id(9)}`)));
      files.set(`${period}/clicks_${name}.csv`, clicksCsv(...rows(60, () => `${id(400)},${id(40)},${id(9)}`)));
      files.set(
        `${period}/conversions_${name}.csv`,
        conversionsCsv(...rows(40, () => `${id(300)},${id(500)},${(random() * 20 - 4).toFixed(6)}`)),
      );
    }
  files.set("2/clicks_again.csv", files.get("1/clicks_B.csv")!);
  files.set("2/impressions_bad.csv", impressionsCsv("0,1", '"1,2', "3,4"));
  return files;
}

function writeFiles(folder: string, files: Iterable<[string, string | Uint8Array]>): void {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Builds what was published before the tests of a failure. */
async function publishedIn(t: Test, data: Folder): Promise<{ folder: string; out: string }> {
  const folder = t.testdir({
    first: dataFolder({ impressions: ["1,1"] }),
    second: dataFolder({ impressions: ["2,1"] }),
    data,
  });
  const out = join(folder, "out");
  for (const name of ["first", "second"])
    await build({ data: join(folder, name), banners: undefined, out, onBadRow: "stop" });
  return { folder, out };
}

await t.test("the same input gives the same bytes, in any folder, time zone, locale and order of writing", (t) => {
  const folder = t.testdir();
  const files = [...manyFiles()];
  const places: [order: typeof files, environment: Record<string, string>][] = [
    [files, { TZ: "UTC", LANG: "C", LC_ALL: "C" }],
    [files.toReversed(), { TZ: "Asia/Kathmandu", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" }],
    [
      files.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      { TZ: "America/St_Johns", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
    ],
  ];
  const built = places.map(([order, environment], at) => {
    const place = join(folder, "deeper/".repeat(at), `place ${at}`);
    writeFiles(join(place, "data"), order);
    const words = [
      "--data",
      join(place, "data"),
      "--out",
      join(place, "out"),
      "--on-bad-row",
      "reject",
      "--accept",
      "all",
    ];
    const { status, stdout, stderr } = buildIndex(words, environment);
    t.equal(stderr, "");
    t.equal(status, 0);
    return { files: filesOf(join(place, "out")), rows: /^all rows .*$/m.exec(stdout)?.[0] };
  });
  t.strictSame(built[1], built[0]);
  t.strictSame(built[2], built[0]);
  const { rejects = "" } = { rejects: built[0]?.files["rejects.csv"] };
  for (const kind of ["malformed", "duplicate", "conflict", "orphan", "duplicate file"])
    t.match(rejects, new RegExp(`,${kind},`), `there is a ${kind} in it`);
  t.end();
});

await t.test("one thread, two or eight make the same bytes, rejects and account, and so does none", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), manyFiles());
  const data = join(folder, "data");
  const options = { data, banners: join(data, "banners"), onBadRow: "reject", accept: ["all"] } as const;
  const built = [];
  for (const workers of [undefined, 1, 2, 8]) {
    const out = join(folder, `out ${workers}`);
    built.push({ report: await build({ ...options, out, workers }), files: filesOf(out) });
  }
  for (const other of built.slice(1)) t.strictSame(other, built[0]);
});

await t.test("reports say the same of every file, wherever it lies", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), manyFiles());
  const data = join(folder, "data");
  const options = { data, banners: join(data, "banners"), onBadRow: "reject", accept: ["all"] } as const;
  const report = await build({ ...options, out: join(folder, "out") });
  for (const { file, read, used, rejected } of report.files) {
    const inFile = readFileSync(join(folder, "data", file), "utf8").split("\n").length - 2;
    t.equal(read, inFile, `${file}: all rows of the file are read`);
    t.equal(used + Object.values(rejected).reduce((sum, count) => sum + count), inFile, `${file}: none is lost`);
  }
  t.equal(report.index_bytes, readFileSync(join(folder, "out", "index.bin")).length);
  t.equal(report.generation, publishedCatalog(join(folder, "out")).index.generation);
});

await t.test("revenue is summed exactly, where floating point would be wrong", async (t) => {
  const sums: [revenues: string[], sum: string][] = [
    [Array<string>(10).fill("0.1"), "1.000000"],
    [["0.1", "0.2"], "0.300000"],
    [["4.35", "0.000001"], "4.350001"],
    [["1.1", "2.2", "-3.3"], "0.000000"],
    [["9007199254.740992", "0.000001"], "9007199254.740993"],
    [["9223372036854.775806", "0.000001"], "9223372036854.775807"],
    [["-9223372036854.775807", "0.000001", "-0.000001"], "-9223372036854.775807"],
    [["1000000000000", "0.000001", "-1000000000000"], "0.000001"],
  ];
  const clicks = sums.map((_, at) => `${at + 1},1,${at + 1}`);
  let conversion = 0;
  const conversions = sums.flatMap(([revenues], at) =>
    revenues.map((revenue) => `${++conversion},${at + 1},${revenue}`),
  );
  const folder = t.testdir(dataFolder({ impressions: [], clicks, conversions }));
  await build({ data: folder, banners: undefined, out: join(folder, "out"), onBadRow: "stop" });
  t.strictSame(
    inspect(publishedCatalog(join(folder, "out"))).cells.map(({ collection }) => collection[0]?.revenue),
    sums.map(([, sum]) => sum),
  );
});

await t.test("sums that differ in their last millionth are ranked by it", async (t) => {
  const conversions = [
    "1,1,4503599627.370496",
    "2,1,4503599627.370496",
    "3,2,4503599627.370497",
    "4,2,4503599627.370496",
  ];
  const folder = t.testdir(dataFolder({ impressions: [], clicks: ["1,1,7", "2,2,7"], conversions }));
  await build({ data: folder, banners: undefined, out: join(folder, "out"), onBadRow: "stop" });
  t.strictSame(
    inspect(publishedCatalog(join(folder, "out"))).cells[0]?.collection.map(({ banner, revenue }) => [banner, revenue]),
    [
      [2, "9007199254.740993"],
      [1, "9007199254.740992"],
    ],
  );
});

await t.test("a build that fails leaves all that was published as it was, at whatever stage", async (t) => {
  const good = { "impressions.csv": impressionsCsv("9,9") };
  const failures: [what: string, data: Folder, banners?: string][] = [
    ["finding the files", { 2: good }],
    ["reading the images", { 1: good, banners: { "image_1.png": "no image" } }, "banners"],
    ["finding the images", { 1: good }, "banners"],
    ["reading a header row", { 1: { ...good, "clicks.csv": "" } }],
    ["reading rows", { 1: { ...good, "clicks.csv": clicksCsv("0,0,0") } }],
    [
      "counting",
      { 1: { "clicks.csv": clicksCsv("1,1,1"), "conversions.csv": conversionsCsv("1,1,9223372036854", "2,1,1") } },
    ],
  ];
  for (const [what, data, banners] of failures) {
    const { folder, out } = await publishedIn(t, data);
    const before = filesOf(out);
    t.strictSame(Object.keys(before), [
      ...["index.bin", "index.previous.bin", "rejects.csv", "report.html", "report.json"],
    ]);
    const options = { data: join(folder, "data"), out, onBadRow: "stop" } as const;
    await t.rejects(
      build({ ...options, banners: banners && join(folder, "data", banners) }),
      { name: "DataError" },
      what,
    );
    t.strictSame(filesOf(out), before, what);
  }
});

await t.test("a build of the same data again keeps the previous index", async (t) => {
  const { folder, out } = await publishedIn(t, {});
  const before = filesOf(out);
  const report = await build({ data: join(folder, "second"), banners: undefined, out, onBadRow: "stop" });
  t.same(report.difference, { result: "unchanged", generation: report.generation });
  const after = filesOf(out);
  for (const name of ["index.bin", "index.previous.bin", "rejects.csv"]) t.equal(after[name], before[name], name);
  t.not(before["index.previous.bin"], before["index.bin"]);
});

await t.test("the report says what was remarkable in the data", async (t) => {
  const folder = t.testdir({
    data: {
      1: {
        "impressions.csv": impressionsCsv("371,7"),
        "clicks.csv": clicksCsv("1,371,7", "2,372,7", "3,373,7"),
        "x.csv": "",
      },
      2: { "clicks.csv": clicksCsv() },
    },
    images: {
      "image_371.png": "no image",
      "image_372.gif": IMAGE_BYTES.gif,
      "image_373.SVG": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 728 90"/>',
      "notes.md": "",
    },
  });
  const at = (name: string): string => join(folder, name);
  const options = { data: at("data"), banners: at("images"), out: at("out"), onBadRow: "reject" } as const;
  const report = await build({ ...options, accept: ["missing-files"] });
  const { clicks_without_impression, cells_by_rule, banners_without_image } = report;
  const { unreadable_images, mixed_sizes, unread_files, missing_kinds } = report;
  t.strictSame(
    {
      clicks_without_impression,
      cells_by_rule,
      banners_without_image,
      unreadable_images,
      mixed_sizes,
      unread_files,
      missing_kinds,
    },
    {
      clicks_without_impression: 2,
      cells_by_rule: { "top-10": 0, "top-x": 0, "fill-by-clicks": 0, "by-clicks": 1, default: 0 },
      banners_without_image: [371],
      unreadable_images: ["image_371.png"],
      mixed_sizes: { count: 1, first: [{ campaign: 7, sizes: ["3 x 2", "300 x 37"] }] },
      unread_files: ["1/x.csv", "images/notes.md"],
      missing_kinds: ["1/conversions", "2/impressions", "2/conversions"],
    },
  );
});

await t.test("banners.csv is in the index, in the account and in the rejects", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), [
    ["1/impressions_1.csv", impressionsCsv("5,7", "6,7")],
    ["banners/image_9.png", IMAGE_BYTES.png],
    [
      "banners/banners.csv",
      "banner_id,alt,link,note\n5,Five,https://example.com\n9,Nine,,\n6,Six,//x,\n7,Seven,,\n9,Nine,,\n".replace(
        "com\n",
        "com,\n",
      ),
    ],
  ]);
  const options = { data: join(folder, "data"), banners: join(folder, "data/banners"), out: join(folder, "out") };
  const stopped: unknown = await build({ ...options, onBadRow: "stop" }).catch((error: unknown) => error);
  t.match(stopped, {
    name: "Error",
    rows: [/banners\/banners\.csv:4: link is "\/\/x", expected an http or https address/],
    count: 1,
  });
  t.notOk(existsSync(join(folder, "out/index.bin")), "nothing is published");

  const report = await build({ ...options, onBadRow: "reject", accept: ["rejected"] });
  const { bytes, sha256, ...file } = report.files.at(-1)!;
  t.strictSame(file, {
    file: "banners/banners.csv",
    kind: "banners",
    period: null,
    read: 5,
    used: 2,
    rejected: { malformed: 1, duplicate: 1, conflict: 0, orphan: 1, "duplicate file": 0 },
    unknown_columns: ["note"],
  });
  t.equal(bytes, statSync(join(folder, "data/banners/banners.csv")).size);
  t.match(sha256, /^[0-9a-f]{64}$/);
  t.strictSame([report.rows.read, report.rows.used, report.unread_files], [7, 4, []]);
  t.strictSame(JSON.parse(readFileSync(join(folder, "out/report.json"), "utf8")), report);
  t.strictSame(
    readFileSync(join(folder, "out/rejects.csv"), "utf8")
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(",").slice(0, 3).join(",")),
    ["banners/banners.csv,4,malformed", "banners/banners.csv,5,orphan", "banners/banners.csv,6,duplicate"],
  );
  const catalog = new Catalog(await loadIndex(join(folder, "out/index.bin")));
  const textsOf = (id: number): string[] => [catalog.altOf(catalog.bannerOf(id)), catalog.linkOf(catalog.bannerOf(id))];
  t.strictSame([5, 6, 9].map(textsOf), [
    ["Five", "https://example.com/"],
    ["", ""],
    ["Nine", ""],
  ]);
  const { imageWidth, imageHeight } = catalog.index;
  const sizeOf = (id: number): number[] => [imageWidth[catalog.bannerOf(id)]!, imageHeight[catalog.bannerOf(id)]!];
  t.strictSame([5, 9].map(sizeOf), [
    [300, 250],
    [3, 2],
  ]);
});

/** Campaign 7 shows banners 5 and 6, campaign 8 banner 5 alone; campaign 9 is in no event. */
function described(banners: string, campaigns = "campaign_id,name,default_banner\n7,Seven,\n8,,6\n9,Nine,90\n") {
  return new Map<string, string>([
    ["1/impressions_1.csv", impressionsCsv("5,7", "6,7", "5,8")],
    ["2/impressions_1.csv", impressionsCsv("5,7")],
    ["2/clicks_1.csv", clicksCsv("1,5,7")],
    ["2/conversions_1.csv", conversionsCsv()],
    ["campaigns.csv", campaigns],
    ["banners/banners.csv", `banner_id,alt,link,status,from,until\n${banners}`],
  ]);
}

await t.test("banners that are off or out of their time are in no cell, and all is accounted for", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), described("5,Five,,,,2026-12-01\n90,,,on,2026-12-01,\n6,,,ON,,\n"));
  const options = { data: join(folder, "data"), banners: join(folder, "data/banners"), onBadRow: "stop" } as const;
  const built = async (out: string, at: string): Promise<{ report: BuildReport; cells: string[] }> => {
    const report = await build({ ...options, out: join(folder, out), at: Date.parse(at) });
    const cells = inspect(publishedCatalog(join(folder, out))).cells.map(
      ({ period, campaign, rule, collection }) =>
        `${period}/${campaign} ${rule} ${collection.map(({ banner }) => banner).join("+")}`,
    );
    return { report, cells };
  };
  const before = await built("before", "2026-11-30T23:59:59Z");
  t.strictSame(before.cells, ["1/7 by-clicks 5+6", "1/8 by-clicks 5", "2/7 by-clicks 5", "2/8 default 6"]);
  t.strictSame(before.report.held_back, [{ banner: 90, reason: "not yet", cells: 0, first_cells: [] }]);
  t.strictSame(before.report.defaults_held_back, [9]);

  const after = await built("after", "2026-12-01T00:00:00Z");
  t.strictSame(after.cells, ["1/7 by-clicks 6", "1/8 default 6", "1/9 default 90", "2/8 default 6", "2/9 default 90"]);
  const first_cells = [
    { period: 1, campaign: 7 },
    { period: 1, campaign: 8 },
    { period: 2, campaign: 7 },
  ];
  t.strictSame(after.report.held_back, [{ banner: 5, reason: "over", cells: 3, first_cells }]);
  t.strictSame(after.report.defaults_held_back, []);
  t.equal(after.report.clicks_without_impression, 0);
  t.match(after.report, { cells_by_rule: { "by-clicks": 1, default: 4 }, rows: { read: 11, used: 11 } });
  t.strictSame(
    after.report.files.slice(-2).map(({ file, kind, period, used }) => [file, kind, period, used]),
    [
      ["campaigns.csv", "campaigns", null, 3],
      ["banners/banners.csv", "banners", null, 3],
    ],
  );
  t.strictSame(after.report.unread_files, []);
  const catalog = publishedCatalog(join(folder, "after"));
  t.equal(catalog.altOf(catalog.bannerOf(5)), "Five", "whose image stays, for pages made before");
  t.strictSame(
    [7, 8, 9].map((id) => catalog.nameOf(id)),
    ["Seven", "", "Nine"],
  );
  await built("again", "2027-05-01");
  t.strictSame(filesOf(join(folder, "again")), filesOf(join(folder, "after")), "the moment decides, and is in no file");
  await build({ ...options, out: join(folder, "now") });
  t.ok(existsSync(join(folder, "now/index.bin")), "without one, it is now");
});

await t.test("times without an offset are those of the zone that is named", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), described("5,,,,2026-12-01,\n"));
  const options = { data: join(folder, "data"), banners: join(folder, "data/banners"), out: join(folder, "out") };
  const heldAt = async (at: string, timeZone?: string): Promise<number> =>
    (
      await build({
        ...options,
        onBadRow: "stop",
        accept: ["all"],
        at: Date.parse(at),
        timestamps: { "time-zone": timeZone },
      })
    ).held_back.length;
  t.equal(await heldAt("2026-11-30T18:15:00Z", "Asia/Kathmandu"), 0);
  t.equal(await heldAt("2026-11-30T18:14:59Z", "Asia/Kathmandu"), 1);
  t.equal(await heldAt("2026-11-30T18:15:00Z"), 1, "by default, UTC");
});

await t.test("where every banner is held back, nothing is published; a default that is not is enough", async (t) => {
  const folder = t.testdir();
  const options = { data: join(folder, "data"), banners: join(folder, "data/banners"), onBadRow: "stop" } as const;
  writeFiles(join(folder, "data"), described("5,,,off,,\n6,,,Off,,\n90,,,off,,\n"));
  await t.rejects(build({ ...options, out: join(folder, "out") }), {
    name: "DataError",
    message: `${options.data}: every banner is held back: refusing to publish an empty index`,
  });
  t.notOk(existsSync(join(folder, "out/index.bin")));
  writeFiles(join(folder, "data"), described("5,,,off,,\n6,,,Off,,\n"));
  const { cells_by_rule, held_back } = await build({ ...options, out: join(folder, "out") });
  t.match([cells_by_rule.default, held_back.length], [2, 2]);
});

await t.test("a malformed row of campaigns.csv stops the build", async (t) => {
  const folder = t.testdir();
  writeFiles(join(folder, "data"), described("", "campaign_id,name\n7,Seven\nx,Ten\n"));
  const options = {
    data: join(folder, "data"),
    banners: undefined,
    out: join(folder, "out"),
    onBadRow: "stop",
  } as const;
  const stopped: unknown = await build(options).catch((error: unknown) => error);
  t.match(stopped, { rows: [/data\/campaigns\.csv:3: campaign_id is "x", expected a whole number/] });
});
