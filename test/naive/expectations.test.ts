import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { build } from "../../build/stages.js";
import { expectationsOf, expectedCsv } from "./naive-expectations.js";
import { naiveIndex } from "./naive-index.js";
import { brokenDataSet } from "./random-events.js";
import { writeDataSet } from "./written-data-set.js";

const RUNS = { seed: 20261129, numRuns: 60 } as const;

const folder = t.testdir();

await t.test("of all that is expected, just the figures that were made others are told", async (t) => {
  const property = fc.asyncProperty(
    brokenDataSet,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(1n, 1000n)), { minLength: 1, maxLength: 4 }),
    async ({ files, periods }, changes) => {
      const result = naiveIndex(files, periods);
      fc.pre(result.cells.length > 0);
      const truth = expectationsOf(result);
      const changed = new Map(changes.map(([at, by]) => [at % truth.length, by]));
      const expectations = truth.map((each, at) => ({ ...each, value: each.value + (changed.get(at) ?? 0n) }));
      const root = mkdtempSync(join(folder, "run-"));
      try {
        const [data, expect] = [join(root, "data"), join(root, "expected.csv")];
        await writeDataSet(files, data);
        writeFileSync(expect, expectedCsv(expectations));
        const options = { data, banners: undefined, out: join(root, "out"), expect, onBadRow: "reject" } as const;
        const { findings, expected } = await build({ ...options, accept: ["all"], dryRun: true });
        assert.strictEqual(expected?.figures, truth.length);
        const told = findings.flatMap(({ name, text }) => (name === "expected" ? [text.replace(/ is .*/, "")] : []));
        const others = truth
          .filter((_, at) => changed.has(at))
          .map(({ kind, period, figure }) => {
            const scope = `${kind || "all kinds"} in ${period === 0 ? "all periods" : `period ${period}`}`;
            return `${figure} of ${scope}`;
          });
        assert.deepStrictEqual(told.sort(), others.sort());
      } finally {
        rmSync(root, { recursive: true });
      }
    },
  );
  await fc.assert(property, RUNS);
  t.pass(`${RUNS.numRuns} data sets`);
});
