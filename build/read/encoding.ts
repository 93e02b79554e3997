/** Turns the bytes of a text into UTF-8 without a byte-order mark, whose lines end with LF or CRLF. */

/** The header row lies within these. */
const START_BYTES = 1 << 16;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

const EMPTY = Buffer.alloc(0);
const UTF8_MARK = Buffer.from("\uFEFF");

export async function* utf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoding = new Decoding();
  for await (const chunk of chunks) yield decoding.read(chunk, false);
  yield decoding.read(EMPTY, true);
}

type Decode = (chunk: Buffer, isLast: boolean) => Buffer;

class Decoding {
  #start = EMPTY;
  #decode: Decode | undefined;
  #endsLinesWithCr = false;

  read(chunk: Buffer, isLast: boolean): Buffer {
    if (this.#decode !== undefined) return this.#withLineFeeds(this.#decode(chunk, isLast));
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length < START_BYTES && !isLast) return EMPTY;
    const hasMark = this.#start.indexOf(UTF8_MARK) === 0;
    this.#decode = decoderFor(this.#start);
    const text = this.#decode(this.#start.subarray(hasMark ? UTF8_MARK.length : 0), isLast);
    this.#endsLinesWithCr = endsLinesWithCr(text);
    return this.#withLineFeeds(text);
  }

  #withLineFeeds(text: Buffer): Buffer {
    if (this.#endsLinesWithCr)
      for (let at = text.indexOf(CARRIAGE_RETURN); at !== -1; at = text.indexOf(CARRIAGE_RETURN, at + 1))
        text[at] = LINE_FEED;
    return text;
  }
}

function decoderFor(start: Buffer): Decode {
  const encoding = wideEncodingOf(start);
  if (encoding === undefined) return (chunk) => chunk;
  const decoder = new TextDecoder(encoding);
  return (chunk, isLast) => Buffer.from(decoder.decode(chunk, { stream: !isLast }));
}

/** By the byte-order mark, or by the zeros that are every second byte of the names in the header row. */
function wideEncodingOf(start: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const sample = start.subarray(0, 64);
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]!++;
  });
  if (Math.max(...zeros) * 4 < sample.length || sample.length < 2) return undefined;
  return zeros[1]! > zeros[0]! ? "utf-16le" : "utf-16be";
}

/** Whether the first line ends so: a return that a line feed follows is a part of it, and so is one before that. */
function endsLinesWithCr(text: Buffer): boolean {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LINE_FEED && !isQuoted) return false;
    else if (byte === CARRIAGE_RETURN && !isQuoted) {
      while (text[at] === CARRIAGE_RETURN) at++;
      return text[at] !== LINE_FEED;
    }
  }
  return false;
}
