/** The entries of cells to their sums, exactly and without an object for each. */
import { NONE, type Catalog } from "../../index/catalog.js";
import type { Index } from "../../index/format.js";

export interface Figures {
  /** Millionths. */
  readonly revenue: bigint;
  readonly conversions: number;
  readonly clicks: number;
  readonly impressions: number;
}

const HALF = 2 ** 32;

/** The entries from `start` to before `end`, of which there are at most 2^21. */
export function figuresOf(index: Index, start: number, end: number): Figures {
  const { entryRevenue, entryConversions, entryClicks, entryImpressions } = index;
  // The halves of each revenue, the lower first: the index is little-endian, and their sums stay below 2^53.
  const low = new Uint32Array(entryRevenue.buffer, entryRevenue.byteOffset, 2 * entryRevenue.length);
  const high = new Int32Array(entryRevenue.buffer, entryRevenue.byteOffset, 2 * entryRevenue.length);
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

/** A campaign's in all periods. */
export function campaignFigures(catalog: Catalog, campaign: number): Figures {
  const sum = { revenue: 0n, conversions: 0, clicks: 0, impressions: 0 };
  for (let period = 1; period <= catalog.index.counts.periods; period++) {
    const cell = catalog.cellOf(campaign, period);
    if (cell === NONE) continue;
    const figures = figuresOf(catalog.index, catalog.cells.startOf(cell), catalog.cells.endOf(cell));
    const { revenue, conversions, clicks, impressions } = figures;
    sum.revenue += revenue;
    sum.conversions += conversions;
    sum.clicks += clicks;
    sum.impressions += impressions;
  }
  return sum;
}

/**
 * A campaign's revenue in all periods, in millionths, for an order alone: a sum of floating-point numbers, which is exact below 2^53.
 * It makes no object, so that a million of them are soon added up.
 */
export function roughRevenue(catalog: Catalog, campaign: number, halves: Uint32Array, signed: Int32Array): number {
  const { cells } = catalog;
  const { counts } = catalog.index;
  let sum = 0;
  for (let period = 1; period <= counts.periods; period++) {
    const cell = catalog.cellOf(campaign, period);
    if (cell === NONE) continue;
    const end = cells.endOf(cell);
    for (let entry = cells.startOf(cell); entry < end; entry++)
      sum += signed[2 * entry + 1]! * HALF + halves[2 * entry]!;
  }
  return sum;
}
