/** Outlines an index: what is compared of it, small enough to keep while the next one is made. */
import { NONE, Catalog } from "../../src/index/catalog.js";
import { RevenueSums } from "../../src/index/figures.js";
import { loadWithoutImages, LoadIndexError } from "../../src/index/load.js";
import { RULES, type Rule } from "../../src/index/sections.js";

export interface EventSums {
  impressions: number;
  clicks: number;
  conversions: number;
}

export interface Outline {
  readonly generation: string;
  readonly periods: number;
  readonly cellsByRule: Readonly<Record<Rule, number>>;
  /** Millionths. */
  readonly revenue: bigint;
  /** By period. */
  readonly events: readonly EventSums[];
  /** Ascending. */
  readonly campaigns: Uint32Array;
  /** By `index of its campaign * periods + period - 1`: 1 for a cell that has events. */
  readonly cells: Uint8Array;
  /** Ascending: those that some cell may show. */
  readonly banners: Uint32Array;
}

export interface Unreadable {
  readonly unreadable: string;
}

/** Undefined where there is none. Its memory is free again on return, before that for the events is needed. */
export async function outlinePublished(file: string): Promise<Outline | Unreadable | undefined> {
  try {
    return outline(new Catalog(await loadWithoutImages(file)));
  } catch (error) {
    if (!(error instanceof LoadIndexError)) throw error;
    const { code, message } = error.cause as NodeJS.ErrnoException;
    return code === "ENOENT" ? undefined : { unreadable: message };
  }
}

export function outline({ index, cells }: Catalog): Outline {
  const { entryBanner, entryConversions, entryClicks, entryImpressions, bannerIds, counts } = index;
  const { periods, campaigns } = counts;
  const cellsByRule = Object.fromEntries(RULES.map((rule) => [rule, 0])) as Record<Rule, number>;
  const revenue = new RevenueSums(1, index);
  const events = Array.from({ length: periods }, () => ({ impressions: 0, clicks: 0, conversions: 0 }));
  const hasEvents = new Uint8Array(campaigns * periods);
  const isShown = new Uint8Array(bannerIds.length);
  for (let campaign = 0; campaign < campaigns; campaign++)
    for (let period = 0; period < periods; period++) {
      const cell = cells.find(index.campaignIds[campaign]!, period + 1);
      if (cell === NONE) continue;
      cellsByRule[RULES[cells.ruleOf(cell)]!]++;
      const end = cells.endOf(cell);
      const shownEnd = cells.randomOf(cell) > 0 ? end : cells.startOf(cell) + cells.fixedOf(cell);
      const sums = events[period]!;
      for (let entry = cells.startOf(cell); entry < end; entry++) {
        revenue.add(0, entry);
        sums.conversions += entryConversions[entry]!;
        sums.clicks += entryClicks[entry]!;
        sums.impressions += entryImpressions[entry]!;
        if (entryClicks[entry] !== 0 || entryImpressions[entry] !== 0) hasEvents[campaign * periods + period] = 1;
        if (entry < shownEnd) isShown[entryBanner[entry]!] = 1;
      }
    }
  return {
    generation: index.generation,
    periods,
    cellsByRule,
    revenue: revenue.get(0),
    events,
    // A copy: a view would keep all of the index in memory.
    campaigns: index.campaignIds.slice(),
    cells: hasEvents,
    banners: bannerIds.filter((_, banner) => isShown[banner] === 1),
  };
}
