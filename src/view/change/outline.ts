/** Outlines an index: what is compared of it, which can be kept in little memory while the next one is made. */
import { Catalog } from "../../index/catalog.js";
import { loadWithoutImages, LoadIndexError } from "../../index/load.js";
import { RULES, type Rule } from "../../index/sections.js";
import { KeptCells, LoadedCells, type ComparedCells } from "./compared-cells.js";
import { atOnce, Steps } from "./slices.js";

export interface EventSums {
  impressions: number;
  clicks: number;
  conversions: number;
  /** Cells that have events. */
  cells: number;
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
  /** Ascending. */
  readonly bannerIds: Uint32Array;
  /** By banner: 1 for one that some cell may show. */
  readonly isShown: Uint8Array;
  readonly cells: ComparedCells;
}

export interface Unreadable {
  readonly unreadable: string;
}

/** Without its images. Undefined where there is none. */
export async function loadPublished(file: string): Promise<Catalog | Unreadable | undefined> {
  try {
    return new Catalog(await loadWithoutImages(file));
  } catch (error) {
    if (!(error instanceof LoadIndexError)) throw error;
    const { code, message } = error.cause as NodeJS.ErrnoException;
    return code === "ENOENT" ? undefined : { unreadable: message };
  }
}

/** Undefined where there is none. All else of the index is let go, before the memory for the events is needed. */
export async function outlinePublished(file: string): Promise<Outline | Unreadable | undefined> {
  const published = await loadPublished(file);
  if (!(published instanceof Catalog)) return published;
  const { cells, ...outline } = atOnce(outlining(published));
  // Copies: a view would keep all of the index in memory.
  const campaigns = outline.campaigns.slice();
  const bannerIds = outline.bannerIds.slice();
  return { ...outline, campaigns, bannerIds, cells: new KeptCells(cells, campaigns, outline.periods) };
}

export function* outlining(catalog: Catalog): Generator<undefined, Outline> {
  const { entryBanner, entryConversions, entryClicks, entryImpressions, bannerIds, ...index } = catalog.index;
  const { periods } = index.counts;
  const cells = new LoadedCells(catalog);
  const cellsByRule = Object.fromEntries(RULES.map((rule) => [rule, 0])) as Record<Rule, number>;
  const events = Array.from({ length: periods }, () => ({ impressions: 0, clicks: 0, conversions: 0, cells: 0 }));
  const isShown = new Uint8Array(bannerIds.length);
  let revenue = 0n;
  const steps = new Steps();
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells.campaignOf(cell) !== 0) {
      cellsByRule[RULES[cells.ruleOf(cell)]!]++;
      revenue += cells.revenueOf(cell);
      const sums = events[cells.periodOf(cell) - 1]!;
      const start = cells.startOf(cell);
      const end = catalog.cells.endOf(cell);
      const shownEnd = cells.endOf(cell);
      for (let entry = start; entry < end; entry++) {
        sums.conversions += entryConversions[entry]!;
        sums.clicks += entryClicks[entry]!;
        sums.impressions += entryImpressions[entry]!;
        if (entry < shownEnd) isShown[entryBanner[entry]!] = 1;
      }
      if (cells.hasEvents(cell)) sums.cells++;
      if (steps.isDue(end - start)) yield;
    } else if (steps.isDue(1)) yield;
  }
  const { generation, campaignIds } = index;
  return {
    generation,
    periods,
    cellsByRule,
    revenue,
    events,
    isShown,
    bannerIds,
    cells,
    campaigns: campaignIds,
  };
}
