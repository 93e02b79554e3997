/** Events to the files of a data folder. */
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { EVENT_KINDS, fileOf, rowsOfPeriod, type EventKind } from "./amounts.js";
import { HEADERS, type Events, type PutRow } from "./events.js";
import { LONGEST_ROW } from "./row-bytes.js";

const BLOCK = 1 << 20;

/** @returns how many bytes were written. @throws the reason of `signal`, soon after it is aborted */
export async function writeEvents(folder: string, events: Events, signal: AbortSignal): Promise<number> {
  const { amounts } = events;
  let bytes = 0;
  for (let period = 1; period <= amounts.periods; period++) {
    await mkdir(join(folder, String(period)), { recursive: true });
    for (const kind of EVENT_KINDS) {
      const rows = rowsOfPeriod(amounts[kind], period, amounts.periods);
      const path = join(folder, fileOf(kind, period));
      bytes += await writeFile({ path, kind, rows }, events.rowsOf(kind, period), signal);
    }
  }
  return bytes;
}

async function writeFile(
  { path, kind, rows }: { path: string; kind: EventKind; rows: number },
  put: PutRow,
  signal: AbortSignal,
): Promise<number> {
  const block = Buffer.allocUnsafe(BLOCK);
  const file = await open(path, "w");
  let written = 0;
  try {
    let at = block.write(HEADERS[kind], "latin1");
    for (let row = 0; row < rows || at > 0;) {
      while (row < rows && at < BLOCK - LONGEST_ROW) at = put(block, at, row++);
      signal.throwIfAborted();
      for (let from = 0; from < at;) from += (await file.write(block, from, at - from)).bytesWritten;
      written += at;
      at = 0;
    }
  } finally {
    await file.close();
  }
  return written;
}
