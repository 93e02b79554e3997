import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { CONTENDER_NAMES } from "../../bench/contenders/contenders.js";
import { FULL } from "../../bench/plan.js";
import { chartsOf } from "../../bench/report/charts.js";
import { withPart } from "../../bench/report/documents.js";
import { lineOf, tablesOf } from "../../bench/report/tables.js";
import { readResults } from "../../bench/results.js";

const ROOT = join(import.meta.dirname, "../../..");
const RESULTS = join(ROOT, "bench/results");
const textOf = (name: string): string => readFileSync(join(ROOT, name), "utf8");

await t.test("docs/performance.md, the README and the charts show what was measured, and nothing else", async (t) => {
  const results = await readResults(RESULTS);
  const performance = textOf("docs/performance.md");
  t.equal(withPart(performance, "bench", tablesOf(results)), performance);
  const readme = textOf("README.md");
  t.equal(withPart(readme, "performance", lineOf(results)) ?? readme, readme);
  for (const [name, svg] of chartsOf(results)) t.equal(textOf(`bench/results/${name}.svg`), svg, name);
});

await t.test("the published results are those of the full benchmark, of every contender and every part", async (t) => {
  const { plan, absent, error, groups } = await readResults(RESULTS);
  t.same([plan.form, plan.rounds, error], [FULL.form, FULL.rounds, undefined]);
  t.same(absent, []);
  t.same([...new Set(groups.flatMap(({ comparisons }) => comparisons.map(({ part }) => part)))], FULL.parts);
  for (const { rounds } of groups) t.equal(rounds.length, FULL.rounds);
  for (const round of groups[0]!.rounds) t.same(Object.keys(round).sort(), [...CONTENDER_NAMES].sort());
});
