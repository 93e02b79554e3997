/** Adds up revenue exactly, in columns: there may be millions of sums. It runs in browsers too. */
import type { Sections } from "./sections.js";

export const HALF = 2 ** 32;

/** The halves of each entry's revenue, the lower first: the index is little-endian. */
interface RevenueHalves {
  readonly low: Uint32Array;
  readonly high: Int32Array;
}

type Revenues = Pick<Sections, "entryRevenue">;

export function revenueHalves({ entryRevenue }: Revenues): RevenueHalves {
  const { buffer, byteOffset, length } = entryRevenue;
  return { low: new Uint32Array(buffer, byteOffset, 2 * length), high: new Int32Array(buffer, byteOffset, 2 * length) };
}

/** Sums of revenue. Each is `high * 2^32 + low`, `low` from 0 to 2^32 - 1, both exact in a double. */
export class RevenueSums {
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #revenue: RevenueHalves;

  constructor(length: number, index: Revenues) {
    this.#low = new Float64Array(length);
    this.#high = new Float64Array(length);
    this.#revenue = revenueHalves(index);
  }

  add(at: number, entry: number): void {
    const low = this.#low[at]! + this.#revenue.low[2 * entry]!;
    const carry = low >= HALF ? 1 : 0;
    this.#low[at] = low - carry * HALF;
    this.#high[at]! += this.#revenue.high[2 * entry + 1]! + carry;
  }

  /** Of the entries alone, whatever was added. */
  between(start: number, end: number): bigint {
    // The sums of so many halves stay below 2^53.
    const middle = start + 2 ** 21;
    if (end > middle) return this.between(start, middle) + this.between(middle, end);
    const { low, high } = this.#revenue;
    let lows = 0;
    let highs = 0;
    for (let entry = start; entry < end; entry++) {
      lows += low[2 * entry]!;
      highs += high[2 * entry + 1]!;
    }
    return BigInt(highs) * BigInt(HALF) + BigInt(lows);
  }

  get(at: number): bigint {
    return (BigInt(this.#high[at]!) << 32n) + BigInt(this.#low[at]!);
  }

  /** Of sums whose halves add up to less than 2^53 each. */
  sum(places: Uint32Array): bigint {
    let low = 0;
    let high = 0;
    for (let at = 0; at < places.length; at++) {
      low += this.#low[places[at]!]!;
      high += this.#high[places[at]!]!;
    }
    return (BigInt(high) << 32n) + BigInt(low);
  }

  /** Rounded to a double. */
  rounded(at: number): number {
    return this.#high[at]! * HALF + this.#low[at]!;
  }

  compare(a: number, b: number): number {
    return this.#high[a]! - this.#high[b]! || this.#low[a]! - this.#low[b]!;
  }

  byGreatest(a: number, b: number): number {
    return this.compare(b, a) || a - b;
  }

  /** Sorts no more than 2 * `count` at a time. */
  greatest(count: number, among: Iterable<number> = this.#high.keys()): number[] {
    const byGreatest = (a: number, b: number): number => this.byGreatest(a, b);
    let best: number[] = [];
    let isFull = false;
    for (const at of among) {
      if (isFull && byGreatest(at, best[count - 1]!) > 0) continue;
      best.push(at);
      if (best.length < 2 * count) continue;
      best = best.sort(byGreatest).slice(0, count);
      isFull = true;
    }
    return best.sort(byGreatest).slice(0, count);
  }
}
