/** Reads fields where they lie in the bytes of a line. One that is not plain is left to `csv-rows`, which says why. */
import { LARGEST_ID } from "../../src/index/ids.js";

const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
export const DIGIT_0 = 0x30;
const DELETE = 0x7f;

/** So many digits fit into 32 bits, whatever they are. */
export const MAX_SHORT_DIGITS = 9;
const MAX_DECIMALS = 6;
const POWERS = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
const TWO_32 = 2 ** 32;

/** The last line must end with a line feed, so that no look ahead leaves the bytes. */
export class ByteFields {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the field starts, and once it is read, the delimiter or the end of the line behind it. */
  at = 0;
  /** The halves of the revenue that was read last: millionths, as 64 bits in two's complement. */
  low = 0;
  high = 0;
  /** The bounds of the text that was read last. */
  textStart = 0;
  textEnd = 0;
  #isQuoted = false;

  constructor(readonly delimiter: number) {}

  /** 0 for what is no plain id. */
  id(): number {
    const { bytes } = this;
    let at = this.#open();
    const start = at;
    let value = bytes[at]! - DIGIT_0;
    if (value < 1 || value > 9) return 0;
    for (let digit = bytes[++at]! - DIGIT_0; digit >= 0 && digit <= 9; digit = bytes[++at]! - DIGIT_0)
      value = (Math.imul(value, 10) + digit) | 0;
    if (at - start > MAX_SHORT_DIGITS) value = this.#longId(start, at);
    return this.#close(at) ? value : 0;
  }

  /** -1 for what is no plain count. */
  count(): number {
    if (this.bytes[this.at] !== DIGIT_0) return this.id() || -1;
    this.#isQuoted = false;
    return this.#close(this.at + 1) ? 0 : -1;
  }

  /** False for what is no plain revenue, or has more than nine digits before the point. */
  revenue(): boolean {
    const { bytes } = this;
    let at = this.#open();
    const sign = bytes[at]!;
    if (sign === MINUS || sign === PLUS) at++;
    const start = at;
    let whole = 0;
    for (let digit = bytes[at]! - DIGIT_0; digit >= 0 && digit <= 9; digit = bytes[++at]! - DIGIT_0)
      whole = (Math.imul(whole, 10) + digit) | 0;
    const digits = at - start;
    if (digits > MAX_SHORT_DIGITS) return false;
    let fraction = 0;
    let decimals = 0;
    const mark = bytes[at];
    if (mark === POINT || (mark === COMMA && this.delimiter !== COMMA)) {
      for (let digit = bytes[++at]! - DIGIT_0; digit >= 0 && digit <= 9; digit = bytes[++at]! - DIGIT_0) {
        if (decimals === MAX_DECIMALS) {
          if (digit !== 0) return false;
        } else {
          fraction = (Math.imul(fraction, 10) + digit) | 0;
          decimals++;
        }
      }
    }
    if (digits + decimals === 0) return false;
    const size = whole * 1_000_000 + fraction * POWERS[decimals]!;
    const millionths = sign === MINUS ? -size : size;
    this.high = Math.floor(millionths / TWO_32);
    this.low = millionths - this.high * TWO_32;
    return this.#close(at);
  }

  /** False for what is empty, or not ASCII alone; sets the bounds, without blanks and quotes around. */
  text(): boolean {
    const { bytes, delimiter } = this;
    const start = this.#open();
    let at = start;
    for (let byte = bytes[at]!; byte >= SPACE && byte < DELETE && byte !== QUOTE; byte = bytes[++at]!)
      if (byte === delimiter && !this.#isQuoted) break;
    let end = at;
    while (end > start && bytes[end - 1] === SPACE) end--;
    this.textStart = start;
    this.textEnd = end;
    return end > start && this.#close(at);
  }

  /** False where a quote that opens is not closed in the line, or stands doubled within. */
  skip(): boolean {
    const { bytes, delimiter } = this;
    let at = this.#open();
    if (this.#isQuoted) {
      while (bytes[at] !== QUOTE && bytes[at] !== LINE_FEED) at++;
      return this.#close(at);
    }
    while (bytes[at] !== delimiter && bytes[at] !== LINE_FEED) at++;
    this.at = at;
    return true;
  }

  /** Returns where the content starts. */
  #open(): number {
    const byte = this.bytes[this.at]!;
    this.#isQuoted = false;
    if (byte > QUOTE || byte === LINE_FEED) return this.at;
    const at = this.#skipBlanks(this.at);
    this.#isQuoted = this.bytes[at] === QUOTE;
    return this.#isQuoted ? this.#skipBlanks(at + 1) : at;
  }

  /** Whether the field ends there, but for blanks and the quote that is open. */
  #close(end: number): boolean {
    this.at = end;
    const byte = this.bytes[end]!;
    if (!this.#isQuoted && (byte === this.delimiter || byte === LINE_FEED)) return true;
    let at = this.#skipBlanks(end);
    if (this.#isQuoted && this.bytes[at++] !== QUOTE) return false;
    at = this.#skipBlanks(at);
    this.at = at;
    return this.bytes[at] === this.delimiter || this.bytes[at] === LINE_FEED || this.bytes[at] === CARRIAGE_RETURN;
  }

  #skipBlanks(start: number): number {
    let at = start;
    for (let byte = this.bytes[at]; byte === SPACE || byte === TAB; byte = this.bytes[++at])
      if (byte === this.delimiter) break;
    return at;
  }

  /** 0 where it is larger than an id may be. */
  #longId(start: number, end: number): number {
    let value = 0;
    for (let at = start; at < end && value <= LARGEST_ID; at++) value = value * 10 + this.bytes[at]! - DIGIT_0;
    return value <= LARGEST_ID ? value : 0;
  }
}
