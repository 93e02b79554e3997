import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { DataError } from "../../../build/read/data-error.js";
import { findFiles, requireReadable } from "../../../build/read/find.js";
import { clicksCsv, conversionsCsv, dataFolder, impressionsCsv, periodFolder } from "../data-folder.js";

/** The refusal of a folder, which is itself left out of it. */
async function refusalOf(t: Test, content: Parameters<Test["testdir"]>[0]): Promise<string> {
  const folder = t.testdir(content);
  const error: unknown = await findFiles(folder).catch((error: unknown) => error);
  if (!(error instanceof DataError)) throw new Error("the folder was not refused", { cause: error });
  return error.message.replaceAll(folder, "data");
}

/** As many period folders, each with one file. */
function periods(...names: readonly string[]): Record<string, Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, { "clicks_1.csv": clicksCsv(`${name},1,1`) }]));
}

await t.test("files are in order of kind, then period, then name, however they were made", async (t) => {
  const folder = t.testdir();
  const names = [
    ...["conversions_2.csv", "clicks_1_late.csv", "impressions_1.csv", "clicks_1.csv", "clicks_10.csv"],
    ...["clicks_1-b.csv", "impressions.csv", "clicks_2.csv", "clicksÄ.csv", "clicks_B.csv", "clicks_a.csv"],
    ...["clicks_Ａ.csv", "clicks_😀.csv"],
  ];
  for (const period of ["2", "1"]) {
    mkdirSync(join(folder, period));
    for (const name of names) writeFileSync(join(folder, period, name), `${period}/${name}`);
  }
  const data = await findFiles(folder);
  const inPeriod = (period: number, of: readonly string[]): string[] => of.map((name) => `${period}/${name}`);
  const clicks = [
    ...["clicks_1-b.csv", "clicks_1.csv", "clicks_10.csv", "clicks_1_late.csv", "clicks_2.csv"],
    ...["clicks_B.csv", "clicks_a.csv", "clicks_😀.csv", "clicks_Ａ.csv", "clicksÄ.csv"],
  ];
  t.strictSame(
    data.files.map(({ name }) => name),
    [
      ...[1, 2].flatMap((period) => inPeriod(period, ["impressions.csv", "impressions_1.csv"])),
      ...[1, 2].flatMap((period) => inPeriod(period, clicks)),
      ...[1, 2].flatMap((period) => inPeriod(period, ["conversions_2.csv"])),
    ],
  );
  t.equal(data.periods, 2);
});

await t.test("a file is told with its kind, period, place, size and time", async (t) => {
  const text = clicksCsv("1,2,3");
  const folder = t.testdir({ ...dataFolder({ impressions: ["1,2"] }), 2: { "clicks_x.csv": text } });
  const { files } = await findFiles(folder);
  t.strictSame(files[1], {
    kind: "clicks",
    period: 2,
    name: "2/clicks_x.csv",
    path: join(folder, "2", "clicks_x.csv"),
    bytes: text.length,
    modified: statSync(join(folder, "2", "clicks_x.csv")).mtimeMs,
  });
});

await t.test("files of other names are told as not read, but for hidden ones", async (t) => {
  const folder = t.testdir({
    1: {
      "impressions_1.csv": impressionsCsv("1,2"),
      "my_clicks_1.csv": "",
      "notes.md": "",
      "banners.csv": "",
      ".clicks_1.csv.swp": "",
      ".DS_Store": "",
    },
    "notes.txt": "",
    "4-old": {},
    ".clicks": {},
    ".git": {},
    // Read by others.
    "campaigns.csv": "",
    "placements.csv": "",
    "placements.csv.bak": "",
    "placements_old.csv": "",
    banners: {},
  });
  const { files, unreadable, ignored, missing } = await findFiles(folder);
  t.strictSame(
    files.map(({ name }) => name),
    ["1/impressions_1.csv"],
  );
  t.strictSame(unreadable, []);
  t.strictSame(ignored, [
    "4-old",
    "notes.txt",
    "placements.csv.bak",
    "placements_old.csv",
    "1/banners.csv",
    "1/my_clicks_1.csv",
    "1/notes.md",
  ]);
  t.strictSame(missing, ["1/clicks", "1/conversions"]);
});

await t.test("a list is the one of its name, in letters of any case, packed or not, and there once", async (t) => {
  const period = (): Record<string, string> => ({ "impressions_1.csv": impressionsCsv("1,2") });
  const folder = t.testdir({
    plain: { 1: period(), "Campaigns.CSV": "", "placements.tsv.gz": "" },
    timed: { ...period(), "placements.csv": "" },
    twice: { 1: period(), "placements.csv": "", "placements.csv.gz": "" },
  });
  const plain = join(folder, "plain");
  const { lists, ignored } = await findFiles(plain);
  t.strictSame(lists, {
    campaigns: { path: join(plain, "Campaigns.CSV"), name: "Campaigns.CSV" },
    placements: { path: join(plain, "placements.tsv.gz"), name: "placements.tsv.gz" },
  });
  t.strictSame(ignored, []);
  const timed = await findFiles(join(folder, "timed"));
  t.strictSame([Object.keys(timed.lists), timed.ignored], [["placements"], []]);
  await t.rejects(findFiles(join(folder, "twice")), {
    message: `${join(folder, "twice")}: has placements.csv and placements.csv.gz: keep one of them`,
  });
});

await t.test("a file is of the kind that its name starts with, in letters of any case, packed or not", async (t) => {
  const names = ["CLICKS.TSV", "Clicks_1.csv", "clicks_1.CSV", "clicks_2.csv.gz", "clicks_3.Tsv.GZ", "clicksÄ.tsv"];
  const folder = t.testdir({ 1: Object.fromEntries(names.map((name) => [name, clicksCsv("1,2,3")])) });
  const { files, unreadable } = await findFiles(folder);
  t.strictSame(
    files.map(({ name, kind }) => [name, kind]),
    names.map((name) => [`1/${name}`, "clicks"]),
  );
  t.strictSame(unreadable, []);
});

await t.test("what is named as a kind and cannot be read as one is told with what to do", async (t) => {
  const rename = (kind: string): string => `rename it so that it does not begin with "${kind}"`;
  const error = (kind: string): string =>
    `is named as ${kind}, but not .csv or .tsv, with or without .gz or .zst behind it: `;
  const remedies: [name: string, kind: string, remedy: string][] = [
    ["Clicks", "clicks", "where it is CSV, let its name say so, or "],
    ["clicks_1.csv.bak", "clicks", ""],
    ["clicks_1.csv.zip", "clicks", "unpack it, or pack it with gzip, or "],
    ["clicks_1.txt", "clicks", "where it is CSV, let its name say so, or "],
    ["clicks_1.xlsx", "clicks", "save it as CSV, or "],
    ["clickstream.parquet", "clicks", "export it as CSV, or "],
    ["conversions", "conversions", "where it is CSV, let its name say so, or "],
    ["statistics.csv.gz.gz", "statistics", "where it is CSV, let its name say so, or "],
  ];
  const folder = t.testdir({
    1: { "impressions.csv": "", ...Object.fromEntries(remedies.map(([name]) => [name, ""])) },
    "impressions_1.csv": "",
    Clicks: {},
  });
  const found = await findFiles(folder);
  t.strictSame(found.unreadable, [
    ...["Clicks", "impressions_1.csv"].map((name) => ({
      path: join(folder, name),
      reason: `is named as ${name === "Clicks" ? "clicks" : "impressions"}, beside the period folders: move it into one of them`,
    })),
    ...remedies.map(([name, kind, remedy]) => ({
      path: join(folder, "1", name),
      reason: error(kind) + remedy + rename(kind),
    })),
  ]);
  t.throws(
    () => {
      requireReadable(found);
    },
    new DataError(`${found.unreadable[0]!.path}: ${found.unreadable[0]!.reason}`),
  );
  t.doesNotThrow(() => {
    requireReadable({ ...found, unreadable: [] });
  });
});

await t.test("a file that is there packed and not packed is refused, since each row would count twice", async (t) => {
  t.equal(
    await refusalOf(t, { 1: { "impressions_1.csv": "", "impressions_1.csv.gz": "" } }),
    "data/1: has impressions_1.csv and impressions_1.csv.gz: keep one of them, or name them apart",
  );
});

await t.test("kinds that a period has no file of are told, period by period", async (t) => {
  const folder = t.testdir({
    1: { "impressions_1.csv": impressionsCsv(), "clicks.csv": clicksCsv(), "conversions.csv": conversionsCsv() },
    2: { "conversions.csv": "x" },
    3: { "impressions.csv": "x", "conversions.csv": "y" },
  });
  t.strictSame((await findFiles(folder)).missing, ["2/impressions", "2/clicks", "3/clicks"]);
});

await t.test("folders that are no numbers are no periods", async (t) => {
  const folder = t.testdir({ ...periods("1", "2"), banners: {}, "3-old": {}, "-1": {}, "4.5": {}, "5": "a file" });
  t.equal((await findFiles(folder)).periods, 2);
});

await t.test("every number of periods that divides the hour is taken, and no other", async (t) => {
  for (let count = 1; count <= 31; count++) {
    const content = periods(...Array.from({ length: count }, (_, at) => String(at + 1)));
    if ([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].includes(count))
      t.equal((await findFiles(t.testdir(content))).periods, count);
    else
      t.equal(
        await refusalOf(t, content),
        `data: ${count} period folders: their number must divide 60, the minutes of an hour`,
      );
  }
});

await t.test("a gap in the periods is refused with the folders that are there", async (t) => {
  t.equal(
    await refusalOf(t, periods("1", "2", "4", "10")),
    "data: folders 1, 2, 4, 10 where periods 1 to 4 were expected: number them from 1 without gaps",
  );
  t.equal(
    await refusalOf(t, periods("2")),
    "data: folders 2 where periods 1 to 1 were expected: number them from 1 without gaps",
  );
  t.match(await refusalOf(t, periods("0", "1")), "data: folders 0, 1 where periods 1 to 2 were expected");
  t.match(await refusalOf(t, periods("01", "02")), "data: folders 01, 02 where periods 1 to 2 were expected");
});

await t.test("a folder without period folders, or that is not there, is refused", async (t) => {
  t.equal(
    await refusalOf(t, {}),
    "data: no period folders 1, 2, …, and no files impressions*.csv, clicks*.csv, conversions*.csv: name the data folder with --data",
  );
  t.equal(
    await refusalOf(t, { banners: {}, "1": "a file" }),
    "data: no period folders 1, 2, …, and no files impressions*.csv, clicks*.csv, conversions*.csv: name the data folder with --data",
  );
  const missing = join(t.testdir(), "none");
  await t.rejects(findFiles(missing), {
    name: "DataError",
    message: `${missing}: cannot be read: name the data folder with --data`,
  });
});

await t.test("a period without any file of events is refused", async (t) => {
  t.equal(
    await refusalOf(t, { ...periods("1"), 2: { "notes.md": "", ".clicks.csv": "" } }),
    "data/2: no files impressions*.csv, clicks*.csv, conversions*.csv: put the period's events there",
  );
});

await t.test("a period folder may be a link to one, and counts", async (t) => {
  const folder = t.testdir({
    elsewhere: periodFolder({ impressions: ["3,4"] }),
    data: dataFolder({ impressions: ["1,2"] }),
  });
  symlinkSync(join(folder, "elsewhere"), join(folder, "data/2"));
  const { periods, files } = await findFiles(join(folder, "data"));
  t.equal(periods, 2);
  t.ok(files.some(({ period, kind }) => period === 2 && kind === "impressions"));
});

await t.test("a folder that is named as a file of events is refused", async (t) => {
  const folder = t.testdir({ ...dataFolder({ impressions: ["1,2"] }), 2: { "clicks_2.csv": {} } });
  await t.rejects(findFiles(folder), {
    name: "FileError",
    message: /2\/clicks_2\.csv: is a folder, expected a file: move it away/,
  });
});

await t.test(
  "where there are no period folders, the files in the data folder itself have the time in each row",
  async (t) => {
    const data = {
      "conversions.csv": "x",
      "Clicks_b.tsv": "x",
      "clicks_a.csv.gz": "x",
      "impressions.xlsx": "x",
      "notes.md": "x",
      banners: {},
    };
    const { periods, files, unreadable, ignored, missing } = await findFiles(t.testdir(data));
    t.equal(periods, undefined);
    t.strictSame(
      files.map(({ kind, period, name }) => [kind, period, name]),
      [
        ["clicks", undefined, "Clicks_b.tsv"],
        ["clicks", undefined, "clicks_a.csv.gz"],
        ["conversions", undefined, "conversions.csv"],
      ],
    );
    t.match(unreadable, [{ reason: /save it as CSV/ }]);
    t.strictSame(ignored, ["notes.md"]);
    t.strictSame(missing, ["impressions"]);
  },
);

await t.test("statistics have no time, and are refused outside of period folders", async (t) => {
  t.match(
    await refusalOf(t, { "statistics.csv": "x" }),
    /statistics\.csv: statistics have no time that tells their period/,
  );
});
