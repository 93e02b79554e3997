/** Writes the statistics of an index as a data folder. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { Catalog, NONE } from "../../src/index/catalog.js";
import type { Index } from "../../src/index/format.js";
import { formatMillionths } from "../../src/index/money.js";
import { RULES } from "../../src/index/sections.js";
import { makeFolder } from "../../src/options/make-folder.js";
import { isThere, requireFolderOrNothing, requireUnlinked } from "../../src/options/regular-file.js";
import { DataError } from "../read/data-error.js";
import { EVENT_ROWS } from "../read/event-rows.js";
import { flush } from "../../src/index/durable-files.js";

const CHUNK_LENGTH = 1 << 16;

/** Writes all or nothing, and returns the number of rows. @throws DataError where the folder is not empty */
export async function writeStatistics(index: Index, folder: string): Promise<number> {
  requireUnlinked(resolve(folder));
  requireFolderOrNothing(folder);
  const existing = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  if (existing.length > 0)
    throw new DataError(`${folder}: contains ${existing.sort()[0]!}: name a new or an empty folder with --out`);
  const temporary = `${resolve(folder)}.${process.pid}.tmp`;
  let rows = 0;
  makeFolder(dirname(temporary));
  // Not recursive: whatever is there already is not written into.
  await mkdir(temporary);
  try {
    for (let period = 1; period <= index.counts.periods; period++) {
      const periodFolder = join(temporary, String(period));
      await mkdir(periodFolder);
      const file = join(periodFolder, `statistics_${period}.csv`);
      await pipeline(
        statisticsOf(index, period, () => rows++),
        createWriteStream(file, { flags: "wx" }),
      );
      await flush(file);
    }
    // Elsewhere an empty folder is replaced.
    if (process.platform === "win32" && isThere(folder)) await rmdir(folder);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return rows;
}

function* statisticsOf(index: Index, period: number, onRow: () => void): Generator<string> {
  const { cells } = new Catalog(index);
  yield `${EVENT_ROWS.statistics.columns.join(",")}\n`;
  let text = "";
  for (const campaign of index.campaignIds) {
    const cell = cells.find(campaign, period);
    if (cell === NONE || RULES[cells.ruleOf(cell)] === "default") continue;
    const end = cells.endOf(cell);
    for (let entry = cells.startOf(cell); entry < end; entry++) {
      // A banner that is only placed: statistics of nothing would place none.
      if (index.entryImpressions[entry] === 0 && index.entryClicks[entry] === 0) continue;
      text += `${campaign},${rowOf(index, entry)}\n`;
      onRow();
      // Within the cell: one may have millions of banners.
      if (text.length > CHUNK_LENGTH) {
        yield text;
        text = "";
      }
    }
  }
  yield text;
}

function rowOf(index: Index, entry: number): string {
  return [
    index.bannerIds[index.entryBanner[entry]!]!,
    index.entryImpressions[entry]!,
    index.entryClicks[entry]!,
    index.entryConversions[entry]!,
    formatMillionths(index.entryRevenue[entry]!),
  ].join(",");
}
