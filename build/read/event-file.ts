/** Reads an event file as batches of typed rows. */
import { RowReader } from "./csv-rows.js";
import { eventFormat } from "./event-rows.js";
import type { EventTimes } from "./event-time.js";
import type { SourceFile } from "./find.js";
import type { ColumnName, Header } from "./header.js";
import type { PendingText } from "./pending-text.js";
import { PlainRows } from "./plain-rows.js";
import { BatchWriter, type RowBatch } from "./row-batch.js";
import type { RowFormat } from "./row-format.js";
import { readTextFile, type AfterChunk, type Body, type FileSummary } from "./text-file.js";
import type { TypedRows } from "./typed-rows.js";

export interface ReadOptions {
  readonly columnNames: readonly ColumnName[];
  /** Undefined where the files' periods are those of their folders. */
  readonly times?: EventTimes | undefined;
}

export const NO_OPTIONS: ReadOptions = { columnNames: [] };

/** The rows stand in `rows` when `afterChunk` is called. */
export function readEvents(
  file: SourceFile,
  rows: TypedRows,
  afterChunk?: AfterChunk,
  { columnNames }: ReadOptions = NO_OPTIONS,
): Promise<FileSummary> {
  const format = eventFormat(file.kind, rows.clock !== undefined);
  return readTextFile(file, format, columnNames, (header) => new EventBody(header, format, rows), afterChunk);
}

export async function readBatches(
  file: SourceFile,
  onBatch: (batch: RowBatch) => Promise<void> | undefined,
  options?: ReadOptions,
): Promise<FileSummary> {
  const writer = new BatchWriter(file.kind, options?.times);
  const summary = await readEvents(file, writer.rows, (bytes) => onBatch(writer.flush(bytes)), options);
  await onBatch(writer.flush(0, true));
  return summary;
}

/** What is read at once where a line is not plain, and twice as much where none of the next is either. */
const FIRST_STRETCH_BYTES = 256;

/** Nearly all rows of nearly all files are plain; `csv-rows` reads the stretches that are not. */
class EventBody implements Body {
  readonly #plain: PlainRows;
  readonly #csv: RowReader<TypedRows>;
  #stretch = FIRST_STRETCH_BYTES;

  constructor(header: Header, format: RowFormat<TypedRows>, rows: TypedRows) {
    rows.hasCounts = rows.columns.some(({ isOptional }, at) => isOptional && header.columns[at] !== -1);
    this.#plain = new PlainRows(header, rows);
    this.#csv = new RowReader(header, format, rows);
  }

  get rows(): number {
    return this.#plain.count + this.#csv.rows;
  }

  read(text: PendingText, isWhole: boolean): void {
    const end = text.endOfLines;
    while (text.start < end) {
      if (!this.#csv.isOpen) this.#readPlain(text, end);
      if (text.start < end) this.#readCsv(text, end);
    }
    if (text.isOverLong) this.#readCsv(text, text.end);
    if (isWhole) this.#csv.end();
  }

  #readPlain(text: PendingText, end: number): void {
    const { start } = text;
    this.#plain.line = this.#csv.line;
    text.start = this.#plain.read(text.bytes, start, end);
    this.#csv.line = this.#plain.line;
    this.#stretch = text.start > start ? FIRST_STRETCH_BYTES : this.#stretch * 2;
  }

  #readCsv(text: PendingText, end: number): void {
    // Row by row, text that is open would be copied again and again.
    const isShort = !this.#csv.isOpen && text.start + this.#stretch < end;
    const to = isShort ? Math.min(end, text.endOfLine(text.start + this.#stretch)) : end;
    this.#csv.read(text.bytes.subarray(text.start, to));
    text.start = to;
  }
}
