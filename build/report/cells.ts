/** Selects what the report page shows: the campaigns with the most revenue, their cells, the cut of each. */
import { NONE, type Catalog } from "../../src/index/catalog.js";
import { figuresOf, RevenueSums } from "../../src/index/figures.js";
import type { Index } from "../../src/index/format.js";
import type { PageCells, PageData, PageEntries, PageFigures } from "./page-data.js";

/** Campaigns, and cells, that the page has in detail: with many periods, the cells are the bound. */
const MAX_CAMPAIGNS = 2000;
const MAX_CELLS = 12_000;

/** Banners of one pool that are named. */
const MAX_POOL_IDS = 100;

export interface ReportCells extends Pick<
  PageData,
  "totals" | "campaigns" | "campaign_revenue" | "campaigns_left_out" | "cells" | "entries"
> {
  /** Indexes in `bannerIds` of the banners in `entries`: in order of revenue in the whole index, then id. */
  readonly shownBanners: readonly number[];
}

type Growing<T> = { [Name in keyof T]: T[Name] extends readonly (infer Value)[] ? Value[] : never };

/** Makes no object of entries that are not shown. */
export function reportCells(catalog: Catalog): ReportCells {
  const { index } = catalog;
  const { periods, campaigns } = index.counts;
  const sums = sumRevenue(catalog);
  const shown = sums.ofCampaigns.greatest(Math.min(MAX_CAMPAIGNS, Math.floor(MAX_CELLS / periods)));
  const cells: Growing<PageCells> = {
    banners: [],
    x: [],
    rule: [],
    fixed: [],
    drawn: [],
    pool: [],
    pool_ids: [],
    ...noFigures(),
  };
  const entries: Growing<PageEntries> = { banner: [], ...noFigures() };
  const banners = new Set<number>();
  for (const campaign of shown)
    for (let period = 1; period <= periods; period++) {
      const cell = cellOf(catalog, campaign, period);
      addCell(index, cell, cells);
      for (const entry of cutOf(cell)) {
        const banner = index.entryBanner[entry]!;
        banners.add(banner);
        entries.banner.push(index.bannerIds[banner]!);
        addFigures(entries, index, entry, entry + 1);
      }
    }
  return {
    totals: sums.totals,
    campaigns: shown.map((campaign) => index.campaignIds[campaign]!),
    campaign_revenue: shown.map((campaign) => String(sums.ofCampaigns.get(campaign))),
    campaigns_left_out: campaigns - shown.length,
    cells,
    entries,
    shownBanners: [...banners].sort((a, b) => sums.ofBanners.byGreatest(a, b)),
  };
}

function sumRevenue(catalog: Catalog): { ofCampaigns: RevenueSums; ofBanners: RevenueSums; totals: PageFigures } {
  const { index } = catalog;
  const { periods, campaigns, banners } = index.counts;
  const ofCampaigns = new RevenueSums(campaigns, index);
  const ofBanners = new RevenueSums(banners, index);
  const ofPeriods = new RevenueSums(periods, index);
  const counts = { conversions: zeros(periods), clicks: zeros(periods), impressions: zeros(periods) };
  for (let campaign = 0; campaign < campaigns; campaign++)
    for (let period = 0; period < periods; period++) {
      const { start, end } = cellOf(catalog, campaign, period + 1);
      for (let entry = start; entry < end; entry++) {
        ofCampaigns.add(campaign, entry);
        ofBanners.add(index.entryBanner[entry]!, entry);
        ofPeriods.add(period, entry);
        counts.conversions[period]! += index.entryConversions[entry]!;
        counts.clicks[period]! += index.entryClicks[entry]!;
        counts.impressions[period]! += index.entryImpressions[entry]!;
      }
    }
  const revenue = zeros(periods).map((_, period) => String(ofPeriods.get(period)));
  return { ofCampaigns, ofBanners, totals: { revenue, ...counts } };
}

interface ShownCell {
  /** Its entries; none where the campaign has no cell in the period. */
  readonly start: number;
  readonly end: number;
  readonly fixed: number;
  readonly drawn: number;
  readonly rule: number;
}

const NO_CELL: ShownCell = { start: 0, end: 0, fixed: 0, drawn: 0, rule: 0 };

/** @param campaign an index in `campaignIds` */
function cellOf({ cells, index }: Catalog, campaign: number, period: number): ShownCell {
  const cell = cells.find(index.campaignIds[campaign]!, period);
  if (cell === NONE) return NO_CELL;
  return {
    start: cells.startOf(cell),
    end: cells.endOf(cell),
    fixed: cells.fixedOf(cell),
    drawn: cells.randomOf(cell),
    rule: cells.ruleOf(cell),
  };
}

/** The entries of the fixed collection and of the first banner below it, where no places are drawn. */
function cutOf({ start, end, fixed, drawn }: ShownCell): number[] {
  const length = Math.min(fixed + (drawn === 0 ? 1 : 0), end - start);
  return Array.from({ length }, (_, at) => start + at);
}

function addCell(index: Index, { start, end, fixed, drawn, rule }: ShownCell, cells: Growing<PageCells>): void {
  const { entryConversions, entryClicks, entryBanner, bannerIds } = index;
  // Banners with conversions stand first in their cell, and those without clicks last.
  const firstWithout = (counts: Uint32Array): number => {
    let entry = start;
    while (entry < end && counts[entry] !== 0) entry++;
    return entry;
  };
  const pool = entryBanner.subarray(firstWithout(entryClicks), end);
  cells.banners.push(end - start);
  cells.x.push(firstWithout(entryConversions) - start);
  cells.rule.push(rule);
  cells.fixed.push(fixed);
  cells.drawn.push(drawn);
  cells.pool.push(pool.length);
  if (drawn > 0) cells.pool_ids.push(Array.from(pool.subarray(0, MAX_POOL_IDS), (banner) => bannerIds[banner]!));
  addFigures(cells, index, start, end);
}

/** Appends the sums over the entries from `start` to before `end`. */
function addFigures(figures: Growing<PageFigures>, index: Index, start: number, end: number): void {
  const { revenue, conversions, clicks, impressions } = figuresOf(index, start, end);
  figures.revenue.push(String(revenue));
  figures.conversions.push(conversions);
  figures.clicks.push(clicks);
  figures.impressions.push(impressions);
}

function noFigures(): Growing<PageFigures> {
  return { revenue: [], conversions: [], clicks: [], impressions: [] };
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
