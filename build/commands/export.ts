/** `npm run export-statistics`: an index to the statistics it was ranked by, as files that `build-index` reads in place of events. */
import { parseArgs } from "node:util";
import { runCommand } from "../../src/options/old-command.js";
import { loadIndex } from "../../src/index/load.js";
import { messageOf } from "./failure.js";
import { writeStatistics } from "../write/statistics.js";

const USAGE = `Usage: npm run export-statistics -- --out DIR [options]
  --index FILE    the index to export (dist-index/index.bin)
  --out DIR       a new or empty folder, which becomes a data folder: 1/statistics_1.csv, 2/statistics_2.csv, …
  --help          this text
`;

function readArguments(): { index: string; out: string } | undefined {
  const { values } = parseArgs({
    options: {
      index: { type: "string", default: "dist-index/index.bin" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  if (values.out === undefined) throw new RangeError("--out: name the folder to write to");
  return { index: values.index, out: values.out };
}

async function exportStatistics({ index: file, out }: { index: string; out: string }): Promise<undefined> {
  const index = await loadIndex(file);
  const rows = await writeStatistics(index, out);
  process.stdout.write(
    `${out}: ${rows.toLocaleString("en-US")} row(s) of ${index.counts.periods} period(s), generation ${index.generation}\n`,
  );
}

await runCommand({
  name: "export-statistics",
  usage: () => USAGE,
  readArguments,
  run: exportStatistics,
  explain: (error, { out }) => messageOf(error, out),
});
