/** A file to batches of its rows. */
import { readEvents } from "./events.js";
import type { ReadFile } from "./csv-rows.js";
import type { SourceFile } from "./find.js";
import { BatchWriter, type RowBatch } from "./row-batch.js";

/** Takes a batch; the reading waits for what it promises. */
export type TakeBatch = (batch: RowBatch) => Promise<void> | undefined;

/** @throws DataError where the header row is not one */
export async function readBatches(file: SourceFile, take: TakeBatch): Promise<ReadFile> {
  const writer = new BatchWriter(file.kind);
  const read = await readEvents(file, writer, (bytes) => take(writer.take(bytes)));
  await take(writer.take(0, true));
  return read;
}
