/** Reads what is compared of cells, from a whole index or from what is kept of one. */
import { NONE, type Catalog } from "../../index/catalog.js";
import { RevenueSums } from "../../index/figures.js";
import { lowerBound } from "../../index/ids.js";

/** Cells are numbered from 0, with gaps. */
export interface ComparedCells {
  readonly length: number;
  /** Indexes in `bannerIds`: a cell may show those from its start to before its end. */
  readonly banners: Uint32Array;
  /** 0 in a gap. */
  campaignOf(cell: number): number;
  periodOf(cell: number): number;
  /** NONE where there is no cell. */
  find(campaign: number, period: number): number;
  ruleOf(cell: number): number;
  startOf(cell: number): number;
  endOf(cell: number): number;
  hasEvents(cell: number): boolean;
  /** Millionths, of all its banners. */
  revenueOf(cell: number): bigint;
}

/** In the order of the file, in which two indexes of much the same campaigns are read from end to end. */
export class LoadedCells implements ComparedCells {
  readonly length: number;
  readonly banners: Uint32Array;
  readonly #index: Catalog["index"];
  readonly #cells: Catalog["cells"];
  readonly #revenue: RevenueSums;

  constructor({ index, cells }: Catalog) {
    this.length = cells.length;
    this.banners = index.entryBanner;
    this.#index = index;
    this.#cells = cells;
    this.#revenue = new RevenueSums(0, index);
  }

  campaignOf(cell: number): number {
    return this.#cells.campaignOf(cell);
  }

  periodOf(cell: number): number {
    return this.#cells.periodOf(cell);
  }

  find(campaign: number, period: number): number {
    return this.#cells.find(campaign, period);
  }

  ruleOf(cell: number): number {
    return this.#cells.ruleOf(cell);
  }

  startOf(cell: number): number {
    return this.#cells.startOf(cell);
  }

  endOf(cell: number): number {
    const cells = this.#cells;
    // All of a pool may be drawn.
    return cells.randomOf(cell) > 0 ? cells.endOf(cell) : cells.startOf(cell) + cells.fixedOf(cell);
  }

  hasEvents(cell: number): boolean {
    const { entryClicks, entryImpressions } = this.#index;
    const end = this.#cells.endOf(cell);
    for (let entry = this.startOf(cell); entry < end; entry++)
      if (entryImpressions[entry] !== 0 || entryClicks[entry] !== 0) return true;
    return false;
  }

  revenueOf(cell: number): bigint {
    return this.#revenue.between(this.startOf(cell), this.#cells.endOf(cell));
  }
}

/** A copy, so that the index can be let go. A cell's number is `campaign * periods + period`, both from 0. */
export class KeptCells implements ComparedCells {
  readonly length: number;
  readonly banners: Uint32Array;
  readonly #periods: number;
  readonly #campaigns: Uint32Array;
  /** One more than the rule; 0 in a gap. */
  readonly #rules: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #hasEvents: Uint8Array;
  readonly #revenueLow: Uint32Array;
  readonly #revenueHigh: Float64Array;

  constructor(cells: ComparedCells, campaigns: Uint32Array, periods: number) {
    const length = campaigns.length * periods;
    this.length = length;
    this.#periods = periods;
    this.#campaigns = campaigns;
    this.#rules = new Uint8Array(length);
    this.#starts = new Uint32Array(length);
    this.#ends = new Uint32Array(length);
    this.#hasEvents = new Uint8Array(length);
    this.#revenueLow = new Uint32Array(length);
    this.#revenueHigh = new Float64Array(length);
    const banners = new Uint32Array(cells.banners.length);
    let used = 0;
    for (let cell = 0; cell < cells.length; cell++) {
      const campaign = cells.campaignOf(cell);
      if (campaign === 0) continue;
      const at = lowerBound(campaigns, campaign) * periods + cells.periodOf(cell) - 1;
      const revenue = cells.revenueOf(cell);
      this.#rules[at] = cells.ruleOf(cell) + 1;
      this.#hasEvents[at] = Number(cells.hasEvents(cell));
      this.#revenueLow[at] = Number(BigInt.asUintN(32, revenue));
      this.#revenueHigh[at] = Number(revenue >> 32n);
      this.#starts[at] = used;
      for (let from = cells.startOf(cell); from < cells.endOf(cell); from++) banners[used++] = cells.banners[from]!;
      this.#ends[at] = used;
    }
    this.banners = banners.slice(0, used);
  }

  campaignOf(cell: number): number {
    return this.#rules[cell] === 0 ? 0 : this.#campaigns[Math.floor(cell / this.#periods)]!;
  }

  periodOf(cell: number): number {
    return (cell % this.#periods) + 1;
  }

  find(campaign: number, period: number): number {
    const at = lowerBound(this.#campaigns, campaign);
    const cell = at * this.#periods + period - 1;
    return this.#campaigns[at] === campaign && this.#rules[cell] !== 0 ? cell : NONE;
  }

  ruleOf(cell: number): number {
    return this.#rules[cell]! - 1;
  }

  startOf(cell: number): number {
    return this.#starts[cell]!;
  }

  endOf(cell: number): number {
    return this.#ends[cell]!;
  }

  hasEvents(cell: number): boolean {
    return this.#hasEvents[cell] === 1;
  }

  revenueOf(cell: number): bigint {
    return (BigInt(this.#revenueHigh[cell]!) << 32n) + BigInt(this.#revenueLow[cell]!);
  }
}
