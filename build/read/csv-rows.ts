/** Reads the rows of a CSV file with csv-parse. Every error says the line, the value and what was expected. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, Parser } from "csv-parse";
import { parse } from "csv-parse/sync";
import { DataError } from "./data-error.js";
import { readHeader, type BadRowSink, type Header, type RowFormat } from "./row-format.js";

/** A longer row is one whose quote was never closed. */
const MAX_ROW_BYTES = 1 << 20;

export interface Location {
  readonly byte: number;
  readonly line: number;
}

/** What has been read of a file. */
export interface Progress<Sink extends BadRowSink> {
  /** Undefined before the header row. */
  readonly header: Header<Sink> | undefined;
  readonly rows: number;
  /** Undefined where all is read. */
  readonly rest: Location | undefined;
}

const NOTHING_READ = { header: undefined, rows: 0, rest: { byte: 0, line: 1 } };

/** Called after the rows of each chunk; awaited before reading goes on. */
export type AfterChunk = (bytes: number) => Promise<void> | undefined;

export interface FileSummary {
  readonly rows: number;
  /** Columns that are not read. */
  readonly unknownColumns: readonly string[];
}

/**
 * A quote that is not closed, or that swallows other rows, costs its own line only.
 * @param before what has been read already
 * @throws DataError where the header row is missing or wrong
 */
export async function readRows<Sink extends BadRowSink>(
  path: string,
  format: RowFormat<Sink>,
  sink: Sink,
  before: Progress<Sink> = NOTHING_READ,
  afterChunk: AfterChunk = () => undefined,
): Promise<FileSummary> {
  let { header, rows, rest: start } = before;
  while (start !== undefined) {
    const parser: RowParser<Sink> = new RowParser(path, format, header, start, sink, afterChunk);
    try {
      // Smaller chunks after a broken quote: what was read beyond the next one is read again.
      const highWaterMark = start.byte === 0 ? 1 << 18 : 1 << 16;
      await pipeline(createReadStream(path, { start: start.byte, highWaterMark }), parser);
      start = undefined;
    } catch (error) {
      const isBroken = error instanceof BrokenQuoteError;
      if (!isBroken && !(error instanceof CsvError)) throw error;
      if (parser.header === undefined)
        throw new DataError(`${path}:1: a quote in the header row is not closed`, { cause: error });
      start = await rejectLine(path, parser.rowStart, isBroken ? error.message : NEVER_CLOSED, sink);
      rows++;
      // Where each line has a broken quote, no chunk is ever read to its end.
      await afterChunk(0);
    }
    header = parser.header;
    rows += parser.rows;
  }
  if (header === undefined) throw new DataError(`${path}:1: the file is empty: a header row is required`);
  return { rows, unknownColumns: header.unknown };
}

const NEVER_CLOSED = "a quote that opens here is not closed";

/** A bad row that spans lines: its quote has swallowed the rows after it. */
class BrokenQuoteError extends Error {}

/** Takes rows in `push`: a stream of rows, or `on_record`, costs three to six times as much. */
class RowParser<Sink extends BadRowSink> extends Parser {
  rows = 0;
  /** Where the row after the last good one starts, or blank lines before it. Numbers, to make no object a row. */
  #rowByte: number;
  #rowLine: number;
  readonly #start: Location;
  /** Lines that the parser has counted too many: it counts CRLF in quotes as two. */
  #drift = 0;

  constructor(
    readonly path: string,
    readonly format: RowFormat<Sink>,
    public header: Header<Sink> | undefined,
    start: Location,
    readonly sink: Sink,
    readonly afterChunk: AfterChunk,
  ) {
    super({
      bom: start.byte === 0,
      max_record_size: MAX_ROW_BYTES,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
    this.#start = start;
    this.#rowByte = start.byte;
    this.#rowLine = start.line;
    this.resume();
  }

  get rowStart(): Location {
    return { byte: this.#rowByte, line: this.#rowLine };
  }

  override push(row: unknown): boolean {
    if (row === null) return super.push(null);
    this.#onRow(row as string[]);
    return true;
  }

  /** An error thrown in `push` ends the parsing there: the rows after it in the chunk are not delivered. */
  override _transform(chunk: Buffer, encoding: BufferEncoding, callback: TransformCallback): void {
    passError(callback, () => {
      super._transform(chunk, encoding, (error) => {
        if (error) callback(error);
        else
          void Promise.resolve(this.afterChunk(chunk.length)).then(() => {
            callback();
          }, callback);
      });
    });
  }

  override _flush(callback: TransformCallback): void {
    passError(callback, () => {
      super._flush(callback);
    });
  }

  #onRow(row: readonly string[]): void {
    if (this.header === undefined) this.header = this.#readHeader(row);
    else this.#readRow(row, this.header);
    this.#rowByte = this.#start.byte + this.info.bytes;
    this.#rowLine = this.#start.line + this.info.lines - this.#drift;
  }

  #readHeader(row: readonly string[]): Header<Sink> {
    const { counted, physical } = countLineBreaks(row);
    if (physical > 0)
      throw new DataError(
        `${this.path}:1: the header row goes on for ${physical} line(s): a quote in it is not closed`,
      );
    this.#drift += counted;
    return readHeader(this.path, this.format, row);
  }

  #readRow(row: readonly string[], header: Header<Sink>): void {
    const lastLine = this.#start.line + this.info.lines - 1 - this.#drift;
    // Only a column that is not read, or a bad row, can contain line breaks.
    let breaks = header.unknown.length === 0 ? NO_BREAKS : countLineBreaks(row);
    const reason =
      this.#shapeError(row, header, breaks.physical) ??
      header.parse(row, lastLine - breaks.counted, header.columns, this.sink);
    if (reason !== undefined) {
      breaks = countLineBreaks(row);
      if (breaks.physical > 0 && !this.#isOneRow(row, header))
        throw new BrokenQuoteError(`${reason}; a quote that opens here closes ${breaks.physical} line(s) below`);
      this.sink.malformed(lastLine - breaks.counted, reason);
    }
    this.rows++;
    this.#drift += breaks.counted - breaks.physical;
  }

  /** What is wrong with a row, whatever its values. */
  #shapeError(row: readonly string[], { width }: Header<Sink>, lineBreaks: number): string | undefined {
    if (row.length !== width) return `${row.length} field(s), expected ${width} as in the header row`;
    const isSuspect = lineBreaks > 0 && row.some((field) => field.startsWith('"'));
    return isSuspect && !this.#isStrict() ? "a field goes on behind its closing quote" : undefined;
  }

  /** Whether a bad row spans lines of its own accord, in a column that is not read, and has swallowed no other. */
  #isOneRow(row: readonly string[], { width, columns }: Header<Sink>): boolean {
    return row.length === width && columns.every((column) => !row[column]!.includes("\n")) && this.#isStrict();
  }

  /**
   * Whether the row's bytes are strictly CSV. The lenient parser makes the same field of a quote that is closed too
   * early and of a quote that belongs to the text; only the bytes tell the two apart.
   */
  #isStrict(): boolean {
    const bytes = Buffer.alloc(this.#start.byte + this.info.bytes - this.#rowByte);
    const descriptor = openSync(this.path, "r");
    try {
      readSync(descriptor, bytes, { position: this.#rowByte });
    } finally {
      closeSync(descriptor);
    }
    try {
      parse(bytes, { relax_column_count: true });
      return true;
    } catch (error) {
      if (error instanceof CsvError) return false;
      throw error;
    }
  }
}

function passError(callback: TransformCallback, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    callback(error as Error);
  }
}

const NO_BREAKS = { counted: 0, physical: 0 };

/** The parser counts each CR and LF in quotes as a line; physical lines end with LF. */
function countLineBreaks(row: readonly string[]): { counted: number; physical: number } {
  const breaks = row.join("").match(/[\r\n]/g) ?? [];
  return { counted: breaks.length, physical: breaks.filter((character) => character === "\n").length };
}

/**
 * Rejects the line where a broken quote opens, so that the rows after it are read.
 * @returns where the next line starts, or undefined at the end of the file
 */
async function rejectLine(
  path: string,
  rowStart: Location,
  reason: string,
  sink: BadRowSink,
): Promise<Location | undefined> {
  let { byte, line } = rowStart;
  let isBlank = true;
  let rejected = false;
  for await (const chunk of createReadStream(path, { start: byte }) as AsyncIterable<Buffer>) {
    for (const character of chunk) {
      if (rejected) return { byte, line };
      byte++;
      if (character === 0x0a) {
        if (!isBlank) sink.malformed(line, reason);
        rejected = !isBlank;
        line++;
      } else if (character !== 0x0d) {
        isBlank = false;
      }
    }
  }
  if (!rejected && !isBlank) sink.malformed(line, reason);
  return undefined;
}
