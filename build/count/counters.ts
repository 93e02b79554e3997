/** Counts events into the statistics of each cell. */
import type { Statistics } from "../read/event-rows.js";
import { OUTSIDE } from "../read/event-time.js";
import { distinct, ensureCapacity, IdMap, mapIds } from "../read/id-map.js";

export interface Cell {
  readonly period: number;
  readonly campaign: number;
  readonly banners: readonly Statistics[];
}

/** What counts of one period. */
export interface PeriodSums {
  impressions: number;
  clicks: number;
  conversions: number;
  /** Millionths. */
  revenue: bigint;
}

/** In place of a counter: the event is outside of the window. */
export const OUTSIDE_COUNTER = 0xffffffff;

/** A counter is one of a period, campaign and banner. Only events that count come here. */
export class EventCounts {
  readonly #pairs = new IdMap(2);
  #impressions = new Uint32Array(0);
  #clicks = new Uint32Array(0);
  #conversions = new Uint32Array(0);
  #revenue = new BigInt64Array(0);
  /** By pair: 1 where the banner is in the campaign's cells though nothing may be counted there. */
  #isPlaced = new Uint8Array(0);
  #countersOfRows = new Uint32Array(0);

  constructor(readonly periods: number) {}

  counterOf(period: number, campaign: number, banner: number): number {
    const count = this.#pairs.size;
    const pair = this.#pairs.add(campaign, banner);
    if (pair === count) this.#ensureCapacity();
    return pair * this.periods + period - 1;
  }

  /**
   * The counters of many pairs, each in its period or all in one, or OUTSIDE_COUNTER: valid until the next call.
   */
  countersOf(periods: Uint8Array | number, campaigns: Uint32Array, banners: Uint32Array): Uint32Array {
    const { length } = campaigns;
    this.#countersOfRows = ensureCapacity(this.#countersOfRows, length);
    const counters = this.#countersOfRows;
    this.#pairs.addAll(campaigns, banners, length, counters);
    this.#ensureCapacity();
    for (let row = 0; row < length; row++) {
      const period = typeof periods === "number" ? periods : periods[row]!;
      counters[row] = period === OUTSIDE ? OUTSIDE_COUNTER : counters[row]! * this.periods + period - 1;
    }
    return counters;
  }

  #ensureCapacity(): void {
    const length = this.#pairs.size * this.periods;
    this.#impressions = ensureCapacity(this.#impressions, length);
    this.#clicks = ensureCapacity(this.#clicks, length);
    this.#conversions = ensureCapacity(this.#conversions, length);
    this.#revenue = ensureCapacity(this.#revenue, length);
  }

  /** Adds nothing and returns false where the sum does not fit into 32 bits. */
  addImpression(counter: number, count = 1): boolean {
    const sum = this.#impressions[counter]! + count;
    if (sum > 0xffffffff) return false;
    this.#impressions[counter] = sum;
    return true;
  }

  addClick(counter: number): void {
    this.#clicks[counter]!++;
  }

  /** Adds those from `start` to before `end`, and returns how many are not outside. */
  addClicks(counters: Uint32Array, start: number, end: number): number {
    const clicks = this.#clicks;
    let count = 0;
    for (let row = start; row < end; row++) {
      const counter = counters[row]!;
      if (counter === OUTSIDE_COUNTER) continue;
      clicks[counter]!++;
      count++;
    }
    return count;
  }

  /** Adds nothing and returns false where the revenue, in millionths, does not fit into 64 bits. */
  addConversion(counter: number, revenue: bigint): boolean {
    const sum = this.#revenue[counter]! + revenue;
    if (BigInt.asIntN(64, sum) !== sum) return false;
    this.#revenue[counter] = sum;
    this.#conversions[counter]!++;
    return true;
  }

  pairOf(counter: number): { campaign: number; banner: number } {
    const pair = Math.floor(counter / this.periods);
    return { campaign: this.#pairs.first[pair]!, banner: this.#pairs.second[pair]! };
  }

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

  /** Puts a banner into the campaign's cell of every period, with what is counted there, if anything is. */
  place(campaign: number, banner: number): void {
    const pair = Math.floor(this.counterOf(1, campaign, banner) / this.periods);
    this.#isPlaced = ensureCapacity(this.#isPlaced, pair + 1);
    this.#isPlaced[pair] = 1;
  }

  /** Whether nothing was counted by it. */
  isEmpty(counter: number): boolean {
    return this.#impressions[counter] === 0 && this.#clicks[counter] === 0;
  }

  countClicksWithoutImpression(): number {
    let count = 0;
    for (let counter = 0; counter < this.#pairs.size * this.periods; counter++)
      if (this.#impressions[counter] === 0) count += this.#clicks[counter]!;
    return count;
  }

  sumsByPeriod(): PeriodSums[] {
    const sums = Array.from({ length: this.periods }, () => ({
      impressions: 0,
      clicks: 0,
      conversions: 0,
      revenue: 0n,
    }));
    for (let counter = 0; counter < this.#pairs.size * this.periods; counter++) {
      const ofPeriod = sums[counter % this.periods]!;
      ofPeriod.impressions += this.#impressions[counter]!;
      ofPeriod.clicks += this.#clicks[counter]!;
      ofPeriod.conversions += this.#conversions[counter]!;
      ofPeriod.revenue += this.#revenue[counter]!;
    }
    return sums;
  }

  countEntries(): number {
    let count = 0;
    for (let pair = 0; pair < this.#pairs.size; pair++)
      for (let period = 1; period <= this.periods; period++) if (this.#isInCell(pair, period)) count++;
    return count;
  }

  /** Forgets the events and places of these banners, and names each cell that had one. */
  leaveOut(
    leftOut: Pick<ReadonlySet<number>, "has">,
    onCell: (banner: number, period: number, campaign: number) => void,
  ): void {
    const { first: campaigns, second: banners } = this.#pairs;
    for (let pair = 0; pair < banners.length; pair++) {
      if (!leftOut.has(banners[pair]!)) continue;
      const start = pair * this.periods;
      for (let period = 1; period <= this.periods; period++)
        if (this.#isInCell(pair, period)) onCell(banners[pair]!, period, campaigns[pair]!);
      for (const column of [this.#impressions, this.#clicks, this.#conversions])
        column.fill(0, start, start + this.periods);
      this.#revenue.fill(0n, start, start + this.periods);
      this.#isPlaced.fill(0, pair, pair + 1);
    }
  }

  get campaignIds(): Uint32Array {
    return distinct(this.#pairs.first.filter((_, pair) => this.#isPairUsed(pair)));
  }

  get bannerIds(): Uint32Array {
    return distinct(this.#pairs.second.filter((_, pair) => this.#isPairUsed(pair)));
  }

  /** The banners of each cell, by `index of its campaign * periods + period - 1`. */
  cellSizes(campaignIds: Uint32Array): Uint32Array {
    const indexes = mapIds(campaignIds);
    const sizes = new Uint32Array(campaignIds.length * this.periods);
    const { first: campaigns } = this.#pairs;
    for (let pair = 0; pair < campaigns.length; pair++) {
      const cell = indexes.find(campaigns[pair]!) * this.periods;
      for (let period = 1; period <= this.periods; period++)
        if (this.#isInCell(pair, period)) sizes[cell + period - 1]!++;
    }
    return sizes;
  }

  /** The cells that have banners, in order of campaign, then period. */
  *cells(): Generator<Cell> {
    const banners = this.#pairs.second;
    for (const { campaign, pairs } of this.#pairsByCampaign())
      for (let period = 1; period <= this.periods; period++) {
        const cell: Statistics[] = [];
        for (const pair of pairs)
          if (this.#isInCell(pair, period))
            cell.push(this.#statistics(banners[pair]!, pair * this.periods + period - 1));
        if (cell.length > 0) yield { period, campaign, banners: cell };
      }
  }

  /** A counting sort: with a comparator, as many pairs as memory holds take a minute. */
  *#pairsByCampaign(): Generator<{ campaign: number; pairs: Uint32Array }> {
    const { first: campaigns } = this.#pairs;
    const ids = distinct(campaigns);
    const indexes = mapIds(ids);
    // Where the pairs of each campaign start; once they are sorted, where they end.
    const next = new Uint32Array(ids.length + 1);
    for (const campaign of campaigns) next[indexes.find(campaign) + 1]!++;
    for (let at = 1; at <= ids.length; at++) next[at]! += next[at - 1]!;
    const pairs = new Uint32Array(campaigns.length);
    for (let pair = 0; pair < campaigns.length; pair++) pairs[next[indexes.find(campaigns[pair]!)]!++] = pair;
    for (let at = 0, start = 0; at < ids.length; start = next[at++]!)
      yield { campaign: ids[at]!, pairs: pairs.subarray(start, next[at]) };
  }

  // A conversion has a click.
  #isInCell(pair: number, period: number): boolean {
    return !this.isEmpty(pair * this.periods + period - 1) || this.#isPlaced[pair] === 1;
  }

  // A click that was rejected as a conflict may have left an empty counter.
  #isPairUsed(pair: number): boolean {
    for (let period = 1; period <= this.periods; period++) if (this.#isInCell(pair, period)) return true;
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
