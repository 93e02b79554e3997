/** Events to the statistics of each cell. */
import type { Statistics } from "./rank.js";
import { distinct, grown, KeyTable } from "./typed-columns.js";

/** One (period, campaign) with all its banners. */
export interface Cell {
  readonly period: number;
  readonly campaign: number;
  readonly banners: readonly Statistics[];
}

/** Counts by counter: one of a period, campaign and banner. Takes only events that count. */
export class EventCounts {
  readonly #pairs = new KeyTable(2);
  #impressions = new Uint32Array(0);
  #clicks = new Uint32Array(0);
  #conversions = new Uint32Array(0);
  #revenue = new BigInt64Array(0);

  constructor(readonly periods: number) {}

  /** The number of a counter, which is made where it is new. */
  counterOf(period: number, campaign: number, banner: number): number {
    const count = this.#pairs.size;
    const pair = this.#pairs.add(campaign, banner);
    if (pair === count) {
      const length = this.#pairs.size * this.periods;
      this.#impressions = grown(this.#impressions, length);
      this.#clicks = grown(this.#clicks, length);
      this.#conversions = grown(this.#conversions, length);
      this.#revenue = grown(this.#revenue, length);
    }
    return pair * this.periods + period - 1;
  }

  /** Whether as many still fit into 32 bits; where they do not, none is added. */
  addImpression(counter: number, count = 1): boolean {
    const sum = this.#impressions[counter]! + count;
    if (sum > 0xffffffff) return false;
    this.#impressions[counter] = sum;
    return true;
  }

  addClick(counter: number): void {
    this.#clicks[counter]!++;
  }

  /** Whether the sum of the banner's revenue still fits into 64 bits of millionths; where it does not, nothing is added. */
  addConversion(counter: number, revenue: bigint): boolean {
    const sum = this.#revenue[counter]! + revenue;
    if (BigInt.asIntN(64, sum) !== sum) return false;
    this.#revenue[counter] = sum;
    this.#conversions[counter]!++;
    return true;
  }

  /** Whose counter it is. */
  pairOf(counter: number): { campaign: number; banner: number } {
    const pair = Math.floor(counter / this.periods);
    return { campaign: this.#pairs.first[pair]!, banner: this.#pairs.second[pair]! };
  }

  /** Sets a counter that has counted nothing. */
  setStatistics(counter: number, { impressions, clicks, conversions, revenue }: Statistics): void {
    this.#impressions[counter] = impressions;
    this.#clicks[counter] = clicks;
    this.#conversions[counter] = conversions;
    this.#revenue[counter] = revenue;
  }

  hasStatistics(counter: number, { impressions, clicks, conversions, revenue }: Statistics): boolean {
    return (
      this.#impressions[counter] === impressions &&
      this.#clicks[counter] === clicks &&
      this.#conversions[counter] === conversions &&
      this.#revenue[counter] === revenue
    );
  }

  /** Clicks of counters without an impression. */
  countClicksWithoutImpression(): number {
    let count = 0;
    for (let counter = 0; counter < this.#pairs.size * this.periods; counter++)
      if (this.#impressions[counter] === 0) count += this.#clicks[counter]!;
    return count;
  }

  /** How many counters have counted anything: the entries of the index. */
  countEntries(): number {
    let count = 0;
    for (let counter = 0; counter < this.#pairs.size * this.periods; counter++) if (this.#isUsed(counter)) count++;
    return count;
  }

  /** Those that have a cell, ascending. */
  get campaignIds(): Uint32Array {
    return distinct(this.#pairs.first.filter((_, pair) => this.#isPairUsed(pair)));
  }

  /** Those that are in a cell, ascending. */
  get bannerIds(): Uint32Array {
    return distinct(this.#pairs.second.filter((_, pair) => this.#isPairUsed(pair)));
  }

  /** The cells that have banners, in order of campaign, then period. */
  *cells(): Generator<Cell> {
    const { first: campaigns, second: banners } = this.#pairs;
    const pairs = Uint32Array.from(campaigns, (_, pair) => pair).sort((a, b) => campaigns[a]! - campaigns[b]!);
    for (let start = 0, end = 0; start < pairs.length; start = end) {
      const campaign = campaigns[pairs[start]!]!;
      while (end < pairs.length && campaigns[pairs[end]!] === campaign) end++;
      for (let period = 1; period <= this.periods; period++) {
        const cell: Statistics[] = [];
        for (const pair of pairs.subarray(start, end)) {
          const counter = pair * this.periods + period - 1;
          if (this.#isUsed(counter)) cell.push(this.#statistics(banners[pair]!, counter));
        }
        if (cell.length > 0) yield { period, campaign, banners: cell };
      }
    }
  }

  // A conversion has a click, so it need not be asked for.
  #isUsed(counter: number): boolean {
    return this.#impressions[counter] !== 0 || this.#clicks[counter] !== 0;
  }

  // A click that was rejected as a conflict may have left a counter that nothing was counted in.
  #isPairUsed(pair: number): boolean {
    for (let period = 0; period < this.periods; period++) if (this.#isUsed(pair * this.periods + period)) return true;
    return false;
  }

  #statistics(banner: number, counter: number): Statistics {
    return {
      banner,
      impressions: this.#impressions[counter]!,
      clicks: this.#clicks[counter]!,
      conversions: this.#conversions[counter]!,
      revenue: this.#revenue[counter]!,
    };
  }
}
