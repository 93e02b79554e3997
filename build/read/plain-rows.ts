/**
 * The plain rows that a file begins with, mostly all that it has: lines without a quote, in which splitting at commas is all that
 * there is to CSV. csv-parse takes some three times as long for them; what is not plain, or has something wrong with it, is left to it.
 */
import { createReadStream } from "node:fs";
import { EVENT_ROWS, type RowTaker } from "./event-rows.js";
import type { SourceFile } from "./find.js";
import { readHeader, type Header } from "./header.js";
import type { AfterPiece, Progress } from "./csv-rows.js";

/** Characters. A line this long is not plain. */
const LONGEST_LINE = 1 << 16;

/**
 * Reads a file as a stream and hands over its rows, as far as they are plain.
 * @throws DataError where the header row is plain and not one
 */
export async function readPlainRows(
  file: SourceFile,
  taker: RowTaker,
  afterPiece: AfterPiece,
): Promise<Progress<RowTaker>> {
  const lines = new PlainLines(file, taker);
  // What a piece ends with and the next goes on with.
  let open = "";
  for await (const piece of createReadStream(file.path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    // A character for each byte, in whatever encoding: what is read is ASCII, and what is not read need only be counted.
    const text = open + piece.toString("latin1");
    const end = lines.take(text);
    await afterPiece(piece.length);
    open = text.slice(end);
    if (lines.isOver || open.length > LONGEST_LINE) return lines.upTo(open);
  }
  lines.takeLast(open);
  return lines.upTo(lines.isOver ? open : "");
}

/** The lines of one file, one after the other. */
class PlainLines {
  /** Whether there was a line that is not plain: no line behind it is taken. */
  isOver = false;
  #header: Header<RowTaker> | undefined;
  #rows = 0;
  #line = 1;
  #byte = 0;
  /** Of every line in turn, so that none makes a list of its own. */
  #row: string[] = [];

  constructor(
    readonly file: SourceFile,
    readonly taker: RowTaker,
  ) {}

  /** @param open what of the file was read and not taken */
  upTo(open: string): Progress<RowTaker> {
    const isRest = this.isOver || open !== "";
    return {
      header: this.#header,
      rows: this.#rows,
      rest: isRest ? { byte: this.#byte, line: this.#line } : undefined,
    };
  }

  /** Takes the lines that end in the text. @returns where the first one starts that it did not take */
  take(text: string): number {
    const plain = plainLength(text);
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const isCrLf = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
      if (end > plain || !this.#takeLine(text, start, isCrLf ? end - 1 : end)) {
        this.isOver = true;
        break;
      }
      this.#byte += end + 1 - start;
      this.#line++;
      start = end + 1;
    }
    return start;
  }

  /** The end of the file, where no line ending follows. */
  takeLast(text: string): void {
    this.isOver = plainLength(text) < text.length || !this.#takeLine(text, 0, text.length);
  }

  #takeLine(text: string, start: number, end: number): boolean {
    if (start === end) return true;
    if (end - start > LONGEST_LINE) return false;
    if (this.#header === undefined) {
      const line = text.slice(start, end);
      if (!ASCII.test(line)) return false;
      this.#header = readHeader(this.file.path, EVENT_ROWS[this.file.kind], line.split(","));
      this.#row = new Array<string>(this.#header.width).fill("");
      return true;
    }
    const { width, places, take } = this.#header;
    let from = start;
    for (let place = 0; place < width; place++) {
      const comma = text.indexOf(",", from);
      const isLast = comma === -1 || comma >= end;
      if (isLast !== (place === width - 1)) return false;
      this.#row[place] = text.slice(from, isLast ? end : comma);
      from = comma + 1;
    }
    if (take(this.#row, this.#line, places, this.taker) !== undefined) return false;
    this.#rows++;
    return true;
  }
}

/** How much of a text comes before the first quote, or carriage return that does not end a line. */
function plainLength(text: string): number {
  const quote = text.indexOf('"');
  const end = quote === -1 ? text.length : quote;
  for (let at = text.indexOf("\r"); at !== -1 && at < end; at = text.indexOf("\r", at + 1))
    if (text.charCodeAt(at + 1) !== LINE_FEED) return at;
  return end;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A header row in it is not of another encoding, and has no byte-order mark. */
const ASCII = /^[ -~]*$/;
