import { existsSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import t, { type Test } from "tap";
import { buildIndex, type Finished } from "../commands.js";
import { filesOf } from "../built-index.js";
import { dataFolder, statisticsCsv } from "../data-folder.js";

const EVENTS = dataFolder(
  {
    impressions: ["1,7", "1,7", "2,7"],
    clicks: ["1,1,7", "2,1,7", "1,1,7"],
    conversions: ["1,1,2.5", "2,2,-0.000001", "3,3,4"],
  },
  { impressions: ["1,7"], clicks: ["3,1,7"], conversions: [] },
);

/** All that is true of EVENTS: click 1 comes twice, and the conversion of click 3 counts in period 2. */
const TRUE = [
  "kind,period,row_count,impressions,clicks,conversions,revenue",
  ",1,9,3,2,2,2.499999",
  ",2,2,1,1,1,4",
  ",,11,4,3,3,6.499999",
  "impressions,1,3,,,,",
  "clicks,1,3,,,,",
  "conversions,,3,,,,",
  "conversions,2,0,,,,",
  "statistics,,0,,,,",
];

interface Folder {
  readonly build: (...options: string[]) => Finished;
  readonly expecting: (lines: readonly string[], ...options: string[]) => Finished;
  readonly file: string;
  readonly out: string;
}

function folderOf(t: Test, data: Parameters<Test["testdir"]>[0], ...always: string[]): Folder {
  const folder = t.testdir({ data: data ?? {} });
  const [file, out] = [join(folder, "expected.csv"), join(folder, "out")];
  const build = (...options: string[]): Finished =>
    buildIndex(["--data", join(folder, "data"), "--out", out, ...always, ...options]);
  const expecting = (lines: readonly string[], ...options: string[]): Finished => {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
    return build("--expect", file, ...options);
  };
  return { build, expecting, file, out };
}

await t.test("data that are as expected are published, and summary and report say so", (t) => {
  const { expecting, out } = folderOf(t, EVENTS);
  const { status, stdout, stderr } = expecting(TRUE);
  t.same([status, stderr], [0, ""]);
  t.match(stdout, /^expected +20 figures of expected\.csv: all as expected$/m);
  const { expected } = JSON.parse(filesOf(out)["report.json"]!) as { expected: { sha256: string } };
  t.match(expected, { file: "expected.csv", figures: 20, sha256: /^[0-9a-f]{64}$/ });
  t.end();
});

/** A figure of TRUE that is another, by line and column, and what is told of it. */
const WRONG: readonly (readonly [line: number, column: number, value: string, told: string])[] = [
  [1, 2, "10", "row_count of all kinds in period 1 is 9, expected 10"],
  [1, 3, "2", "impressions of all kinds in period 1 is 3, expected 2"],
  [1, 4, "3", "clicks of all kinds in period 1 is 2, expected 3"],
  [2, 5, "0", "conversions of all kinds in period 2 is 1, expected 0"],
  [1, 6, "2.5", "revenue of all kinds in period 1 is 2.499999, expected 2.500000"],
  [3, 6, "-99999999999999.5", "revenue of all kinds in all periods is 6.499999, expected −99,999,999,999,999.500000"],
  [4, 2, "1234", "row_count of impressions in period 1 is 3, expected 1,234"],
  [6, 2, "2", "row_count of conversions in all periods is 3, expected 2"],
  [8, 2, "1", "row_count of statistics in all periods is 0, expected 1"],
];

await t.test("each figure that differs stops the build in a line, and passes with --accept expected", (t) => {
  const { build, expecting, out } = folderOf(t, EVENTS);
  build();
  const published = filesOf(out);
  const lineOf = (line: number, told: string): string =>
    `expected: ${told} (expected.csv:${line + 1}): export and copy the data anew, or let it pass with --accept expected\n`;
  const end =
    "billboard build: 1 check failed, nothing is published: correct the data, or publish all the same with --accept expected\n";
  const withWrong = (wrong: typeof WRONG): string[] =>
    TRUE.map((text, at) => {
      const fields = text.split(",");
      for (const [line, column, value] of wrong) if (line === at) fields[column] = value;
      return fields.join(",");
    });
  for (const wrong of WRONG) {
    const [line, , , told] = wrong;
    const { status, stderr } = expecting(withWrong([wrong]), "--dry-run");
    t.same([status, stderr], [1, lineOf(line, told) + end]);
  }
  const some = [WRONG[0]!, WRONG[3]!, WRONG[6]!];
  const { status, stdout, stderr } = expecting(withWrong(some));
  t.same([status, stderr], [1, some.map(([line, , , told]) => lineOf(line, told)).join("") + end]);
  t.match(stdout, /^expected +20 figures of expected\.csv: 3 not as expected$/m);
  const {
    "report.refused.json": json,
    "report.refused.html": page,
    "rejects.refused.csv": rejects,
    ...rest
  } = filesOf(out);
  t.same(rest, published, "what is published stays as it is");
  t.ok(
    page?.includes("row_count of impressions in period 1 is 3, expected 1,234") && rejects?.startsWith("file,line,"),
  );
  t.match(JSON.parse(json!), {
    findings: [...some.map(() => ({ name: "expected", accepted: false }))],
  });

  t.match(expecting(withWrong(some), "--accept", "periods,orphans"), { status: 1 }, "others do not help");
  const accepted = expecting(withWrong(some), "--accept", "expected");
  t.same([accepted.status, accepted.stderr], [0, ""]);
  t.match(accepted.stdout, /^accepted +expected: row_count of all kinds in period 1 is 9, expected 10 /m);
  t.notOk(Object.keys(filesOf(out)).some((name) => name.includes("refused")));
  t.end();
});

await t.test("a file of statistics that was cut off, and one that came twice, are noticed", (t) => {
  const rows = ["7,1,9,3,1,2.5", "7,2,9,3,1,2.5"];
  const expected = ["period;Row Count;Revenue", "1;2;5,00", ";2;5"];
  const whole = folderOf(t, { 1: { "statistics.csv": statisticsCsv(...rows) } });
  t.match(whole.expecting(expected), { status: 0, stderr: "" });
  const cut = folderOf(t, { 1: { "statistics.csv": statisticsCsv(rows[0]!) } });
  t.match(cut.expecting(expected), { status: 1, stderr: /row_count of all kinds in period 1 is 1, expected 2 / });
  const copy = { "statistics_1.csv": statisticsCsv(...rows), "statistics_2.csv": statisticsCsv(...rows) };
  const { stderr } = folderOf(t, { 1: copy }).expecting(expected);
  t.same(stderr.match(/\w+ of all kinds in \w+ \w+ is [\d.]+/g), [
    "row_count of all kinds in period 1 is 4",
    "row_count of all kinds in all periods is 4",
  ]);
  t.end();
});

await t.test("of data with timestamps, rows and sums are those of the window", (t) => {
  const clicks = ["2026-11-28T10:00:00Z,1,1,7", "2026-11-28T10:20:00Z,2,1,7", "2026-11-29T10:00:00Z,3,1,7"];
  const data = { "clicks.csv": ["timestamp,click_id,banner_id,campaign_id", ...clicks, ""].join("\n") };
  const { expecting } = folderOf(t, data, "--time-zone", "UTC", "--to", "2026-11-29");
  t.match(expecting(["kind,period,row_count,clicks", ",1,,1", ",2,,1", ",3,,0", "clicks,,2,"]), {
    status: 0,
    stderr: "",
  });
  t.match(expecting(["row_count,clicks", "3,2"]), {
    status: 1,
    stderr: /^expected: row_count of all kinds in all periods is 2, expected 3 /,
  });
  t.match(expecting(["period,row_count", "1,1"]), {
    status: 1,
    stderr:
      /expected\.csv:2: row_count is expected of a period, and files with timestamps are of none: expect it in a row without a period\n$/,
  });
  t.end();
});

await t.test("banners that are held back count, since they were handed over", (t) => {
  const banners = { "banners.csv": "banner_id,alt,link,status\n2,,,off\n" };
  const { expecting } = folderOf(t, { ...EVENTS, banners });
  t.match(expecting(TRUE), { status: 0, stderr: "", stdout: /^note +banners that are held back: 2 /m });
  t.end();
});

await t.test("the file is read in any dialect, and packed", (t) => {
  const { build, file } = folderOf(t, EVENTS);
  const text = ["sep=;", "Revenue;PERIOD", '"6,499999";', " +2,499999 ; 1", ""].join("\r\n");
  const packed = `${file}.gz`;
  // UTF-16 with a byte order mark, as spreadsheets write it.
  writeFileSync(packed, gzipSync(Buffer.from(`\uFEFF${text}`, "utf16le")));
  t.match(build("--expect", packed), {
    status: 0,
    stderr: "",
    stdout: /^expected +2 figures of expected\.csv\.gz: all/m,
  });
  t.end();
});

/** What is wrong with a file, and the line that says so, behind the path. */
const BROKEN: Readonly<Record<string, readonly [lines: readonly string[], told: string]>> = {
  "a period that is not there": [
    ["period,clicks", "1,2", "3,1"],
    ':3: period is "3", expected one of 1 to 2, which the data have, or nothing for all together',
  ],
  "a period that is none": [
    ["period,clicks", "01,2"],
    ':2: period is "01", expected one of 1 to 2, which the data have, or nothing for all together',
  ],
  "a kind that is none": [
    ["kind,row_count", "click,2"],
    ':2: kind is "click", expected one of impressions, clicks, conversions, statistics, or nothing for all together',
  ],
  "a repeated row": [
    ["period,clicks", "1,2", "2,1", "1,2"],
    ":4: expects for all kinds in period 1 what line 2 does: expected one row for it",
  ],
  "a count that is none": [
    ["period,clicks", "1,2.0"],
    ':2: clicks is "2.0", expected a whole number of at most 15 digits without leading zeros',
  ],
  "revenue that is none": [
    ["period,revenue", "1,2.4999991"],
    ':2: revenue is "2.4999991", expected a decimal number of at most six decimals: round it to six decimals',
  ],
  "a sum of a kind": [
    ["kind,period,clicks", "clicks,1,2"],
    ":2: clicks is expected of clicks, and sums are of all kinds together: expect it in a row without a kind",
  ],
  "a row that checks nothing": [
    ["period,clicks,revenue", "1,,"],
    ":2: expects nothing: fill row_count, impressions, clicks, conversions, revenue, or leave the row out",
  ],
  "a row of too few fields": [["period,clicks", "1"], ":2: 1 field(s), expected 2 as in the header row"],
  "a column that is not known": [
    ["period,click", "1,2"],
    ': column "click" is none of kind, period, row_count, impressions, clicks, conversions, revenue: ' +
      "name it as one of them, or leave it out",
  ],
  "a column that is there twice": [
    ["period,clicks,clicks", "1,2,2"],
    ': column "period,clicks,clicks" is none of kind, period, row_count, ',
  ],
  "no row": [["period,clicks"], ": expects nothing: expected a row for each period"],
  nothing: [[], ":1: the file is empty: a header row is required"],
};

await t.test("a file that is not understood is one line, whatever is accepted", (t) => {
  const { expecting, file, out } = folderOf(t, EVENTS, "--accept", "all", "--on-bad-row", "reject");
  for (const [what, [lines, told]] of Object.entries(BROKEN)) {
    const { status, stdout, stderr } = expecting(lines);
    t.same([status, stdout], [1, ""], what);
    t.ok(stderr.startsWith(`billboard build: ${file}${told}`), `${what}: ${stderr}`);
    t.equal(stderr.indexOf("\n"), stderr.length - 1, what);
  }
  t.notOk(existsSync(out), "nothing was begun");
  t.end();
});

await t.test("a file that is not there is one line", (t) => {
  const { build, file } = folderOf(t, EVENTS);
  t.match(build("--expect", file), { status: 1, stderr: new RegExp(`^billboard build: ${file}: ENOENT: .*\\n$`) });
  t.end();
});
