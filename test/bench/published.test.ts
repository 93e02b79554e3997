import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { chartsOf } from "../../bench/charts.js";
import { withTable } from "../../bench/documents.js";
import { FULL } from "../../bench/plan.js";
import { readResults } from "../../bench/results.js";
import { tablesOf } from "../../bench/table.js";

const ROOT = join(import.meta.dirname, "../../..");
const RESULTS = join(ROOT, "bench/results");
const textOf = (name: string): string => readFileSync(join(ROOT, name), "utf8");

await t.test("README.md, docs/performance.md and the charts show what was measured, and nothing else", async (t) => {
  const results = await readResults(RESULTS);
  const { readme, full } = tablesOf(results);
  for (const [name, table] of [
    ["README.md", readme],
    ["docs/performance.md", full],
  ] as const)
    t.equal(withTable(textOf(name), table, name), textOf(name), name);
  for (const [name, svg] of chartsOf(results)) t.equal(textOf(`bench/results/${name}.svg`), svg, name);
});

await t.test(
  "the published results are those of the full benchmark, with every contender and every part",
  async (t) => {
    const { plan, absent, groups } = await readResults(RESULTS);
    t.same([plan.form, plan.rounds], [FULL.form, FULL.rounds]);
    t.same(absent, []);
    t.same([...new Set(groups.flatMap(({ comparisons }) => comparisons.map(({ part }) => part)))], FULL.parts);
  },
);
