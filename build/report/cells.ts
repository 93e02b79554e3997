/** An index to what the report page shows of it: the campaigns with the most revenue, cell by cell, and each cell's cut. */
import { NONE, type Catalog } from "../../src/index/catalog.js";
import type { Index } from "../../src/index/format.js";
import { formatMillionths } from "../../src/index/money.js";
import { ExactSums } from "./exact-sums.js";
import type { PageCells, PageData, PageEntries, PageFigures } from "./browser/page-data.js";

/** The most campaigns that the page has in detail, and the most cells, which many periods would otherwise make too many of. */
const MOST_CAMPAIGNS = 2000;
const MOST_CELLS = 12_000;

/** The most banners of one pool that are named. */
const MOST_OF_POOL = 100;

export interface ReportCells extends Pick<
  PageData,
  "totals" | "campaigns" | "campaign_revenue" | "campaigns_left_out" | "cells" | "entries"
> {
  /** Places in `bannerIds` of the banners in `entries`: those with the most revenue in the whole index first, then by id. */
  readonly shownBanners: readonly number[];
}

type Grown<T> = { [Name in keyof T]: T[Name] extends readonly (infer Value)[] ? Value[] : never };

/** Reads each entry once, and makes no object of those that are not shown. */
export function reportCells(catalog: Catalog): ReportCells {
  const { index } = catalog;
  const { periods, campaigns } = index.counts;
  const sums = sumRevenue(catalog);
  const shown = sums.ofCampaigns.greatest(Math.min(MOST_CAMPAIGNS, Math.floor(MOST_CELLS / periods)));
  const cells: Grown<PageCells> = {
    banners: [],
    x: [],
    rule: [],
    fixed: [],
    drawn: [],
    pool: [],
    pool_ids: [],
    ...noFigures(),
  };
  const entries: Grown<PageEntries> = { banner: [], ...noFigures() };
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
    campaign_revenue: shown.map((campaign) => formatMillionths(sums.ofCampaigns.get(campaign))),
    campaigns_left_out: campaigns - shown.length,
    cells,
    entries,
    shownBanners: [...banners].sort((a, b) => sums.ofBanners.byGreatest(a, b)),
  };
}

function sumRevenue(catalog: Catalog): { ofCampaigns: ExactSums; ofBanners: ExactSums; totals: PageFigures } {
  const { index } = catalog;
  const { periods, campaigns, banners } = index.counts;
  const { entryRevenue, entryBanner } = index;
  // The halves of each number, the lower first: the index is little-endian, and a BigInt for each would take seconds.
  const low = new Uint32Array(entryRevenue.buffer, entryRevenue.byteOffset, 2 * entryRevenue.length);
  const high = new Int32Array(entryRevenue.buffer, entryRevenue.byteOffset, 2 * entryRevenue.length);
  const ofCampaigns = new ExactSums(campaigns);
  const ofBanners = new ExactSums(banners);
  const ofPeriods = new ExactSums(periods);
  const counts = { conversions: zeros(periods), clicks: zeros(periods), impressions: zeros(periods) };
  for (let campaign = 0; campaign < campaigns; campaign++)
    for (let period = 0; period < periods; period++) {
      const { start, end } = cellOf(catalog, campaign, period + 1);
      for (let entry = start; entry < end; entry++) {
        ofCampaigns.add(campaign, low[2 * entry]!, high[2 * entry + 1]!);
        ofBanners.add(entryBanner[entry]!, low[2 * entry]!, high[2 * entry + 1]!);
        ofPeriods.add(period, low[2 * entry]!, high[2 * entry + 1]!);
        counts.conversions[period]! += index.entryConversions[entry]!;
        counts.clicks[period]! += index.entryClicks[entry]!;
        counts.impressions[period]! += index.entryImpressions[entry]!;
      }
    }
  const revenue = zeros(periods).map((_, period) => formatMillionths(ofPeriods.get(period)));
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

/** @param campaign a place in `campaignIds` */
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

/** The places of a cell's fixed collection, and of the first banner below it; there is none where places are drawn from the rest. */
function cutOf({ start, end, fixed, drawn }: ShownCell): number[] {
  const length = Math.min(fixed + (drawn === 0 ? 1 : 0), end - start);
  return Array.from({ length }, (_, place) => start + place);
}

function addCell(index: Index, { start, end, fixed, drawn, rule }: ShownCell, cells: Grown<PageCells>): void {
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
  if (drawn > 0) cells.pool_ids.push(Array.from(pool.subarray(0, MOST_OF_POOL), (banner) => bannerIds[banner]!));
  addFigures(cells, index, start, end);
}

/** Adds one place to each list: the sums over the entries from `start` to before `end`. */
function addFigures(figures: Grown<PageFigures>, index: Index, start: number, end: number): void {
  let revenue = 0n;
  let conversions = 0;
  let clicks = 0;
  let impressions = 0;
  for (let entry = start; entry < end; entry++) {
    revenue += index.entryRevenue[entry]!;
    conversions += index.entryConversions[entry]!;
    clicks += index.entryClicks[entry]!;
    impressions += index.entryImpressions[entry]!;
  }
  figures.revenue.push(formatMillionths(revenue));
  figures.conversions.push(conversions);
  figures.clicks.push(clicks);
  figures.impressions.push(impressions);
}

function noFigures(): Grown<PageFigures> {
  return { revenue: [], conversions: [], clicks: [], impressions: [] };
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
