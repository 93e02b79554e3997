/** Selects what the report page shows: the campaigns with the most revenue, their cells, the cut of each. */
import { NONE, type Catalog } from "../../src/index/catalog.js";
import { RevenueSums, type Figures } from "../../src/index/figures.js";
import { showCell, type ShownEntry } from "../../src/index/shown-cell.js";
import { printable } from "../../src/options/printable.js";
import type { PageCell, PageData, PageEntry, PageFigures } from "./page-data.js";

/** Limits of the page: where there are many periods, that of the cells is reached first. */
const MAX_CAMPAIGNS = 2000;
const MAX_CELLS = 12_000;

const MAX_POOL_IDS = 100;

export interface ReportCells extends Pick<
  PageData,
  "totals" | "campaigns" | "campaign_names" | "campaign_revenue" | "campaigns_left_out" | "cells"
> {
  /** Indexes in `bannerIds` of the banners in `cells`: in order of revenue in the whole index, then id. */
  readonly shownBanners: readonly number[];
}

export function reportCells(catalog: Catalog): ReportCells {
  const { campaignIds, counts } = catalog.index;
  const { periods, campaigns } = counts;
  const sums = sumRevenue(catalog);
  const shown = sums.ofCampaigns.greatest(Math.min(MAX_CAMPAIGNS, Math.floor(MAX_CELLS / periods)));
  const banners = new Set<number>();
  const packed = (entry: ShownEntry): PageEntry => {
    banners.add(entry.index);
    return [entry.banner, ...figuresOf(entry)];
  };
  const cellOf = (campaign: number, period: number): PageCell | null => {
    const cell = showCell(catalog, campaign, period);
    if (cell === undefined) return null;
    const { rule, x, banners, fixed, drawn, pool, below } = cell;
    return {
      of: [rule, x, banners, ...figuresOf(cell)],
      fixed: fixed.map(packed),
      ...(below && { below: packed(below) }),
      ...(drawn > 0 && { drawn: [drawn, pool, poolIds(catalog, campaign, period, fixed.length)] as const }),
    };
  };
  const ids = shown.map((index) => campaignIds[index]!);
  return {
    totals: sums.totals,
    campaigns: ids,
    campaign_names: ids.map((campaign) => printable(catalog.nameOf(campaign))),
    campaign_revenue: shown.map((index) => String(sums.ofCampaigns.get(index))),
    campaigns_left_out: campaigns - shown.length,
    cells: ids.map((campaign) => Array.from({ length: periods }, (_, at) => cellOf(campaign, at + 1))),
    shownBanners: [...banners].sort((a, b) => sums.ofBanners.byGreatest(a, b)),
  };
}

function figuresOf({ revenue, conversions, clicks, impressions }: Figures): PageFigures {
  return [String(revenue), conversions, clicks, impressions];
}

function poolIds({ cells, index }: Catalog, campaign: number, period: number, fixed: number): number[] {
  const cell = cells.find(campaign, period);
  const pool = index.entryBanner.subarray(cells.startOf(cell) + fixed, cells.endOf(cell));
  return Array.from(pool.subarray(0, MAX_POOL_IDS), (banner) => index.bannerIds[banner]!);
}

function sumRevenue({ index, cells }: Catalog): {
  ofCampaigns: RevenueSums;
  ofBanners: RevenueSums;
  totals: PageFigures[];
} {
  const { periods, campaigns, banners } = index.counts;
  const ofCampaigns = new RevenueSums(campaigns, index);
  const ofBanners = new RevenueSums(banners, index);
  const ofPeriods = new RevenueSums(periods, index);
  const counts = Array.from({ length: periods }, () => ({ conversions: 0, clicks: 0, impressions: 0 }));
  for (let campaign = 0; campaign < campaigns; campaign++)
    for (let period = 0; period < periods; period++) {
      const cell = cells.find(index.campaignIds[campaign]!, period + 1);
      if (cell === NONE) continue;
      const end = cells.endOf(cell);
      const count = counts[period]!;
      for (let entry = cells.startOf(cell); entry < end; entry++) {
        ofCampaigns.add(campaign, entry);
        ofBanners.add(index.entryBanner[entry]!, entry);
        ofPeriods.add(period, entry);
        count.conversions += index.entryConversions[entry]!;
        count.clicks += index.entryClicks[entry]!;
        count.impressions += index.entryImpressions[entry]!;
      }
    }
  const totals = counts.map((count, period) => figuresOf({ revenue: ofPeriods.get(period), ...count }));
  return { ofCampaigns, ofBanners, totals };
}
