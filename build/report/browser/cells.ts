/** Reads the data of the page, one cell at a time. */
import type { ExplainedCell, Ranked } from "../../../src/index/explain.js";
import { count, moneyText } from "../../../src/index/wording.js";
import type { PageData, PageEntry, PageFigures, Thumbnails } from "../page-data.js";
import { byId } from "./parts.js";

export interface Figures extends Ranked {
  readonly impressions: number;
}

export interface ShownBanner extends Figures {
  readonly banner: number;
}

export interface Cell extends Figures, ExplainedCell {
  readonly campaign: number;
  readonly period: number;
  readonly fixed: readonly ShownBanner[];
  readonly below: ShownBanner | undefined;
  readonly poolIds: readonly number[];
}

export const data = JSON.parse(byId("report-data").textContent) as PageData;

export const thumbnails = JSON.parse(byId("thumbnails").textContent) as Thumbnails;

export const periods = Array.from({ length: data.periods }, (_, at) => at + 1);

export const cellsOfCampaign = new Map(data.campaigns.map((campaign, index) => [campaign, data.cells[index]!]));

const names = new Map(data.campaigns.map((campaign, index) => [campaign, data.campaign_names[index]!]));

export function nameOf(campaign: number): string {
  return names.get(campaign) ?? "";
}

/** For texts on a chart's canvas. */
export function named(campaign: number): string {
  const name = nameOf(campaign);
  return name === "" ? "" : ` (${name})`;
}

export const figuresOf = ([revenue, conversions, clicks, impressions]: PageFigures): Figures => ({
  revenue: BigInt(revenue),
  conversions,
  clicks,
  impressions,
});

const bannerOf = ([banner, ...figures]: PageEntry): ShownBanner => ({ banner, ...figuresOf(figures) });

export const FIGURE_NAMES = ["Revenue", "Conversions", "Clicks", "Impressions"];

export function figureTexts({ revenue, conversions, clicks, impressions }: Figures): string[] {
  return [moneyText(revenue), count(conversions), count(clicks), count(impressions)];
}

/** Undefined where the campaign has no cell in the period, or is not on the page. */
export function cellOf(campaign: number, period: number): Cell | undefined {
  const cell = cellsOfCampaign.get(campaign)?.[period - 1];
  if (!cell) return undefined;
  const [rule, x, banners, ...figures] = cell.of;
  const [drawn, pool, poolIds] = cell.drawn ?? [0, 0, []];
  return {
    campaign,
    period,
    rule,
    x,
    banners,
    fixed: cell.fixed.map(bannerOf),
    below: cell.below && bannerOf(cell.below),
    drawn,
    pool,
    poolIds,
    ...figuresOf(figures),
  };
}

export function cellAddress(campaign: number, period: number): string {
  return `#campaign=${campaign}&period=${period}`;
}

export function readCellAddress(address: string): { campaign: number; period: number } | undefined {
  const [, campaign, period] = /^#campaign=(\d+)&period=(\d+)$/.exec(address) ?? [];
  return campaign === undefined ? undefined : { campaign: Number(campaign), period: Number(period) };
}

export function firstPeriodOf(campaign: number): number {
  return periods.find((period) => cellOf(campaign, period) !== undefined) ?? 1;
}
