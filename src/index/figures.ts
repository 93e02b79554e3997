/** Adds up the entries of cells, exactly and without an object for each: there may be tens of millions. */
import { NONE, type Catalog } from "./catalog.js";
import type { Index } from "./format.js";

export interface Figures {
  /** Millionths. */
  readonly revenue: bigint;
  readonly conversions: number;
  readonly clicks: number;
  readonly impressions: number;
}

const HALF = 2 ** 32;

/** The halves of each entry's revenue, the lower first: the index is little-endian. */
interface RevenueHalves {
  readonly low: Uint32Array;
  readonly high: Int32Array;
}

type Revenues = Pick<Index, "entryRevenue">;

function revenueHalves({ entryRevenue }: Revenues): RevenueHalves {
  const { buffer, byteOffset, length } = entryRevenue;
  return { low: new Uint32Array(buffer, byteOffset, 2 * length), high: new Int32Array(buffer, byteOffset, 2 * length) };
}

/** From the entry `start` to before `end`: at most 2^21, so that the sums of halves stay below 2^53. */
export function figuresOf(index: Index, start: number, end: number): Figures {
  const { entryConversions, entryClicks, entryImpressions } = index;
  const { low, high } = revenueHalves(index);
  let lows = 0;
  let highs = 0;
  let conversions = 0;
  let clicks = 0;
  let impressions = 0;
  for (let entry = start; entry < end; entry++) {
    lows += low[2 * entry]!;
    highs += high[2 * entry + 1]!;
    conversions += entryConversions[entry]!;
    clicks += entryClicks[entry]!;
    impressions += entryImpressions[entry]!;
  }
  return { revenue: BigInt(highs) * BigInt(HALF) + BigInt(lows), conversions, clicks, impressions };
}

export function campaignFigures(catalog: Catalog, campaign: number): Figures {
  const sum = { revenue: 0n, conversions: 0, clicks: 0, impressions: 0 };
  for (let period = 1; period <= catalog.index.counts.periods; period++) {
    const cell = catalog.cellOf(campaign, period);
    if (cell === NONE) continue;
    const figures = figuresOf(catalog.index, catalog.cells.startOf(cell), catalog.cells.endOf(cell));
    sum.revenue += figures.revenue;
    sum.conversions += figures.conversions;
    sum.clicks += figures.clicks;
    sum.impressions += figures.impressions;
  }
  return sum;
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

  get(at: number): bigint {
    return (BigInt(this.#high[at]!) << 32n) + BigInt(this.#low[at]!);
  }

  byGreatest(a: number, b: number): number {
    return this.#high[b]! - this.#high[a]! || this.#low[b]! - this.#low[a]! || a - b;
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
