/** Reads the lines without a quote that a file begins with, mostly all: for these, CSV is splitting at commas. */
import { createReadStream } from "node:fs";
import { openFile } from "../../src/options/regular-file.js";
import type { AfterChunk, Progress } from "./csv-rows.js";
import { EVENT_ROWS, type EventSink } from "./event-rows.js";
import type { SourceFile } from "./find.js";
import { readHeader, type Header } from "./row-format.js";

const MAX_LINE_LENGTH = 1 << 16;

/** @throws DataError where the header row is plain and wrong */
export async function readPlainRows(
  file: SourceFile,
  sink: EventSink,
  afterChunk: AfterChunk,
): Promise<Progress<EventSink>> {
  const lines = new PlainLines(file, sink);
  let open = "";
  const bytes = createReadStream(file.path, { fd: openFile(file.path), highWaterMark: 1 << 18 });
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    // Latin-1 makes one character of each byte: what is read is ASCII, and the rest is only counted.
    const text = open + chunk.toString("latin1");
    const end = lines.read(text);
    await afterChunk(chunk.length);
    open = text.slice(end);
    if (lines.ended || open.length > MAX_LINE_LENGTH) return lines.progress(open);
  }
  lines.readLast(open);
  return lines.progress(lines.ended ? open : "");
}

class PlainLines {
  /** A line was not plain: none after it is read here. */
  ended = false;
  #header: Header<EventSink> | undefined;
  #rows = 0;
  #line = 1;
  #byte = 0;
  /** Reused by every line. */
  #row: string[] = [];

  constructor(
    readonly file: SourceFile,
    readonly sink: EventSink,
  ) {}

  progress(open: string): Progress<EventSink> {
    const hasRest = this.ended || open !== "";
    const rest = hasRest ? { byte: this.#byte, line: this.#line } : undefined;
    return { header: this.#header, rows: this.#rows, rest };
  }

  /** Returns where the first line starts that was not read. */
  read(text: string): number {
    const plain = plainLength(text);
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const isCrLf = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
      if (end > plain || !this.#readLine(text, start, isCrLf ? end - 1 : end)) {
        this.ended = true;
        break;
      }
      this.#byte += end + 1 - start;
      this.#line++;
      start = end + 1;
    }
    return start;
  }

  readLast(text: string): void {
    this.ended = plainLength(text) < text.length || !this.#readLine(text, 0, text.length);
  }

  #readLine(text: string, start: number, end: number): boolean {
    if (start === end) return true;
    if (end - start > MAX_LINE_LENGTH) return false;
    if (this.#header === undefined) {
      const line = text.slice(start, end);
      if (!ASCII.test(line)) return false;
      this.#header = readHeader(this.file.path, EVENT_ROWS[this.file.kind], line.split(","));
      this.#row = new Array<string>(this.#header.width).fill("");
      return true;
    }
    const { width, columns, parse } = this.#header;
    let from = start;
    for (let field = 0; field < width; field++) {
      const comma = text.indexOf(",", from);
      const isLast = comma === -1 || comma >= end;
      if (isLast !== (field === width - 1)) return false;
      this.#row[field] = text.slice(from, isLast ? end : comma);
      from = comma + 1;
    }
    if (parse(this.#row, this.#line, columns, this.sink) !== undefined) return false;
    this.#rows++;
    return true;
  }
}

function plainLength(text: string): number {
  const quote = text.indexOf('"');
  const end = quote === -1 ? text.length : quote;
  for (let at = text.indexOf("\r"); at !== -1 && at < end; at = text.indexOf("\r", at + 1))
    if (text.charCodeAt(at + 1) !== LINE_FEED) return at;
  return end;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A header row of these alone is in no other encoding, and has no byte-order mark. */
const ASCII = /^[ -~]*$/;
