/** A seed and amounts to rows: each is made from its number alone, so that a repeat can say again what an earlier row said. */
import { plantedAt, repeatedRow, rowsBefore, rowsOfPeriod, type Amounts, type EventKind } from "./amounts.js";
import { chanceOf, zipfRanks } from "./chance.js";
import { PairRows, putComma, putMillionths, putNewline, putNumber } from "./row-bytes.js";

/** Writes a row of a file, by its number from 0, at a place, and says where the next byte goes. */
export type PutRow = (bytes: Uint8Array, at: number, row: number) => number;

export const HEADERS: Readonly<Record<EventKind, string>> = {
  impressions: "banner_id,campaign_id\n",
  clicks: "click_id,banner_id,campaign_id\n",
  conversions: "conversion_id,click_id,revenue\n",
};

/** What the revenue is a multiple of, in millionths: most are prices. */
const STEPS = [10_000, 10_000, 100, 1] as const;
const MOST_REVENUE = 20_000_000;

export class Events {
  /** The sum of the revenue that counts, in millionths, of the rows that were put. */
  revenue = 0n;
  readonly pairRows: PairRows;
  readonly #campaignRanks: Uint32Array;
  readonly #bannerRanks: Uint32Array;

  constructor(
    readonly amounts: Amounts,
    readonly seed: number,
  ) {
    this.pairRows = new PairRows(amounts);
    this.#campaignRanks = zipfRanks(amounts.campaigns);
    this.#bannerRanks = zipfRanks(amounts.banners);
  }

  rowsOf(kind: EventKind, period: number): PutRow {
    const before = rowsBefore(this.amounts[kind], period, this.amounts.periods);
    if (kind === "impressions") return this.#impressions(before);
    return kind === "clicks" ? this.#clicks(before) : this.#conversions(before, period);
  }

  #impressions(before: number): PutRow {
    const chance = chanceOf(this.seed, "impression");
    return (bytes, at, row) => this.pairRows.put(bytes, at, this.#pairOf(chance(before + row)));
  }

  #clicks(before: number): PutRow {
    const { campaigns, banners } = this.amounts;
    const chance = chanceOf(this.seed, "click");
    const repeats = chanceOf(this.seed, "repeated click");
    return (bytes, at, row) => {
      const planted = plantedAt("clicks", row);
      const said = before + (planted === undefined ? row : repeatedRow(row, repeats(before + row)));
      const other = planted === "conflict" ? 1 : 0;
      const pair = (this.#pairOf(chance(said)) + other) % (campaigns * banners);
      return this.pairRows.put(bytes, putComma(bytes, putNumber(bytes, at, said + 1)), pair);
    };
  }

  #conversions(before: number, period: number): PutRow {
    const repeats = chanceOf(this.seed, "repeated conversion");
    const clickOf = this.#convertedClicks(period);
    const revenueOf = this.#revenues();
    return (bytes, at, row) => {
      const planted = plantedAt("conversions", row);
      const isRepeat = planted === "duplicate" || planted === "conflict";
      const said = before + (isRepeat ? repeatedRow(row, repeats(before + row)) : row);
      const click = planted === "orphan" ? this.amounts.clicks + said + 1 : clickOf(said);
      const revenue = revenueOf(said) + (planted === "conflict" ? 1 : 0);
      if (planted === undefined) this.revenue += BigInt(revenue);
      const place = putComma(bytes, putNumber(bytes, putComma(bytes, putNumber(bytes, at, said + 1)), click));
      return putNewline(bytes, putMillionths(bytes, place, revenue));
    };
  }

  /** The click id that a conversion names: one of its period, or one time in eight of any. */
  #convertedClicks(period: number): (said: number) => number {
    const { clicks, periods } = this.amounts;
    const which = chanceOf(this.seed, "converted click");
    const where = chanceOf(this.seed, "its period");
    return (said) => {
      const drawn = where(said);
      const from = drawn % 8 === 0 ? ((drawn >>> 3) % periods) + 1 : period;
      const row = which(said) % rowsOfPeriod(clicks, from, periods);
      return rowsBefore(clicks, from, periods) + (plantedAt("clicks", row) === undefined ? row : row - 1) + 1;
    };
  }

  /** In millionths: small ones are more frequent, and one in a hundred is a refund. */
  #revenues(): (said: number) => number {
    const chance = chanceOf(this.seed, "revenue");
    const kind = chanceOf(this.seed, "kind of revenue");
    return (said) => {
      const share = chance(said) / 2 ** 32;
      const drawn = kind(said);
      const step = STEPS[drawn & 3]!;
      const size = Math.ceil((share * share * MOST_REVENUE) / step) * step;
      return (drawn >>> 2) % 100 === 0 ? -size : size;
    };
  }

  #pairOf(chance: number): number {
    return this.#campaignRanks[chance >>> 16]! * this.amounts.banners + this.#bannerRanks[chance & 0xffff]!;
  }
}
