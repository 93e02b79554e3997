import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { COLLECTIONS_FILE, countByDuckDB, STATISTICS_FOLDER } from "../../../bench/build/duckdb.js";
import { build } from "../../../build/stages.js";
import { inspect } from "../../../src/index/inspect.js";
import { seededRandom, type Random } from "../../../tools/make-sample/random.js";
import { publishedCatalog } from "../../build/built-index.js";
import { clicksCsv, conversionsCsv, impressionsCsv } from "../../build/data-folder.js";

const PERIODS = 2;
const CAMPAIGNS = 16;
const CLICKS = 800;
const CONVERSIONS = 800;

/** Ids of few values, so that most rows repeat an id, often in another file or period. */
function writeRandomEvents(folder: string, random: Random): void {
  const revenues = ["0", "0.000001", "-3.5", "12", "1.999999", "250.25"];
  const pair = (): string => {
    const campaign = Math.max(random.between(1, CAMPAIGNS), random.between(1, CAMPAIGNS));
    return `${random.between(1, campaign)},${campaign}`;
  };
  const click = (): string => `${random.between(1, CLICKS)},${pair()}`;
  // Some clicks that conversions name are in no file, and a row after an orphan may have its id.
  const conversion = (): string =>
    `${random.between(1, CONVERSIONS)},${random.between(1, 1.2 * CLICKS)},${revenues[random.below(revenues.length)]!}`;
  const rows = (count: number, row: () => string): string[] => {
    const made: string[] = [];
    for (let at = 0; at < count; at++) made.push(at > 0 && random.below(9) === 0 ? made[random.below(at)]! : row());
    return made;
  };
  for (let period = 1; period <= PERIODS; period++) {
    const write = (name: string, text: string): void => {
      writeFileSync(join(folder, String(period), name), text);
    };
    mkdirSync(join(folder, String(period)), { recursive: true });
    // Written in another order than they are read in.
    for (const part of ["b", "a"]) {
      write(`impressions_${part}.csv`, impressionsCsv(...rows(600, pair)));
      write(`clicks_${part}.csv`, clicksCsv(...rows(250, click)));
      write(`conversions_${part}.csv`, conversionsCsv(...rows(250, conversion)));
    }
  }
}

for (const seed of [1, 2, 3, 4])
  await t.test(`DuckDB counts and ranks random events of seed ${seed} as the build does`, async (t) => {
    const at = (...names: string[]): string => join(folder, ...names);
    const folder = t.testdir({});
    writeRandomEvents(at("events"), seededRandom(`events of seed ${seed}`));
    const { rows, cells_by_rule } = await build({
      data: at("events"),
      out: at("of-events"),
      banners: undefined,
      onBadRow: "stop",
      accept: ["all"],
    });
    for (const kind of ["duplicate", "conflict", "orphan"] as const) t.ok(rows.rejected[kind] > 10, kind);
    for (const rule of ["top-10", "top-x", "fill-by-clicks", "by-clicks"] as const) t.ok(cells_by_rule[rule] > 0, rule);

    await countByDuckDB({ data: at("events"), out: at("counted"), threads: 2 });
    await build({
      data: at("counted", STATISTICS_FOLDER),
      out: at("of-statistics"),
      banners: undefined,
      onBadRow: "stop",
    });
    t.ok(
      readFileSync(at("of-events", "index.bin")).equals(readFileSync(at("of-statistics", "index.bin"))),
      "its statistics make the same index, byte for byte",
    );
    const ranked = inspect(publishedCatalog(at("of-events"))).cells.flatMap(({ period, campaign, collection }) =>
      collection.map(({ banner }, place) => `${period},${campaign},${banner},${place + 1}`),
    );
    const [, ...places] = readFileSync(at("counted", COLLECTIONS_FILE), "utf8").trimEnd().split("\n");
    t.same(places.sort(), ranked.sort(), "its collections are the index's");
  });
