/** An index to a data folder of statistics. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { Catalog, NONE } from "../../src/index/catalog.js";
import type { Index } from "../../src/index/format.js";
import { formatMillionths } from "../../src/index/money.js";
import { DataError } from "../data-error.js";
import { flush } from "./durable-files.js";
import { EVENT_ROWS } from "../read/event-rows.js";

/** Characters that are gathered before they are written. */
const PIECE = 1 << 16;

/**
 * Writes them beside, and puts the folder in its place whole.
 * @param folder is made; one that is there already must be empty
 * @returns how many rows were written
 * @throws DataError where the folder has something in it
 */
export async function writeStatistics(index: Index, folder: string): Promise<number> {
  const there = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  if (there.length > 0)
    throw new DataError(`${folder}: has ${there.sort()[0]!} in it: name a new or an empty folder with --out`);
  const beside = `${resolve(folder)}.${process.pid}.tmp`;
  let rows = 0;
  try {
    for (let period = 1; period <= index.counts.periods; period++) {
      const periodFolder = join(beside, String(period));
      await mkdir(periodFolder, { recursive: true });
      const file = join(periodFolder, `statistics_${period}.csv`);
      await pipeline(
        statisticsOf(index, period, () => rows++),
        createWriteStream(file),
      );
      await flush(file);
    }
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return rows;
}

/** The text of a period's file, in order of campaign, then of the cut. */
function* statisticsOf(index: Index, period: number, onRow: () => void): Generator<string> {
  const { cells } = new Catalog(index);
  yield `${EVENT_ROWS.statistics.columns.join(",")}\n`;
  let text = "";
  for (const campaign of index.campaignIds) {
    const cell = cells.find(campaign, period);
    if (cell === NONE) continue;
    const end = cells.endOf(cell);
    for (let entry = cells.startOf(cell); entry < end; entry++) {
      text += `${campaign},${rowOf(index, entry)}\n`;
      onRow();
    }
    if (text.length > PIECE) {
      yield text;
      text = "";
    }
  }
  yield text;
}

/** The columns behind the campaign's, in their order. */
function rowOf(index: Index, entry: number): string {
  return [
    index.bannerIds[index.entryBanner[entry]!]!,
    index.entryImpressions[entry]!,
    index.entryClicks[entry]!,
    index.entryConversions[entry]!,
    formatMillionths(index.entryRevenue[entry]!),
  ].join(",");
}
