/** Reads an event file: as typed rows, or as batches of them. */
import { readRows, type AfterChunk, type FileSummary } from "./csv-rows.js";
import { EVENT_ROWS, type EventSink } from "./event-rows.js";
import type { SourceFile } from "./find.js";
import { readPlainRows } from "./plain-rows.js";
import { BatchWriter, type RowBatch } from "./row-batch.js";

export async function readEvents(
  file: SourceFile,
  sink: EventSink,
  afterChunk: AfterChunk = () => undefined,
): Promise<FileSummary> {
  // Nearly all rows of nearly all files are plain; `csv-rows` takes over at the first line that is not.
  const plain = await readPlainRows(file, sink, afterChunk);
  return readRows(file.path, EVENT_ROWS[file.kind], sink, plain, afterChunk);
}

export async function readBatches(
  file: SourceFile,
  onBatch: (batch: RowBatch) => Promise<void> | undefined,
): Promise<FileSummary> {
  const writer = new BatchWriter(file.kind);
  const summary = await readEvents(file, writer, (bytes) => onBatch(writer.flush(bytes)));
  await onBatch(writer.flush(0, true));
  return summary;
}
