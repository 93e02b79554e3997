import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { build } from "../../build/stages.js";
import { writeStatistics } from "../../build/write/statistics.js";
import { inspect } from "../../src/index/inspect.js";
import { publishedCatalog } from "../build/built-index.js";
import { naiveIndex } from "./naive-index.js";
import { dataSet } from "./random-events.js";
import { writeDataSet } from "./written-data-set.js";

const folder = t.testdir();

await t.test("the statistics of random events make the collections that the events make", async (t) => {
  const options = { banners: undefined, onBadRow: "stop", accept: ["all"] } as const;
  const runs = { seed: 20261124, numRuns: 100 };
  await fc.assert(
    fc.asyncProperty(dataSet, async ({ files, periods }) => {
      const root = mkdtempSync(join(folder, "run-"));
      const at = (name: string): string => join(root, name);
      try {
        await writeDataSet(files, at("events"));
        await build({ ...options, data: at("events"), out: at("first") });
        await writeStatistics(publishedCatalog(at("first")).index, at("statistics"));
        await build({ ...options, data: at("statistics"), out: at("second") });
        const { cells } = inspect(publishedCatalog(at("second")));
        assert.deepStrictEqual(cells, naiveIndex(files, periods).cells);
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
    runs,
  );
  t.pass(`${runs.numRuns} data sets`);
});
