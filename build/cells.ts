/** Makes the cells of an index: those of events by the rules, and those of default banners where there is none. */
import type { Rule } from "../src/index/sections.js";
import type { EventCounts } from "./count/counters.js";
import { rank, type Ranking } from "./rank.js";
import { distinct } from "./read/id-map.js";

export interface RankedCell extends Omit<Ranking, "rule"> {
  readonly period: number;
  readonly campaign: number;
  readonly rule: Rule;
}

const NO_EVENTS = { impressions: 0, clicks: 0, conversions: 0, revenue: 0n };

export class Cells {
  /** Ascending. */
  readonly campaignIds: Uint32Array;
  /** Banners of each cell, by `index in campaignIds * periods + period - 1`; 0 where there is no cell. */
  readonly sizes: Uint32Array;
  readonly entries: number;
  readonly #counts: EventCounts;
  readonly #defaultBanners: ReadonlyMap<number, number>;
  /** 1 where the cell is of a default banner, in the order of `sizes`. */
  readonly #isDefault: Uint8Array;

  /** @param defaultBanners by campaign */
  constructor(counts: EventCounts, defaultBanners: ReadonlyMap<number, number>) {
    this.#counts = counts;
    this.#defaultBanners = defaultBanners;
    this.campaignIds = distinct(Uint32Array.from([...counts.campaignIds, ...defaultBanners.keys()]));
    this.sizes = counts.cellSizes(this.campaignIds);
    this.#isDefault = new Uint8Array(this.sizes.length);
    this.sizes.forEach((size, at) => {
      if (size > 0 || !defaultBanners.has(this.#campaignAt(at))) return;
      this.sizes[at] = this.#isDefault[at] = 1;
    });
    this.entries = this.sizes.reduce((sum, size) => sum + size, 0);
  }

  *[Symbol.iterator](): Generator<RankedCell> {
    for (const { period, campaign, banners } of this.#counts.cells()) yield { period, campaign, ...rank(banners) };
    for (let at = this.#isDefault.indexOf(1); at !== -1; at = this.#isDefault.indexOf(1, at + 1)) {
      const campaign = this.#campaignAt(at);
      const banners = [{ banner: this.#defaultBanners.get(campaign)!, ...NO_EVENTS }];
      const period = (at % this.#counts.periods) + 1;
      yield { period, campaign, rule: "default", x: 0, banners, fixed: 1, randomPlaces: 0, pool: 0 };
    }
  }

  #campaignAt(cell: number): number {
    return this.campaignIds[Math.floor(cell / this.#counts.periods)]!;
  }
}
