import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import t from "tap";
import { build } from "../../build/stages.js";
import { inspect } from "../../src/index/inspect.js";
import { publishedCatalog } from "../build/built-index.js";
import { documentOf } from "./markdown.js";

const RECIPES = documentOf("docs/recipes.md");

function codeOf(heading: string, language: string): string {
  const section = RECIPES.split("\n## ").find((text) => text.startsWith(`${heading}\n`));
  const blocks = section?.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms")) ?? [];
  const code = [...blocks].map(([, lines = ""]) => lines).join("");
  if (code === "") throw new Error(`docs/recipes.md has no ${language} of ${heading}`);
  return code;
}

const hasRun = new Set<string>();

async function follow(heading: string, folder: string, timeZone = "Europe/Berlin"): Promise<void> {
  await run(folder, codeOf(heading, "sql").replace("Europe/Berlin", timeZone));
  hasRun.add(heading);
}

/** Runs SQL where its relative paths begin, in a database that is kept there, as the command line of DuckDB does. */
async function run(folder: string, sql: string): Promise<void> {
  const before = process.cwd();
  const instance = await DuckDBInstance.create(join(folder, "billboard.duckdb"));
  const connection = await instance.connect();
  process.chdir(folder);
  try {
    await connection.run(sql);
  } finally {
    process.chdir(before);
    connection.closeSync();
    instance.closeSync();
  }
}

const statisticsIn = (folder: string, period: string): string => join(folder, "data", period, "statistics.csv");

function withPeriods(folder: string, periods: number): string {
  for (let period = 1; period <= periods; period++)
    mkdirSync(join(folder, "data", String(period)), { recursive: true });
  return folder;
}

/** Each banner of each cell, as `period campaign banner: impressions clicks conversions revenue`. */
async function builtFrom(folder: string): Promise<string[]> {
  const out = mkdtempSync(join(folder, "index-"));
  const [data, expect] = [join(folder, "data"), join(folder, "expected.csv")];
  const { expected } = await build({ data, banners: undefined, out, onBadRow: "stop", expect });
  const periods = readdirSync(data).filter(
    (period) => readFileSync(statisticsIn(folder, period), "utf8").match(/\n/g)!.length > 1,
  );
  assert.equal(expected?.figures, (periods.length + 1) * 5, "each period that has rows is expected, and all of them");
  return inspect(publishedCatalog(out)).cells.flatMap(({ period, campaign, collection }) =>
    collection.map(
      ({ banner, impressions, clicks, conversions, revenue }) =>
        `${period} ${campaign} ${banner}: ${impressions} ${clicks} ${conversions} ${revenue}`,
    ),
  );
}

/** With the header that `mysql --batch` writes for the query of this file. */
function exported(heading: string, file: string, rows: readonly (readonly (string | number)[])[]): string {
  const [, columns = ""] = new RegExp(`SELECT ([\\w, ]+) FROM [^>]*> ${file}$`, "m").exec(codeOf(heading, "sh")) ?? [];
  return [columns.split(", "), ...rows].map((row) => `${row.join("\t")}\n`).join("");
}

async function writeWarehouse(folder: string): Promise<void> {
  const uuid = (last: number): string => `'0b5f4f0e-8f0c-4c52-9b7a-${String(last).padStart(12, "0")}'::UUID`;
  const at = (time: string): string => `'2026-11-28 ${time}+00'::TIMESTAMPTZ`;
  const parquet = (name: string, columns: string, rows: readonly string[]): string =>
    `COPY (SELECT * FROM (VALUES ${rows.map((row) => `(${row})`).join(", ")}) AS rows (${columns})) TO '${name}.parquet';`;
  await run(
    folder,
    parquet("impressions", "shown_at, campaign_id, banner_id", [
      `${at("10:00:00")}, 7, 100`,
      `${at("11:14:59")}, 7, 100`,
      `${at("11:15:00")}, 7, 101`,
    ]) +
      parquet("clicks", "click_id, clicked_at, campaign_id, banner_id", [
        `${uuid(1)}, ${at("11:16:00")}, 7, 101`,
        `${uuid(1)}, ${at("11:14:00")}, 7, 100`,
        `${uuid(2)}, ${at("11:59:00")}, 8, 102`,
      ]) +
      parquet("conversions", "conversion_id, click_id, converted_at, cents", [
        `${uuid(11)}, ${uuid(1)}, ${at("12:31:00")}, 1999`,
        `${uuid(11)}, ${uuid(2)}, ${at("12:30:00")}, 1`,
        `${uuid(12)}, ${uuid(2)}, ${at("12:00:00")}, -250`,
        `${uuid(13)}, ${uuid(3)}, ${at("12:00:00")}, 5`,
        `${uuid(14)}, ${uuid(1)}, ${at("12:00:00")}, 5`,
      ]),
  );
}

const QUARTERS = ["1 7 100: 2 1 1 0.050000", "2 7 101: 1 0 0 0.000000", "4 8 102: 0 1 2 -2.490000"];

await t.test(
  "a warehouse: the earliest row of an id counts, cents are exact, and Kathmandu has other quarters",
  async (t) => {
    const heading = "A warehouse: Parquet, UUIDs and cents";
    const folder = withPeriods(t.testdir({}), 4);
    await writeWarehouse(folder);
    await follow(heading, folder);
    t.same(await builtFrom(folder), QUARTERS);
    await follow(heading, folder, "Asia/Kathmandu");
    t.same(
      await builtFrom(folder),
      ["3 8 102: 0 1 2 -2.490000", "4 7 100: 2 1 1 0.050000", "1 7 101: 1 0 0 0.000000"].sort(),
    );
  },
);

await t.test("the SQL for other warehouses has the statistics that DuckDB has, and what they add up to", async (t) => {
  const heading = "BigQuery, Snowflake, Spark";
  const folder = withPeriods(t.testdir({}), 4);
  await writeWarehouse(folder);
  const [, select = ""] = /`(SELECT [^`]* FROM billboard_statistics\s+WHERE period = )1`/.exec(RECIPES) ?? [];
  const tables = ["impressions", "clicks", "conversions"].map(
    (name) => `CREATE VIEW ${name} AS FROM '${name}.parquet';`,
  );
  const exports = [1, 2, 3, 4].map((period) => `COPY (${select}${period}) TO 'data/${period}/statistics.csv';`);
  // Twice: the next day, its tables are there.
  const sql = codeOf(heading, "sql").repeat(2);
  await run(
    folder,
    `SET TimeZone = 'UTC'; ${tables.join("")} ${sql} ${exports.join("")} COPY billboard_expected TO 'expected.csv';`,
  );
  hasRun.add(heading);
  t.same(await builtFrom(folder), QUARTERS);
});

await t.test("what the recipes expect stops a build whose statistics lost a row on their way", async (t) => {
  const folder = withPeriods(t.testdir({}), 4);
  await writeWarehouse(folder);
  await follow("A warehouse: Parquet, UUIDs and cents", folder);
  const file = statisticsIn(folder, "4");
  const rows = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, `${rows[0]!}\n`);
  await t.rejects(builtFrom(folder), /^1 check failed, .* --accept expected$/);
});

await t.test(
  "Google Ads: long ids keep their numbers from run to run, and fractions of conversions count",
  async (t) => {
    const folder = withPeriods(t.testdir({}), 1);
    const report = (...rows: readonly string[]): void => {
      const header = "Campaign ID,Ad ID,Impr.,Clicks,Conversions,Conv. value";
      const lines = ["Banners", '"November 1, 2026 - November 28, 2026"', header, ...rows];
      writeFileSync(join(folder, "google-ads.csv"), lines.map((line) => `${line}\n`).join(""));
    };
    report(
      '21034567890,702000000002,"1,204",31,2.50,"1,190.40"',
      "21034567890,702000000001,17,0,0.33,0.000001",
      "21034567890,702000000003,--,0, --,0.00",
      'Total: Account, --,"1,221",31,2.83,"1,190.40"',
    );
    await follow("Google Ads", folder);
    t.same(await builtFrom(folder), ["1 1 3: 1204 31 3 1190.400000", "1 1 2: 17 1 1 0.000001"]);
    report("11034567890,702000000002,5,1,0.00,0.00", "21034567890,702000000000,6,2,0.00,0.00");
    await follow("Google Ads", folder);
    t.same(await builtFrom(folder), ["1 1 6: 6 2 0 0.000000", "1 5 3: 5 1 0 0.000000"], "the new ones come after");
  },
);

await t.test(
  "Matomo: an interaction is a click, and a conversion belongs to the last click of its visit",
  async (t) => {
    const NULL = "NULL";
    const at = (time: string): string => `2026-11-28 ${time}`;
    const folder = withPeriods(
      t.testdir({
        "names.tsv": exported("Matomo", "names.tsv", [
          [1, "7"],
          [2, "cdn.example.com/image_100.png"],
          [3, "/images/image_101.webp"],
          [4, "click"],
          [5, 'a "page'],
          [6, "Unknown"],
        ]),
        "actions.tsv": exported("Matomo", "actions.tsv", [
          [50, at("09:00:00"), 1, 2, NULL],
          [50, at("09:01:00"), 1, 2, 4],
          [50, at("09:20:00"), 1, 3, NULL],
          [50, at("09:21:00"), 1, 3, 4],
          [51, at("09:46:00"), 1, 3, NULL],
          [51, at("09:47:00"), 5, 3, NULL],
          [51, at("09:48:00"), 1, 6, NULL],
        ]),
        "conversions.tsv": exported("Matomo", "conversions.tsv", [
          [50, at("09:10:00"), "12.5"],
          [50, at("11:00:00"), "0.1"],
          [50, at("11:05:00"), NULL],
          [50, at("08:59:00"), "1000"],
          [51, at("10:00:00"), "1000"],
        ]),
      }),
      4,
    );
    await follow("Matomo", folder);
    t.same(await builtFrom(folder), ["1 7 100: 1 1 1 12.500000", "2 7 101: 1 1 2 0.100000", "4 7 101: 1 0 0 0.000000"]);
  },
);

await t.test("Revive: intervals of a quarter of an hour are periods, and longer ones stop the recipe", async (t) => {
  const intervals = (minutes: number): string =>
    exported("Revive Adserver", "intervals.tsv", [
      [minutes, "2026-11-28 09:00:00", 100, 50, 3, 1, "12.2500"],
      [minutes, "2026-11-28 10:00:00", 100, 40, 0, 0, "0.0000"],
      [minutes, "2026-11-28 10:30:00", 101, 7, 0, 1, "0.0100"],
    ]);
  const banners = exported("Revive Adserver", "banners.tsv", [
    [100, 7],
    [101, 8],
  ]);
  const folder = withPeriods(t.testdir({ "intervals.tsv": intervals(15), "banners.tsv": banners }), 4);
  await follow("Revive Adserver", folder);
  t.same(await builtFrom(folder), ["1 7 100: 90 3 1 12.250000", "3 8 101: 7 1 1 0.010000"]);
  writeFileSync(join(folder, "intervals.tsv"), intervals(60));
  await t.rejects(follow("Revive Adserver", folder), /has 60 minutes: set operationInterval to 15/);
});

await t.test("every recipe was run, and writes into folders that are made before", (t) => {
  const [how = "", ...recipes] = [...RECIPES.matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
  t.same([...hasRun], recipes);
  for (const [, folder = ""] of RECIPES.matchAll(/TO '(data\/\d+)\/statistics\.csv'/g))
    t.ok(codeOf(how, "sh").includes(folder), folder);
  t.end();
});
