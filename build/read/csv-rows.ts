/** Reads the rows of a CSV file, quotes and all. Every error says the line, the value and what was expected. */
import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { openFile } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";
import { readHeader, type BadRowSink, type Header, type RowFormat } from "./row-format.js";
import { countFields, splitRow } from "./row-fields.js";

/** In characters, of a line or a row over several lines: in a longer row, a quote was never closed. */
export const MAX_ROW_LENGTH = 1 << 20;

export interface Location {
  readonly byte: number;
  readonly line: number;
}

export interface Progress<Sink extends BadRowSink> {
  /** Undefined before the header row. */
  readonly header: Header<Sink> | undefined;
  readonly rows: number;
  /** Undefined where the whole file is read. */
  readonly rest: Location | undefined;
}

const NOTHING_READ = { header: undefined, rows: 0, rest: { byte: 0, line: 1 } };

export type AfterChunk = (bytes: number) => Promise<void> | undefined;

export interface FileSummary {
  readonly rows: number;
  readonly unknownColumns: readonly string[];
}

/** A broken quote costs its own line only. @throws DataError where the header row is missing or wrong */
export async function readRows<Sink extends BadRowSink>(
  path: string,
  format: RowFormat<Sink>,
  sink: Sink,
  before: Progress<Sink> = NOTHING_READ,
  afterChunk: AfterChunk = () => undefined,
): Promise<FileSummary> {
  const { rest } = before;
  const reader = new RowReader(path, format, sink, before);
  if (rest !== undefined) {
    let decoder: TextDecoder | undefined;
    const file = createReadStream(path, { fd: openFile(path), start: rest.byte, highWaterMark: 1 << 18 });
    for await (const chunk of file as AsyncIterable<Buffer>) {
      // Only at the start of a file is it a byte-order mark.
      decoder ??= new TextDecoder(encodingOf(chunk), { ignoreBOM: rest.byte > 0 });
      reader.read(decoder.decode(chunk, { stream: true }));
      await afterChunk(chunk.length);
    }
    reader.readLast(decoder?.decode() ?? "");
  }
  const { header, rows } = reader;
  if (header === undefined) throw new DataError(`${path}:1: the file is empty: a header row is required`);
  return { rows, unknownColumns: header.unknown };
}

function encodingOf(start: Buffer): string {
  return start[0] === 0xff && start[1] === 0xfe ? "utf-16le" : "utf-8";
}

const NEVER_CLOSED = "a quote that opens here is not closed";
const OVER_LONG = `the line is over-long, expected at most ${MAX_ROW_LENGTH} characters: end each row with a line feed`;

/** In a row over several lines: the start of a line within quotes, or the end of the row. */
interface Place {
  at: number;
  line: number;
  /** Commas outside of quotes before it, from where `RowReader` began to count. */
  fields: number;
  isEnd: boolean;
}

/** Looks at each line a few times at most: rows that go on over the same lines within quotes end alike. */
class RowReader<Sink extends BadRowSink> {
  header: Header<Sink> | undefined;
  rows: number;
  #text = "";
  #at = 0;
  #line: number;
  #isWhole = false;
  #isSkipping = false;
  /** A line of the row over several lines, and the last place of this row that is known. */
  #near: Place | undefined;
  #far: Place | undefined;
  #quote = -1;

  constructor(
    readonly path: string,
    readonly format: RowFormat<Sink>,
    readonly sink: Sink,
    { header, rows, rest }: Progress<Sink>,
  ) {
    this.header = header;
    this.rows = rows;
    this.#line = rest?.line ?? 1;
  }

  read(text: string): void {
    this.#movePlaces();
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#quote = -1;
    while (this.#readLine());
  }

  readLast(text: string): void {
    this.#isWhole = true;
    this.read(text);
  }

  /** False where more text is needed. */
  #readLine(): boolean {
    const start = this.#at;
    const end = this.#endOfLine(start);
    if (this.#isSkipping) return this.#skip(end);
    if ((end === -1 ? this.#text.length : end) - start > MAX_ROW_LENGTH) {
      this.#rejectLine(OVER_LONG);
      this.#isSkipping = true;
      return this.#skip(end);
    }
    if (end === -1 || start === this.#text.length) return false;
    const contentEnd = this.#contentEnd(start, end);
    if (contentEnd === start) return this.#goTo(end + 1, this.#line + 1);
    const { count, isOpen } = this.#hasQuote(end) ? countFields(this.#text, start, end, false) : NO_QUOTE;
    if (isOpen) return this.#readLines(end + 1, count);
    this.#readRow(start, contentEnd, 0);
    return this.#goTo(end + 1, this.#line + 1);
  }

  #readLines(next: number, fields: number): boolean {
    const start = this.#at;
    const from = this.#placeAt(next);
    const end = this.#closing(start);
    const isTooLong = (end.isEnd ? end.at : this.#text.length) - start > MAX_ROW_LENGTH;
    if (!end.isEnd && !isTooLong && !this.#isWhole) return false;
    if (!end.isEnd || isTooLong) this.#rejectLine(NEVER_CLOSED);
    else {
      const width = fields + end.fields - from.fields + 1;
      const isRow = this.#readRow(start, this.#contentEnd(start, end.at), end.line - this.#line, width);
      if (isRow) return this.#goTo(end.at + 1, end.line + 1);
    }
    return this.#goTo(next, this.#line + 1);
  }

  #movePlaces(): void {
    let near = this.#near;
    while (near !== undefined && !near.isEnd && near.at < this.#at) near = this.#next(near);
    this.#near = near?.isEnd ? undefined : near;
    for (const place of [this.#near, this.#far]) if (place !== undefined) place.at -= this.#at;
  }

  #placeAt(at: number): Place {
    let near = this.#near;
    while (near !== undefined && !near.isEnd && near.at < at) near = this.#next(near);
    if (near?.at !== at || near.isEnd) {
      near = { at, line: this.#line + 1, fields: 0, isEnd: false };
      this.#far = { ...near };
    }
    this.#near = near;
    return near;
  }

  #closing(start: number): Place {
    let far = this.#far!;
    while (!far.isEnd && far.at - start <= MAX_ROW_LENGTH) {
      const next = this.#next(far);
      if (next === undefined) break;
      far = next;
    }
    this.#far = far;
    return far;
  }

  /** Undefined where the line's end is not there yet, or never comes. */
  #next({ at, line, fields }: Place): Place | undefined {
    const end = this.#endOfLine(at);
    if (end === -1) return undefined;
    const { count, isOpen } = countFields(this.#text, at, end, true);
    if (isOpen && end === this.#text.length) return undefined;
    return isOpen
      ? { at: end + 1, line: line + 1, fields: fields + count, isEnd: false }
      : { at: end, line, fields: fields + count, isEnd: true };
  }

  /** False where only its first line was rejected, since its quote has swallowed the rows after it. */
  #readRow(start: number, end: number, breaks: number, width?: number): boolean {
    const isWrong = this.header !== undefined && width !== undefined && width !== this.header.width;
    const { fields, isStrict } = isWrong ? NO_FIELDS : splitRow(this.#text.slice(start, end));
    if (this.header === undefined) {
      this.header = this.#readHeader(fields, breaks);
      return true;
    }
    const { columns, unknown } = this.header;
    // Where every column is read, the line break is an error anyway.
    const isSuspect = breaks > 0 && unknown.length > 0 && !isStrict && fields.some((field) => field.startsWith('"'));
    const reason =
      this.#shapeError(width ?? fields.length, isSuspect) ?? this.header.parse(fields, this.#line, columns, this.sink);
    if (reason !== undefined) {
      // A bad row may have a legitimate line break, in a column that is not read.
      const isOne = !isWrong && isStrict && fields.length === this.header.width;
      if (breaks > 0 && !(isOne && columns.every((column) => !fields[column]!.includes("\n")))) {
        this.#rejectLine(`${reason}; a quote that opens here closes ${breaks} line(s) below`);
        return false;
      }
      this.sink.malformed(this.#line, reason);
    }
    this.rows++;
    return true;
  }

  #shapeError(fields: number, isSuspect: boolean): string | undefined {
    const { width } = this.header!;
    if (fields !== width) return `${fields} field(s), expected ${width} as in the header row`;
    return isSuspect ? "a field goes on behind its closing quote" : undefined;
  }

  #readHeader(row: readonly string[], breaks: number): Header<Sink> {
    if (breaks > 0)
      throw new DataError(`${this.path}:1: the header row goes on for ${breaks} line(s): a quote in it is not closed`);
    return readHeader(this.path, this.format, row);
  }

  #rejectLine(reason: string): void {
    if (this.header === undefined) {
      const problem = reason === NEVER_CLOSED ? "a quote in the header row is not closed" : reason;
      throw new DataError(`${this.path}:1: ${problem}`);
    }
    this.sink.malformed(this.#line, reason);
    this.rows++;
  }

  #skip(end: number): boolean {
    if (end === -1) {
      this.#at = this.#text.length;
      return false;
    }
    this.#isSkipping = false;
    return this.#goTo(end + 1, this.#line + 1);
  }

  #goTo(at: number, line: number): boolean {
    this.#at = Math.min(at, this.#text.length);
    this.#line = line;
    return true;
  }

  /** -1 where the line's end is not there yet. */
  #endOfLine(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end === -1 && this.#isWhole ? this.#text.length : end;
  }

  #contentEnd(start: number, end: number): number {
    return end > start && end < this.#text.length && this.#text[end - 1] === "\r" ? end - 1 : end;
  }

  #hasQuote(end: number): boolean {
    if (this.#quote < this.#at) this.#quote = this.#text.indexOf('"', this.#at);
    if (this.#quote === -1) this.#quote = this.#text.length;
    return this.#quote < end;
  }
}

const NO_QUOTE = { count: 0, isOpen: false };
const NO_FIELDS = { fields: [], isStrict: false };
