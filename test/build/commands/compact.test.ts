import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import t from "tap";
import { billboard, type Finished } from "../../src/billboard.js";
import { filesOf } from "../built-index.js";
import { recordedEvents, recordIn, recordShared } from "../recorded/recorded-events.js";

t.setTimeout(120_000);

const NO_SERVER = { TZ: "UTC" };

function indexOf(records: readonly string[], out: string, ...words: readonly string[]): Buffer {
  const named = records.flatMap((folder) => ["--record", folder]);
  const finished = billboard(["cycle", "--no-reload", "--accept=all", "--out", out, ...named, ...words], NO_SERVER);
  t.equal(finished.status, 0, finished.stderr);
  return readFileSync(join(out, "index.bin"));
}

function compact(records: readonly string[], before: string, ...words: readonly string[]): Finished {
  const named = records.flatMap((folder) => ["--record", folder]);
  return billboard(["compact", "--before", before, ...named, ...words], NO_SERVER);
}

const impressionsIn = (record: string): string[] =>
  readdirSync(record).filter((name) => name.startsWith("impressions"));

const CASES: Readonly<Record<string, readonly [zone: string, start: string, periods: string]>> = {
  "in Kathmandu": ["Asia/Kathmandu", "2026-11-28T00:00:00Z", "4"],
  "in Kathmandu, with half hours": ["Asia/Kathmandu", "2026-11-28T00:00:00Z", "2"],
  "when clocks are put forward": ["Europe/Berlin", "2026-03-28T12:00:00Z", "4"],
  "when clocks are put back": ["Europe/Berlin", "2026-10-24T12:00:00Z", "12"],
};

for (const [name, [zone, start, periods]] of Object.entries(CASES))
  await t.test(`what is compacted, once and again, gives the same index: ${name}`, (t) => {
    const folder = t.testdir();
    const words = ["--time-zone", zone, "--periods", periods];
    const records = recordShared(folder, 3, recordedEvents(start, 36, 2000));
    const [out, from] = [join(folder, "out"), Date.parse(start)];
    const expected = indexOf(records, out, ...words);
    const clicks = readdirSync(records[0]!).filter((name) => !name.startsWith("impressions"));
    for (const hours of [13.4, 24, 100]) {
      const finished = compact(records, new Date(from + hours * 3_600_000).toISOString(), ...words);
      t.equal(finished.status, 0);
      t.equal(finished.stderr, "");
      t.ok(indexOf(records, out, ...words).equals(expected), `before ${hours} hours`);
    }
    for (const record of records) t.equal(impressionsIn(record).length, 1, "one file a folder");
    t.same(
      readdirSync(records[0]!)
        .filter((name) => !name.startsWith("impressions"))
        .sort(),
      [...clicks, ".compaction"].sort(),
    );
    const before = records.map(filesOfFiles);
    t.match(compact(records, "2030-01-01", ...words).stdout, /^(.*: nothing to fold before .*\n){3}$/);
    t.same(records.map(filesOfFiles), before, "and there is nothing more to fold");
    t.end();
  });

function filesOfFiles(record: string): string[] {
  return impressionsIn(record).map((name) => name + readFileSync(join(record, name), "latin1"));
}

await t.test("rows of an occurrence, campaign and banner become one, at the occurrence's first second", (t) => {
  const record = recordIn(join(t.testdir(), "record"), "a".repeat(16), []);
  const file = (name: string, rows: string): void => {
    writeFileSync(join(record, name), `timestamp,campaign_id,banner_id,count,file\n${rows}`);
  };
  // A quarter in Kathmandu begins at each quarter of UTC, and an hour at 15 minutes past.
  file("impressions-1.csv", "2026-11-29T10:29:59Z,1,2,3,\n2026-11-29T10:15:00Z,1,2,4,\n2026-11-29T10:30:00Z,1,2,5,\n");
  file("impressions-2.csv", "2026-11-29T10:14:59Z,1,2,6,\n2026-11-29 10:20:00+00:00,7,2,4294967295,\n");
  file("impressions-3.csv", "2026-11-29T10:21:00Z,7,2,4294967295,\n2026-11-29T10:21:00Z,1,9,1,\n");
  file("impressions-4.csv", "2026-11-29T23:59:59Z,1,2,1,\n2026-11-30T00:00:00Z,1,2,1,\n");
  const kept = readFileSync(join(record, "impressions-4.csv"), "utf8");
  const { status, stdout, stderr } = compact([record], "2026-11-30T00:00:00Z", "--time-zone", "Asia/Kathmandu");
  t.same([status, stderr], [0, ""]);
  t.match(
    stdout,
    /impressions-compact-20261130T000000Z-[0-9a-f]{16}\.csv\.gz: 6 row\(s\) in place of 7 in 3 file\(s\)\n$/,
  );
  t.equal(readFileSync(join(record, "impressions-4.csv"), "utf8"), kept, "a file with one later row stays");
  const [compacted = ""] = impressionsIn(record).filter((name) => name.startsWith("impressions-compact-"));
  t.same(
    gunzipSync(readFileSync(join(record, compacted)))
      .toString()
      .split("\n"),
    [
      "timestamp,campaign_id,banner_id,count,file",
      `2026-11-29T10:00:00Z,1,2,6,${compacted}`,
      "2026-11-29T10:15:00Z,1,2,7,",
      "2026-11-29T10:15:00Z,1,9,1,",
      "2026-11-29T10:15:00Z,7,2,4294967295,",
      "2026-11-29T10:15:00Z,7,2,4294967295,",
      "2026-11-29T10:30:00Z,1,2,5,",
      "",
    ],
  );
  t.end();
});

await t.test("files that a build would not read, or not count, are left alone and named", (t) => {
  const folder = t.testdir();
  const record = recordIn(join(folder, "record"), "a".repeat(16), []);
  const other = join(folder, "other");
  mkdirSync(other);
  const rows = "timestamp,campaign_id,banner_id,count,file\n2026-11-01T00:00:00Z,1,2,1,\n";
  const files: Readonly<Record<string, string>> = {
    "impressions-good.csv": `${rows}2026-11-01T00:00:01Z,1,2,1,\n`,
    "impressions-malformed.csv": `${rows}2026-11-01T00:00:00Z,1,zwei,1,\n`,
    "impressions-no-time.csv": "campaign_id,banner_id\n1,2\n",
    "impressions-torn.csv.gz": "no gzip",
    "impressions-early.csv": "timestamp,campaign_id,banner_id\n1969-12-31T23:00:00Z,1,2\n",
    "impressions-sheet.xlsx": "",
    "impressions-twice.csv": `${rows}2026-11-01T00:00:02Z,1,2,1,\n`,
    "impressions-same-1.csv": `${rows}2026-11-01T00:00:03Z,1,2,1,\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(record, name), text);
  copyFileSync(join(record, "impressions-same-1.csv"), join(other, "impressions-same-2.csv"));
  writeFileSync(join(other, "impressions-twice.csv.gz"), "");
  const before = impressionsIn(record).filter((name) => name !== "impressions-good.csv");
  const { status, stdout, stderr } = compact([record, other], "2026-11-30", "--time-zone", "UTC");
  t.equal(status, 0);
  t.match(
    stdout,
    /1 row\(s\) in place of 2 in 1 file\(s\)\n.*other: nothing to fold before 2026-11-30T00:00:00.000Z\n$/,
  );
  const after = impressionsIn(record).filter((name) => !name.startsWith("impressions-compact-"));
  t.same(after, before);
  t.same(impressionsIn(other).length, 2);
  const told = stderr.replaceAll(`${folder}/`, "").trimEnd().split("\n").sort();
  const expected: readonly RegExp[] = [
    /^other\/impressions-same-2\.csv: left alone: another file has the same bytes, which count once$/,
    /^other\/impressions-twice\.csv\.gz: left alone: record\/impressions-twice\.csv has the same name/,
    /^record\/impressions-early\.csv: left alone: has times before 1970 or after 2106$/,
    /^record\/impressions-malformed\.csv: left alone: line 3: banner_id is "zwei", expected a whole number/,
    /^record\/impressions-no-time\.csv: left alone: .*column timestamp is missing/,
    /^record\/impressions-same-1\.csv: left alone: another file has the same bytes, which count once$/,
    /^record\/impressions-sheet\.xlsx: left alone: is named as impressions, but not \.csv/,
    /^record\/impressions-torn\.csv\.gz: left alone: is no whole gzip file/,
    /^record\/impressions-twice\.csv: left alone: other\/impressions-twice\.csv\.gz has the same name/,
  ];
  t.match(told, expected);
  t.equal(told.length, expected.length);
  t.end();
});

await t.test("wrong usage, and folders that are not there, are one line", (t) => {
  const folder = t.testdir({ record: {} });
  const record = join(folder, "record");
  const cases: readonly (readonly [words: readonly string[], status: number, message: RegExp])[] = [
    [["--record", record], 2, /--before: missing/],
    [["--before", "2026-11-30"], 2, /--record: missing/],
    [["--before", "yesterday", "--record", record], 2, /--before: got "yesterday", expected a date/],
    [["--before", "2026-11-30", "--record", record, "--record", `${folder}/./record`], 2, /is given twice/],
    [["--before", "2026-11-30", "--record", join(folder, "gone")], 1, /gone.*ENOENT/],
  ];
  for (const [words, expected, message] of cases) {
    const { status, stdout, stderr } = billboard(["compact", ...words], NO_SERVER);
    t.same([status, stdout], [expected, ""]);
    t.match(stderr, message);
    t.match(stderr, /^billboard compact: [^\n]*\n$/);
  }
  t.same(filesOf(folder.concat("/record")), {});
  t.same(readdirSync(folder), ["record"], "no folder is made");
  t.end();
});
