import * as fs from "node:fs";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { build } from "../../../build/stages.js";
import { writeStatistics } from "../../../build/write/statistics.js";
import { inspect, type InspectedCell } from "../../../src/index/inspect.js";
import { range, smallCatalog } from "../../src/small-index.js";
import { filesOf, publishedCatalog } from "../built-index.js";
import { dataFolder, periodFolder, statisticsCsv } from "../data-folder.js";
import { readText } from "../read/recorded-rows.js";

const OPTIONS = { banners: undefined, onBadRow: "reject" } as const;

/** The cells of an index built from one period's statistics, and the rejects. */
async function built(t: Test, ...rows: string[]): Promise<{ cells: readonly InspectedCell[]; rejects: string[] }> {
  const folder = t.testdir({ data: { 1: { "statistics_1.csv": statisticsCsv(...rows) } } });
  const out = join(folder, "out");
  const { files } = await build({ ...OPTIONS, data: join(folder, "data"), out, accept: ["rejected"] });
  t.equal(files[0]?.read, rows.length);
  const rejects = readFileSync(join(out, "rejects.csv"), "utf8").split("\n").slice(1, -1);
  return { cells: inspect(publishedCatalog(out)).cells, rejects };
}

await t.test("statistics are counted as they are", async (t) => {
  const { cells, rejects } = await built(t, "7,371,9,4,3,-2.518264", "7,372,4294967295,0,0,0");
  t.strictSame(rejects, []);
  t.strictSame(cells[0]?.collection, [
    { banner: 371, revenue: "-2.518264", conversions: 3, clicks: 4, impressions: 9, by: "revenue" },
    { banner: 372, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 4294967295, by: "pool" },
  ]);
});

await t.test("a banner of which nothing is told but zeros is in no cell", async (t) => {
  const { cells, rejects } = await built(t, "7,371,1,0,0,0.000000", "7,372,0,0,0,0", "8,371,0,0,0,-0");
  t.strictSame(rejects, []);
  t.strictSame(
    cells.map(({ campaign, collection }) => [campaign, collection.map(({ banner }) => banner)]),
    [[7, [371]]],
  );
});

await t.test("data of nothing but zeros are refused, and take no campaign off", async (t) => {
  await t.rejects(built(t, "7,371,0,0,0,0"), {
    name: "DataError",
    message: /: no usable rows: refusing to publish an empty index$/,
  });
});

await t.test("of two rows for the same banner of a cell the first counts", async (t) => {
  const { cells, rejects } = await built(
    t,
    "7,371,9,4,3,1.5",
    "7,371,9,4,3,1.500000",
    "7,371,9,4,3,1.6",
    "8,371,1,0,0,0",
  );
  t.strictSame(cells[0]?.collection[0]?.revenue, "1.500000");
  t.strictSame(rejects, [
    "1/statistics_1.csv,3,duplicate,banner_id 371 of campaign_id 7 came before with the same content,1/statistics_1.csv,2",
    "1/statistics_1.csv,4,conflict,banner_id 371 of campaign_id 7 came before with other content,1/statistics_1.csv,2",
  ]);
});

await t.test("the same banner in another period is no repeat, and a period may have events instead", async (t) => {
  const folder = t.testdir({
    data: {
      1: { "statistics_1.csv": statisticsCsv("7,371,1,1,1,5"), "statistics_2.csv": statisticsCsv("7,372,1,1,1,4") },
      2: { "statistics.csv": statisticsCsv("7,371,1,1,1,5", "8,1,1,0,0,0") },
      3: periodFolder({ impressions: ["371,7"], clicks: ["1,371,7"], conversions: ["1,1,6"] }),
    },
  });
  const out = join(folder, "out");
  const { rows, missing_kinds } = await build({ ...OPTIONS, data: join(folder, "data"), out });
  t.strictSame([rows.read, rows.used], [7, 7]);
  t.strictSame(missing_kinds, [], "statistics stand for all three kinds");
  t.strictSame(
    inspect(publishedCatalog(out), { campaign: 7 }).cells.map(({ period, collection }) => [
      period,
      ...collection.map(({ banner, revenue }) => `${banner} ${revenue}`),
    ]),
    [
      [1, "371 5.000000", "372 4.000000"],
      [2, "371 5.000000"],
      [3, "371 6.000000"],
    ],
  );
});

await t.test("statistics that no events could add up to are refused", async (t) => {
  const count = (name: string, text: string): string =>
    `malformed: ${name} is "${text}", expected a whole number from 0 to 4294967295 without leading zeros`;
  const bad: [row: string, fault: string][] = [
    ["7,371,9,0,1,1", "malformed: 1 conversion(s) without a click, expected clicks"],
    ["7,371,9,1,0,0.000001", 'malformed: revenue is "0.000001" without a conversion, expected 0'],
    ["7,371,-1,0,0,0", count("impressions", "-1")],
    ["7,371,,0,0,0", count("impressions", "")],
    ["7,371,1,4294967296,0,0", count("clicks", "4294967296")],
    ["7,371,1,1,01,0", count("conversions", "01")],
    [
      "7,371,1,1,1,1e3",
      'malformed: revenue is "1e3", expected a decimal number of at most six decimals: write it without an exponent',
    ],
    [
      "0,371,1,1,1,1",
      'malformed: campaign_id is "0", expected a whole number from 1 to 4294967295 without leading zeros',
    ],
    ["7,x,1,1,1,1", 'malformed: banner_id is "x", expected a whole number from 1 to 4294967295 without leading zeros'],
  ];
  const { rows } = await readText(t, "statistics", statisticsCsv(...bad.map(([row]) => row)));
  t.strictSame(
    rows,
    bad.map(([, fault], at) => `${at + 2}: ${fault}`),
  );
});

await t.test("the columns may come in any order, with others between them", async (t) => {
  const text = "revenue,conversions,note,clicks,impressions,banner_id,campaign_id\n1.5,2,x,3,4,371,7\n";
  t.strictSame(await readText(t, "statistics", text), {
    rows: ["2: 371 in 7: 4/3/2 for 1500000 millionths"],
    read: 1,
    unknownColumns: ["note"],
  });
});

await t.test("a folder with statistics and events is refused, with a file of each", async (t) => {
  const folder = t.testdir({
    1: { "statistics_1.csv": statisticsCsv("7,371,1,0,0,0"), "clicks_1.csv": "click_id,banner_id,campaign_id\n" },
  });
  await t.rejects(build({ ...OPTIONS, data: folder, out: join(folder, "out") }), {
    name: "DataError",
    message:
      `${join(folder, "1")}: has statistics_1.csv and clicks_1.csv: ` +
      "keep the statistics of a period or its events, not both",
  });
});

await t.test("an index that was built from events is built from its statistics again, byte for byte", async (t) => {
  const folder = t.testdir({
    events: dataFolder(
      {
        impressions: ["371,7", "371,7", "9,7"],
        clicks: ["1,371,7", "2,5,8"],
        conversions: ["1,1,9223372036854.775807", "2,2,-1"],
      },
      // A period in which nothing happened.
      { impressions: [] },
      { impressions: ["4294967295,4294967295"] },
    ),
    "has something": { file: "" },
  });
  const at = (name: string): string => join(folder, name);
  await build({ ...OPTIONS, data: at("events"), out: at("first") });
  const { index } = publishedCatalog(at("first"));
  t.equal(await writeStatistics(index, at("statistics")), 4);
  t.strictSame(
    [1, 2, 3].map((period) => filesOf(at(`statistics/${period}`))),
    [
      {
        "statistics_1.csv": statisticsCsv(
          "7,371,2,1,1,9223372036854.775807",
          "7,9,1,0,0,0.000000",
          "8,5,0,1,1,-1.000000",
        ),
      },
      { "statistics_2.csv": statisticsCsv() },
      { "statistics_3.csv": statisticsCsv("4294967295,4294967295,1,0,0,0.000000") },
    ],
  );
  await build({ ...OPTIONS, data: at("statistics"), out: at("second") });
  t.equal(filesOf(at("second"))["index.bin"], filesOf(at("first"))["index.bin"]);
  await t.rejects(writeStatistics(index, at("has something")), {
    name: "DataError",
    message: `${at("has something")}: contains file: name a new or an empty folder with --out`,
  });
  t.strictSame(filesOf(at("has something")), { file: "" });
});

await t.test("an export that fails leaves no part of it", async (t) => {
  const folder = t.testdir({ events: dataFolder({ impressions: ["371,7"] }), taken: "a file" });
  await build({ ...OPTIONS, data: join(folder, "events"), out: join(folder, "out") });
  const { index } = publishedCatalog(join(folder, "out"));
  await t.rejects(writeStatistics(index, join(folder, "taken")), {
    message: /taken: is a file, expected a folder, or nothing: /,
  });
  writeFileSync(join(folder, "blocked"), "");
  await t.rejects(writeStatistics(index, join(folder, "blocked", "deeper")));
  t.strictSame(readdirSync(folder).sort(), ["blocked", "events", "out", "taken"]);
});

await t.test("what is held before it is written is bounded, also in a cell of many banners", async (t) => {
  const lengths: number[] = [];
  const { writeStatistics: watched } = await t.mockImport<typeof import("../../../build/write/statistics.js")>(
    import.meta.resolve("../../../build/write/statistics.js"),
    {
      "node:fs": {
        ...fs,
        createWriteStream: (file: string) => {
          const stream = fs.createWriteStream(file);
          const write = stream.write.bind(stream) as (chunk: string) => boolean;
          return Object.assign(stream, { write: (chunk: string) => (lengths.push(chunk.length), write(chunk)) });
        },
      },
    },
  );
  const { index } = smallCatalog([{ campaign: 1, period: 1, pool: range(1, 20_000) }], 1);
  const out = join(t.testdir(), "out");
  t.equal(await watched(index, out), 20_000);
  t.equal(readFileSync(join(out, "1/statistics_1.csv"), "utf8").split("\n").length, 20_002);
  t.ok(
    lengths.length > 3 && Math.max(...lengths) < 70_000,
    `${lengths.length} writes, of ${Math.max(...lengths)} at most`,
  );
});

await t.test("a default banner has no statistics, and is not exported", async (t) => {
  const campaigns = new Map([[1, { name: "", defaultBanner: 9 }]]);
  const { index } = smallCatalog([{ campaign: 1, period: 2, pool: [1] }], 2, new Map(), new Map(), { campaigns });
  const out = join(t.testdir(), "out");
  t.equal(await writeStatistics(index, out), 1);
  t.strictSame(filesOf(join(out, "1")), { "statistics_1.csv": statisticsCsv() });
});
