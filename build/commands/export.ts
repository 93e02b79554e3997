/** Exports the statistics of an index as files that a build reads in place of events: `billboard export`. */
import { loadIndex } from "../../src/index/load.js";
import { command } from "../../src/options/command.js";
import { printable } from "../../src/options/printable.js";
import { UsageError } from "../../src/options/options.js";
import { FILE, FOLDER } from "../../src/options/values.js";
import { writeStatistics } from "../write/statistics.js";
import { messageOf } from "./error-message.js";

export const exportStatistics = command({
  name: "billboard export",
  summary: "Export the statistics of an index as a data folder that can be built again.",
  options: {
    index: { ...FILE, default: "dist-index/index.bin", help: "index to export" },
    out: { ...FOLDER, help: "new or empty folder for 1/statistics_1.csv, 2/statistics_2.csv, … (required)" },
  },
  run: async ({ index: file, out }) => {
    if (out === undefined) throw new UsageError("--out: missing, expected the folder to write to");
    const index = await loadIndex(file);
    const rows = await writeStatistics(index, out);
    process.stdout.write(
      `${printable(out)}: ${rows.toLocaleString("en-US")} row(s) of ${index.counts.periods} period(s), generation ${index.generation}\n`,
    );
    return 0;
  },
  explain: (error, { out = "" }) => messageOf(error, out),
});
