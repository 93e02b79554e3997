import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import t from "tap";
import { rejectedRows } from "../../build/count/account.js";
import { build } from "../../build/stages.js";
import { Catalog } from "../../src/index/catalog.js";
import { inspect } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { naiveIndex, type NaiveFile, type NaiveReject, type NaiveResult } from "./naive-index.js";
import { dataSet, brokenDataSet } from "./random-events.js";
import { writeDataSet } from "./written-data-set.js";

/** The same cases each time; what they lead to differs only where the code does. */
const RUNS = { seed: 20261123, numRuns: 200 } as const;

const folder = t.testdir();

/** What the compiler makes of the same files, in the words of the naive implementation. */
async function compiled(files: readonly NaiveFile[]): Promise<NaiveResult> {
  const root = mkdtempSync(join(folder, "run-"));
  try {
    await writeDataSet(files, join(root, "data"));
    const out = join(root, "out");
    const options = { data: join(root, "data"), banners: undefined, out, onBadRow: "reject", accept: ["all"] } as const;
    const report = await build(options);
    const { cells } = inspect(new Catalog(await loadIndex(join(out, "index.bin"))));
    // In words of the compiler's own, which the naive implementation has no say in.
    const withoutReason = (header: string[]): (string | undefined)[] =>
      header.map((name) => (name === "reason" ? undefined : name));
    const rejects: NaiveReject[] = parse(readFileSync(join(out, "rejects.csv")), { columns: withoutReason });
    return {
      cells: cells as unknown as NaiveResult["cells"],
      rejects,
      accounts: report.files.map((account) => ({
        file: account.file,
        read: account.read,
        used: account.used,
        rejected: rejectedRows(account),
      })),
      clicksWithoutImpression: report.clicks_without_impression,
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

for (const [what, arbitrary] of [
  ["random events", dataSet],
  ["random events with every kind of fault", brokenDataSet],
] as const)
  await t.test(
    `${what}: the compiler and the naive implementation agree on every cell, reject and account`,
    async (t) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async ({ files, periods }) => {
          assert.deepStrictEqual(await compiled(files), naiveIndex(files, periods));
        }),
        RUNS,
      );
      t.pass(`${RUNS.numRuns} data sets`);
    },
  );
