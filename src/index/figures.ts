/** Adds up the entries of cells, exactly and without an object for each: there may be tens of millions. */
import { NONE, type Catalog } from "./catalog.js";
import type { Index } from "./format.js";
import { HALF, revenueHalves } from "./revenue-sums.js";

export { RevenueSums } from "./revenue-sums.js";

export interface Figures {
  /** Millionths. */
  readonly revenue: bigint;
  readonly conversions: number;
  readonly clicks: number;
  readonly impressions: number;
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
