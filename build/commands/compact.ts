/** Folds recorded impressions into few rows: `billboard compact`. */
import { join } from "node:path";
import { count } from "../../src/index/wording.js";
import { command } from "../../src/options/command.js";
import { UsageError } from "../../src/options/options.js";
import { printable } from "../../src/options/printable.js";
import { instantOf } from "../read/instant.js";
import { eventTimes, zoneOf } from "../read/time-options.js";
import type { FoundFile } from "../read/find.js";
import { Compaction, compactedName, isCompacted } from "../recorded/compaction.js";
import type { FoldTimes } from "../recorded/fold-file.js";
import { foldableFiles, foldedBefore } from "../recorded/foldable-files.js";
import { ViewSums } from "../recorded/view-sums.js";
import { messageOf } from "./error-message.js";
import { RECORD_OPTION, recordFolders } from "./record-folders.js";
import { MOMENT, TIME_OPTIONS, timeOptionsOf } from "./time-options.js";

export const compact = command({
  name: "billboard compact",
  summary: "Fold recorded impressions before a moment into one file a folder, which gives the same index.",
  options: {
    before: { ...MOMENT, help: "fold the files whose rows all lie before then (required)" },
    record: RECORD_OPTION,
    "time-zone": TIME_OPTIONS["time-zone"],
    periods: TIME_OPTIONS.periods,
  },
  notes: `Rows of one campaign and banner within one occurrence of a period, such as 15:15 to 15:29 of a day, become one row
with the sum of their count: give the time zone and the periods of the build. Clicks and conversions stay as they are.
A file that has a malformed row is left alone, and named.`,
  run: async ({ before, record, ...zoneAndPeriods }) => {
    if (before === undefined) throw new UsageError("--before: missing, expected the moment before which to fold");
    const options = timeOptionsOf({ ...zoneAndPeriods, from: undefined, to: undefined, at: undefined });
    const beforeMs = instantOf(before, zoneOf(options))!;
    const times = eventTimes("", false, options)!;
    const folders = recordFolders(record);
    // All are locked before the files are looked for: what they have alike is left alone.
    const compactions: Compaction[] = [];
    try {
      for (const folder of folders)
        compactions.push(await Compaction.begin(folder, (note) => process.stderr.write(`${note}\n`)));
      const { files, leftAlone } = await foldableFiles(folders);
      for (const { path, reason } of leftAlone) tellLeftAlone(path, reason);
      for (const compaction of compactions)
        await compactFolder(compaction, files.get(compaction.folder)!, beforeMs, times);
    } finally {
      for (const compaction of compactions) await compaction.end();
    }
    return 0;
  },
  explain: (error, { record }) => messageOf(error, record[0] ?? "", "no row is lost, and none counts twice"),
});

async function compactFolder(
  compaction: Compaction,
  files: readonly FoundFile[],
  beforeMs: number,
  times: FoldTimes,
): Promise<void> {
  const sums = new ViewSums();
  const names: string[] = [];
  let rows = 0;
  for (const file of files) {
    const folded = await foldedBefore(file, beforeMs, times);
    if (typeof folded === "string") tellLeftAlone(file.path, folded);
    if (folded === undefined || typeof folded === "string") continue;
    names.push(file.name);
    sums.addAll(folded.sums);
    rows += folded.rows;
  }
  const { folder } = compaction;
  if (names.every(isCompacted) && names.length < 2) {
    process.stdout.write(`${printable(folder)}: nothing to fold before ${new Date(beforeMs).toISOString()}\n`);
    return;
  }
  const into = compactedName(beforeMs);
  const rowsAfter = await compaction.replace(names, into, sums);
  process.stdout.write(
    `${printable(join(folder, into))}: ${count(rowsAfter)} row(s) in place of ${count(rows)} in ${count(names.length)} file(s)\n`,
  );
}

function tellLeftAlone(path: string, reason: string): void {
  process.stderr.write(`${printable(`${path}: left alone: ${reason}`)}\n`);
}
