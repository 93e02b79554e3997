/** Numbers and rows to the bytes of CSV, written in place. */
import type { Amounts } from "./amounts.js";

const DIGIT_0 = 0x30;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const NEWLINE = 0x0a;

/** More than any row takes. */
export const LONGEST_ROW = 64;

/** Where the next byte goes. `number` is whole, and not negative. */
export function putNumber(bytes: Uint8Array, at: number, number: number): number {
  let end = at + 1;
  for (let most = 10; number >= most; most *= 10) end++;
  let rest = number;
  for (let place = end - 1; place >= at; place--) {
    const tens = Math.floor(rest / 10);
    bytes[place] = DIGIT_0 + rest - tens * 10;
    rest = tens;
  }
  return end;
}

export function putComma(bytes: Uint8Array, at: number): number {
  bytes[at] = COMMA;
  return at + 1;
}

export function putNewline(bytes: Uint8Array, at: number): number {
  bytes[at] = NEWLINE;
  return at + 1;
}

/** A plain decimal without needless zeros. */
export function putMillionths(bytes: Uint8Array, at: number, millionths: number): number {
  const size = Math.abs(millionths);
  const whole = Math.floor(size / 1e6);
  let place = at;
  if (millionths < 0) bytes[place++] = MINUS;
  place = putNumber(bytes, place, whole);
  const fraction = size - whole * 1e6;
  if (fraction === 0) return place;
  bytes[place++] = POINT;
  for (let rest = fraction, unit = 1e5; rest > 0; unit /= 10) {
    const digit = Math.floor(rest / unit);
    bytes[place++] = DIGIT_0 + digit;
    rest -= digit * unit;
  }
  return place;
}

/** The end of a row, `banner,campaign` and a newline, for each pair: a campaign's number from 0 times its banners, plus a banner's. */
export class PairRows {
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;

  constructor({ campaigns, banners }: Amounts) {
    const pairs = campaigns * banners;
    const bytes = new Uint8Array(pairs * 24);
    this.#starts = new Uint32Array(pairs + 1);
    let at = 0;
    for (let pair = 0; pair < pairs; pair++) {
      const campaign = Math.floor(pair / banners);
      // Neighbours among campaigns share half of their banners.
      const banner = 100 + Math.floor((campaign * banners) / 2) + (pair % banners);
      at = putNewline(bytes, putNumber(bytes, putComma(bytes, putNumber(bytes, at, banner)), campaign + 1));
      this.#starts[pair + 1] = at;
    }
    this.#bytes = bytes.slice(0, at);
  }

  /** Where the next byte goes. */
  put(bytes: Uint8Array, at: number, pair: number): number {
    let place = at;
    const end = this.#starts[pair + 1]!;
    for (let from = this.#starts[pair]!; from < end; from++) bytes[place++] = this.#bytes[from]!;
    return place;
  }

  get longest(): number {
    return this.#starts.reduce((most, start, pair) => Math.max(most, start - (this.#starts[pair - 1] ?? 0)), 0);
  }
}
