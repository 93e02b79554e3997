/** A file of CSV to rows, as csv-parse reads it. Every complaint says the line, the value and what was expected. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, Parser } from "csv-parse";
import { parse } from "csv-parse/sync";
import { DataError } from "../data-error.js";
import { readHeader, type Header } from "./header.js";
import type { BadRowTaker, RowFormat } from "./row-format.js";

/** Bytes. A row this long is one whose quote was never closed. */
const LONGEST_ROW = 1 << 20;

/** Where in a file the reading goes on. */
export interface Start {
  readonly byte: number;
  readonly line: number;
}

/** How far a file has been read. */
export interface Progress<Taker extends BadRowTaker> {
  /** Undefined before the header row. */
  readonly header: Header<Taker> | undefined;
  readonly rows: number;
  /** Undefined where all is read. */
  readonly rest: Start | undefined;
}

const NOTHING_READ = { header: undefined, rows: 0, rest: { byte: 0, line: 1 } };

/** Told of each piece of a file once its rows are handed over; the reading waits for what it promises. */
export type AfterPiece = (bytes: number) => Promise<void> | undefined;

export interface ReadFile {
  /** Each has been handed over once. */
  readonly rows: number;
  /** The columns that are not read. */
  readonly unknownColumns: readonly string[];
}

/**
 * Reads a file as a stream and hands over its rows. A quote that is not closed, or that takes in other rows, costs its own line.
 * @param before what has been read of it already
 * @throws DataError where the header row is not one
 */
export async function readRows<Taker extends BadRowTaker>(
  path: string,
  format: RowFormat<Taker>,
  taker: Taker,
  before: Progress<Taker> = NOTHING_READ,
  afterPiece: AfterPiece = () => undefined,
): Promise<ReadFile> {
  let { header, rows, rest: start } = before;
  while (start !== undefined) {
    const parser: RowParser<Taker> = new RowParser(path, format, header, start, taker, afterPiece);
    try {
      // Less at a time after a broken quote, where there may be another soon: what was read beyond it is read again.
      const highWaterMark = start.byte === 0 ? 1 << 18 : 1 << 16;
      await pipeline(createReadStream(path, { start: start.byte, highWaterMark }), parser);
      start = undefined;
    } catch (error) {
      const isOurs = error instanceof BrokenQuoting;
      if (!isOurs && !(error instanceof CsvError)) throw error;
      if (parser.header === undefined)
        throw new DataError(`${path}:1: a quote in the header row is not closed`, { cause: error });
      start = await rejectLine(path, parser.rowStart, isOurs ? error.message : NEVER_CLOSED, taker);
      rows++;
    }
    header = parser.header;
    rows += parser.rows;
  }
  if (header === undefined) throw new DataError(`${path}:1: the file is empty: a header row is required`);
  return { rows, unknownColumns: header.unknown };
}

const NEVER_CLOSED = "a quote that opens here is not closed";

/** A bad row that spans lines: a quote has taken in the rows after it. */
class BrokenQuoting extends Error {}

/**
 * Takes each row where the parser makes it. A stream of rows, or `on_record` with the description that it makes of each, costs
 * three to six times as much.
 */
class RowParser<Taker extends BadRowTaker> extends Parser {
  rows = 0;
  /** Where the row after the last good one starts; blank lines may come before it. Numbers, since an object a row would be dear. */
  #rowByte: number;
  #rowLine: number;
  readonly #start: Start;
  /** How many lines the parser has counted too many: it counts CRLF in quotes as two. */
  #drift = 0;

  constructor(
    readonly path: string,
    readonly format: RowFormat<Taker>,
    public header: Header<Taker> | undefined,
    start: Start,
    readonly taker: Taker,
    readonly afterPiece: AfterPiece,
  ) {
    super({
      bom: start.byte === 0,
      max_record_size: LONGEST_ROW,
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

  get rowStart(): Start {
    return { byte: this.#rowByte, line: this.#rowLine };
  }

  override push(row: unknown): boolean {
    if (row === null) return super.push(null);
    this.#take(row as string[]);
    return true;
  }

  /** What `push` throws ends the parsing where it is: the rows behind it in the chunk are not to be taken. */
  override _transform(chunk: Buffer, encoding: BufferEncoding, callback: TransformCallback): void {
    failing(callback, () => {
      super._transform(chunk, encoding, (error) => {
        if (error) callback(error);
        else
          void Promise.resolve(this.afterPiece(chunk.length)).then(() => {
            callback();
          }, callback);
      });
    });
  }

  override _flush(callback: TransformCallback): void {
    failing(callback, () => {
      super._flush(callback);
    });
  }

  #take(row: readonly string[]): void {
    if (this.header === undefined) this.header = this.#readHeader(row);
    else this.#takeRow(row, this.header);
    this.#rowByte = this.#start.byte + this.info.bytes;
    this.#rowLine = this.#start.line + this.info.lines - this.#drift;
  }

  #readHeader(row: readonly string[]): Header<Taker> {
    const { counted, physical } = countLineBreaks(row);
    if (physical > 0)
      throw new DataError(
        `${this.path}:1: the header row goes on for ${physical} line(s): a quote in it is not closed`,
      );
    this.#drift += counted;
    return readHeader(this.path, this.format, row);
  }

  #takeRow(row: readonly string[], header: Header<Taker>): void {
    const lastLine = this.#start.line + this.info.lines - 1 - this.#drift;
    // Only a column that is not read, or a bad row, can have line breaks in it.
    let breaks = header.unknown.length === 0 ? NO_BREAKS : countLineBreaks(row);
    const reason =
      this.#faultOf(row, header, breaks.physical) ??
      header.take(row, lastLine - breaks.counted, header.places, this.taker);
    if (reason !== undefined) {
      breaks = countLineBreaks(row);
      if (breaks.physical > 0 && !this.#isOneRow(row, header))
        throw new BrokenQuoting(`${reason}; a quote that opens here closes ${breaks.physical} line(s) below`);
      this.taker.malformed(lastLine - breaks.counted, reason);
    }
    this.rows++;
    this.#drift += breaks.counted - breaks.physical;
  }

  /** What is wrong with a row before its values are looked at. */
  #faultOf(row: readonly string[], { width }: Header<Taker>, lineBreaks: number): string | undefined {
    if (row.length !== width) return `${row.length} field(s), expected ${width} as in the header row`;
    const isSuspect = lineBreaks > 0 && row.some((field) => field.startsWith('"'));
    return isSuspect && !this.#isStrict() ? "a field goes on behind its closing quote" : undefined;
  }

  /** Whether a bad row goes over several lines by itself, with text in a column that is not read, and has not taken in others. */
  #isOneRow(row: readonly string[], { width, places }: Header<Taker>): boolean {
    return row.length === width && places.every((place) => !row[place]!.includes("\n")) && this.#isStrict();
  }

  /**
   * Whether the row's bytes are CSV to the letter. The parser takes a quote as it stands where what closes it does not end the
   * field; so does a field that begins with a quote of its own, and only the bytes tell the two apart.
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

function failing(callback: TransformCallback, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    callback(error as Error);
  }
}

const NO_BREAKS = { counted: 0, physical: 0 };

/** The parser counts each CR and LF in quotes as a line; a line ends with LF. */
function countLineBreaks(row: readonly string[]): { counted: number; physical: number } {
  const breaks = row.join("").match(/[\r\n]/g) ?? [];
  return { counted: breaks.length, physical: breaks.filter((character) => character === "\n").length };
}

/**
 * Rejects the one line where a quote that takes in others opens, so that the rows after it are read as what they are.
 * @returns where the next line starts, or undefined where the file ends
 */
async function rejectLine(
  path: string,
  rowStart: Start,
  reason: string,
  taker: BadRowTaker,
): Promise<Start | undefined> {
  let { byte, line } = rowStart;
  let isBlank = true;
  let rejected = false;
  for await (const chunk of createReadStream(path, { start: byte }) as AsyncIterable<Buffer>) {
    for (const character of chunk) {
      if (rejected) return { byte, line };
      byte++;
      if (character === 0x0a) {
        if (!isBlank) taker.malformed(line, reason);
        rejected = !isBlank;
        line++;
      } else if (character !== 0x0d) {
        isBlank = false;
      }
    }
  }
  if (!rejected && !isBlank) taker.malformed(line, reason);
  return undefined;
}
