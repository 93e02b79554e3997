/** Reads rows, quotes and all. Every error says the line, the value and what was expected. */
import { TextDecoder } from "node:util";
import { isBlankRow, MAX_ROW_LENGTH, mixedDelimiters, OVER_LONG, type Header } from "./header.js";
import { countFields, splitRow } from "./row-fields.js";
import type { BadRowSink, RowFormat } from "./row-format.js";

const NEVER_CLOSED = "a quote that opens here is not closed";

/** In a row over several lines: the start of a line within quotes, or the end of the row. */
interface Place {
  at: number;
  line: number;
  /** Delimiters outside of quotes before it, from where `RowReader` began to count. */
  fields: number;
  isEnd: boolean;
}

/**
 * A broken quote costs its own line only. Looks at each line a few times at most: rows that go on over the same lines
 * within quotes end alike.
 */
export class RowReader<Sink extends BadRowSink> {
  rows = 0;
  /** Of the next row. */
  line: number;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #text = "";
  #at = 0;
  #isWhole = false;
  #isSkipping = false;
  /** A line of the row over several lines, and the last place of this row that is known. */
  #near: Place | undefined;
  #far: Place | undefined;
  #quote = -1;

  constructor(
    readonly header: Header,
    readonly format: RowFormat<Sink>,
    readonly sink: Sink,
  ) {
    this.line = header.nextLine;
  }

  /** Whether it has text of a row that has not ended. */
  get isOpen(): boolean {
    return this.#at < this.#text.length || this.#isSkipping;
  }

  read(bytes: Uint8Array): void {
    this.#movePlaces();
    this.#text = this.#text.slice(this.#at) + this.#decoder.decode(bytes, { stream: !this.#isWhole });
    this.#at = 0;
    this.#quote = -1;
    while (this.#readLine());
  }

  end(): void {
    this.#isWhole = true;
    this.read(new Uint8Array(0));
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
    if (contentEnd === start) return this.#goTo(end + 1, this.line + 1);
    const { count, isOpen } = this.#hasQuote(end) ? this.#countFields(start, end, false) : NO_QUOTE;
    if (isOpen) return this.#readLines(end + 1, count);
    this.#readRow(start, contentEnd, 0);
    return this.#goTo(end + 1, this.line + 1);
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
      const isRow = this.#readRow(start, this.#contentEnd(start, end.at), end.line - this.line, width);
      if (isRow) return this.#goTo(end.at + 1, end.line + 1);
    }
    return this.#goTo(next, this.line + 1);
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
      near = { at, line: this.line + 1, fields: 0, isEnd: false };
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
    const { count, isOpen } = this.#countFields(at, end, true);
    if (isOpen && end === this.#text.length) return undefined;
    return isOpen
      ? { at: end + 1, line: line + 1, fields: fields + count, isEnd: false }
      : { at: end, line, fields: fields + count, isEnd: true };
  }

  /** False where only its first line was rejected, since its quote has swallowed the rows after it. */
  #readRow(start: number, end: number, breaks: number, width?: number): boolean {
    const { delimiter, columns, unknown } = this.header;
    const isWrong = width !== undefined && width !== this.header.width;
    const row = isWrong ? "" : this.#text.slice(start, end);
    if (width === undefined && isBlankRow(row, delimiter)) return true;
    const { fields, isStrict } = isWrong ? NO_FIELDS : splitRow(row, delimiter);
    // Where every column is read, the line break is an error anyway.
    const isSuspect = breaks > 0 && unknown.length > 0 && !isStrict && fields.some((field) => field.startsWith('"'));
    const reason =
      this.#shapeError(width ?? fields.length, row, isSuspect) ??
      this.format.parse(fields, this.line, columns, this.sink, delimiter);
    if (reason !== undefined) {
      // A bad row may have a legitimate line break, in a column that is not read.
      const isOne = !isWrong && isStrict && fields.length === this.header.width;
      if (breaks > 0 && !(isOne && columns.every((column) => !fields[column]?.includes("\n")))) {
        this.#rejectLine(`${reason}; a quote that opens here closes ${breaks} line(s) below`);
        return false;
      }
      this.sink.malformed(this.line, reason);
    }
    this.rows++;
    return true;
  }

  #shapeError(fields: number, row: string, isSuspect: boolean): string | undefined {
    const { width } = this.header;
    if (fields !== width)
      return `${fields} field(s), expected ${width} as in the header row${mixedDelimiters(row, this.header)}`;
    return isSuspect ? "a field goes on behind its closing quote" : undefined;
  }

  #rejectLine(reason: string): void {
    this.sink.malformed(this.line, reason);
    this.rows++;
  }

  #countFields(start: number, end: number, isQuoted: boolean): ReturnType<typeof countFields> {
    return countFields(this.#text, start, end, isQuoted, this.header.delimiter);
  }

  #skip(end: number): boolean {
    if (end === -1) {
      this.#at = this.#text.length;
      return false;
    }
    this.#isSkipping = false;
    return this.#goTo(end + 1, this.line + 1);
  }

  #goTo(at: number, line: number): boolean {
    this.#at = Math.min(at, this.#text.length);
    this.line = line;
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
