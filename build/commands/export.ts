/** Writes the statistics that an index was ranked by, as files that a build reads in place of events. */
import { command } from "../../src/options/command.js";
import { UsageError } from "../../src/options/options.js";
import { FILE, FOLDER } from "../../src/options/values.js";
import { loadIndex } from "../../src/index/load.js";
import { messageOf } from "./failure.js";
import { writeStatistics } from "../write/statistics.js";

export const exportStatistics = command({
  name: "billboard export",
  summary: "Write the statistics that an index was ranked by, as a data folder.",
  options: {
    index: { ...FILE, default: "dist-index/index.bin", help: "the index to export" },
    out: { ...FOLDER, help: "a new or empty folder, which becomes a data folder: 1/statistics_1.csv, …" },
  },
  run: async ({ index: file, out }) => {
    if (out === undefined) throw new UsageError("--out: name the folder to write to");
    const index = await loadIndex(file);
    const rows = await writeStatistics(index, out);
    process.stdout.write(
      `${out}: ${rows.toLocaleString("en-US")} row(s) of ${index.counts.periods} period(s), generation ${index.generation}\n`,
    );
    return 0;
  },
  explain: (error, { out = "" }) => messageOf(error, out),
});
