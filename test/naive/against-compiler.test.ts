import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import t from "tap";
import { rejectedRows } from "../../build/count/account.js";
import { build } from "../../build/stages.js";
import { Catalog } from "../../src/index/catalog.js";
import { inspect } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { expectationsOf, expectedCsv } from "./naive-expectations.js";
import { BANNERS_PATH } from "./naive-descriptions.js";
import { naiveIndex, type NaiveFile, type NaiveReject, type NaiveResult } from "./naive-index.js";
import { AT, described, wronglyDescribed } from "./random-descriptions.js";
import { dataSet, brokenDataSet } from "./random-events.js";
import { writeDataSet } from "./written-data-set.js";

/** The same cases each time; what they lead to differs only where the code does. */
const SEED = 20261123;

const folder = t.testdir();

/** What the compiler makes of the same files, in the words of the naive implementation, whose sums it is to expect. */
async function compiled(files: readonly NaiveFile[], { accounts, sums }: NaiveResult): Promise<NaiveResult> {
  const root = mkdtempSync(join(folder, "run-"));
  try {
    await writeDataSet(files, join(root, "data"));
    const out = join(root, "out");
    const banners = files.some(({ path }) => path === BANNERS_PATH) ? join(root, "data/banners") : undefined;
    const expect = join(root, "expected.csv");
    writeFileSync(expect, expectedCsv(expectationsOf({ accounts, sums })));
    const options = {
      data: join(root, "data"),
      banners,
      out,
      expect,
      onBadRow: "reject",
      accept: ["all"],
      at: AT,
    } as const;
    const report = await build(options);
    assert.deepStrictEqual(
      report.findings.filter(({ name }) => name === "expected"),
      [],
    );
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
      sums,
      heldBack: Object.fromEntries(report.held_back.map(({ banner, cells }) => [banner, cells])),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

for (const [what, arbitrary, numRuns] of [
  ["random events", dataSet, 200],
  ["random events with every kind of fault", brokenDataSet, 200],
  ["campaigns and banners with names, schedules and defaults", described(dataSet), 70],
  ["the same with every kind of fault", wronglyDescribed(brokenDataSet), 70],
] as const)
  await t.test(
    `${what}: the compiler and the naive implementation agree on every cell, reject and account`,
    async (t) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async ({ files, periods }) => {
          const expected = naiveIndex(files, periods, AT);
          // An index in which every banner is held back is refused.
          fc.pre(expected.cells.length > 0);
          assert.deepStrictEqual(await compiled(files, expected), expected);
        }),
        { seed: SEED, numRuns },
      );
      t.pass(`${numRuns} data sets`);
    },
  );
