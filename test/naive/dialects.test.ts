import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import t from "tap";
import { compile } from "../../build/compile.js";
import { collectEvents } from "../../build/count/collect.js";
import { RejectLog } from "../../build/count/rejects.js";
import { BadRows } from "../../build/read/data-error.js";
import { InlineReader } from "../../build/read/event-reader.js";
import { findEventFiles } from "../build/read/event-files.js";
import { dialect, written, type Dialect, type WrittenFile } from "./dialects.js";
import { brokenDataSet, dataSet } from "./random-events.js";

const RUNS = { seed: 20261129, numRuns: 50 } as const;

const folder = t.testdir();

interface Reject {
  readonly file: string;
  readonly line: string;
  readonly kind: string;
  readonly first_file: string;
  readonly first_line: string;
}

/** All that comes of it in words of the plain form, but for reasons, which quote what stands in the files. */
async function built(files: readonly WrittenFile[], plainPathOf: (path: string) => string): Promise<unknown> {
  const root = mkdtempSync(join(folder, "run-"));
  try {
    for (const { path, bytes } of files) {
      mkdirSync(dirname(join(root, "data", path)), { recursive: true });
      writeFileSync(join(root, "data", path), bytes);
    }
    // Without publishing, which waits for the disk.
    const log = new RejectLog(join(root, "rejects.csv"));
    const found = await findEventFiles(join(root, "data"));
    const { counts, accounts } = await collectEvents({ ...found, reader: new InlineReader() }, new BadRows(), log);
    log.close();
    const plainLine = (path: string, line: string): string => {
      const at = files.find((file) => file.path === path)?.lines.indexOf(Number(line));
      return line === "" ? "" : String(at);
    };
    const rejects: Reject[] = parse(readFileSync(join(root, "rejects.csv")), { columns: true });
    return {
      index: compile(counts, new Map()).digest.toString("hex"),
      accounts: accounts.map(({ file: { name, duplicateOf }, read, used, rejected }) => ({
        file: plainPathOf(name),
        read,
        used,
        rejected,
        duplicateOf: duplicateOf && plainPathOf(duplicateOf.name),
      })),
      rejects: rejects.map(({ file, line, kind, first_file, first_line }) => ({
        file: plainPathOf(file),
        line: plainLine(file, line),
        kind,
        first_file: plainPathOf(first_file),
        first_line: plainLine(first_file, first_line),
      })),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

for (const [what, arbitrary] of [
  ["plain data", dataSet],
  ["data with every kind of fault", brokenDataSet],
] as const)
  await t.test(`${what} in any dialect, encoding and packing make the same index, accounts and rejects`, async (t) => {
    const dialects = fc.array(dialect, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(arbitrary, dialects, async ({ files }, chosen) => {
        const texts = [...new Set(files.map(({ text }) => text))];
        const dialectOf = (text: string): Dialect => chosen[texts.indexOf(text) % chosen.length]!;
        const others = files.map((file) => written(file, dialectOf(file.text)));
        // Other bytes than in another file they must stay.
        fc.pre(new Set(others.map(({ bytes }) => bytes.toString("latin1"))).size === texts.length);
        const plain = files.map(({ path, text }) => ({
          path,
          bytes: Buffer.from(text),
          lines: Array.from({ length: 1000 }, (_, at) => at),
        }));
        const plainPaths = new Map(others.map(({ path }, at) => [path, files[at]!.path]));
        assert.deepStrictEqual(
          await built(others, (path) => plainPaths.get(path) ?? path),
          await built(plain, (path) => path),
        );
      }),
      RUNS,
    );
    t.pass(`${RUNS.numRuns} data sets`);
  });
