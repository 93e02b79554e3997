import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { bestOf, earningsOf } from "../../../bench/explore/market.js";
import { meanOf, runVariants, tableOf } from "../../../bench/explore/report.js";
import { simulate } from "../../../bench/explore/simulate.js";
import { ROOT } from "../../../tools/docs/documents.js";

/** Shorter than the document's, whose campaign needs its days to find what is better. */
const PLAN = { banners: 40, days: 10, visits: 1000 };
const FULL = { banners: 60, days: 40, visits: 5000 };
const SEEDS = 8;

await t.test("with exploration, more of the truly best are in the collection than without", (t) => {
  const rows = runVariants(FULL, SEEDS, "test");
  const bestIn = (window: number, exploration: number): number => {
    const row = rows.find((each) => each.window === window && each.exploration === exploration)!;
    t.equal(row.outcomes.length, SEEDS);
    return meanOf(row.outcomes.map(({ best }) => best));
  };
  for (const window of [Infinity, 7])
    t.ok(bestIn(window, 0.1) > bestIn(window, 0) + 0.5, `${bestIn(window, 0.1)} and ${bestIn(window, 0)}`);
  t.end();
});

await t.test("the same seed prints the same table, and another one another", (t) => {
  const table = tableOf(runVariants(PLAN, 2, "test"));
  t.equal(tableOf(runVariants(PLAN, 2, "test")), table);
  t.not(tableOf(runVariants(PLAN, 2, "other")), table);
  t.equal(table.split("\n").length, 2 + 8 + 1);
  t.end();
});

await t.test("a window forgets the days before it, and one of all days none", (t) => {
  const outcomeOf = (window: number): unknown => simulate(PLAN, { exploration: 0.1, window }, "window");
  t.same(outcomeOf(PLAN.days), outcomeOf(Infinity));
  t.notSame(outcomeOf(7), outcomeOf(Infinity));
  t.end();
});

await t.test("the best banners are those that earn most by an impression", (t) => {
  const earning = (banner: number, clicks: number, conversions: number, revenue: bigint) => {
    return { banner, clicks, conversions, revenue };
  };
  const earnings = [earning(1, 0.01, 0.1, 3n), earning(2, 0.02, 0.1, 2n), earning(3, 0.01, 0.2, 1n)];
  t.same([...bestOf(earnings, 2)], [2, 1]);
  t.same(earningsOf(5, "a"), earningsOf(5, "a"));
  t.notSame(earningsOf(5, "a"), earningsOf(5, "b"));
  t.end();
});

await t.test("the document has the columns and the variants of the table", (t) => {
  const text = readFileSync(join(ROOT, "docs/choosing.md"), "utf8");
  const documented = /<!-- exploration: .* -->\n\n([^]*?)\n<!-- end of exploration -->/.exec(text)![1]!;
  const firstColumns = (table: string): string[] =>
    table.split("\n").map((line) =>
      line
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim())
        .join(),
    );
  const isRuled = (line: string): boolean => !line.startsWith("--");
  t.same(firstColumns(documented).filter(isRuled), firstColumns(tableOf(runVariants(PLAN, 1, "test"))).filter(isRuled));
  t.end();
});
