/** Reads the data of the page, one cell at a time. */
import type { ExplainedCell, Ranked } from "../../../src/index/explain.js";
import { count, moneyText } from "../../../src/index/wording.js";
import type { PageData, PageFigures, Thumbnails } from "../page-data.js";
import { byId } from "./element.js";

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
  /** The first ids of the pool, where places are drawn from it. */
  readonly poolIds: readonly number[];
}

export const data = JSON.parse(byId("report-data").textContent) as PageData;

export const thumbnails = JSON.parse(byId("thumbnails").textContent) as Thumbnails;

export const indexOfCampaign = new Map(data.campaigns.map((campaign, index) => [campaign, index]));

/** Where the banners of each cell start in `entries`, and its ids in `pool_ids`. */
const entryStart: number[] = [];
const poolStart: number[] = [];
for (let cell = 0, entries = 0, pools = 0; cell < data.cells.banners.length; cell++) {
  entryStart.push(entries);
  poolStart.push(pools);
  entries += shownBanners(cell);
  if (data.cells.drawn[cell]! > 0) pools++;
}

function shownBanners(cell: number): number {
  const below = data.cells.drawn[cell] === 0 ? 1 : 0;
  return Math.min(data.cells.fixed[cell]! + below, data.cells.banners[cell]!);
}

export function figuresAt(figures: PageFigures, at: number): Figures {
  return {
    revenue: BigInt(figures.revenue[at]!),
    conversions: figures.conversions[at]!,
    clicks: figures.clicks[at]!,
    impressions: figures.impressions[at]!,
  };
}

export const FIGURE_NAMES = ["Revenue", "Conversions", "Clicks", "Impressions"];

/** In the order of their names. */
export function figureTexts({ revenue, conversions, clicks, impressions }: Figures): string[] {
  return [moneyText(revenue), count(conversions), count(clicks), count(impressions)];
}

/** Undefined where the campaign has no cell in the period, or is not on the page. */
export function cellOf(campaign: number, period: number): Cell | undefined {
  const index = indexOfCampaign.get(campaign);
  if (index === undefined || period < 1 || period > data.periods) return undefined;
  const { cells, entries } = data;
  const cell = index * data.periods + period - 1;
  if (cells.banners[cell] === 0) return undefined;
  const shown = Array.from({ length: shownBanners(cell) }, (_, at) => {
    const entry = entryStart[cell]! + at;
    return { banner: entries.banner[entry]!, ...figuresAt(entries, entry) };
  });
  const fixed = cells.fixed[cell]!;
  return {
    campaign,
    period,
    banners: cells.banners[cell]!,
    x: cells.x[cell]!,
    rule: data.rules[cells.rule[cell]!]!,
    fixed: shown.slice(0, fixed),
    below: shown[fixed],
    drawn: cells.drawn[cell]!,
    pool: cells.pool[cell]!,
    poolIds: cells.drawn[cell]! > 0 ? data.cells.pool_ids[poolStart[cell]!]! : [],
    ...figuresAt(cells, cell),
  };
}

export function cellAddress(campaign: number, period: number): string {
  return `#campaign=${campaign}&period=${period}`;
}

export function readCellAddress(address: string): { campaign: number; period: number } | undefined {
  const [, campaign, period] = /^#campaign=(\d+)&period=(\d+)$/.exec(address) ?? [];
  return campaign === undefined ? undefined : { campaign: Number(campaign), period: Number(period) };
}

/** The first period in which the campaign has a cell. */
export function firstPeriodOf(campaign: number): number {
  for (let period = 1; period <= data.periods; period++) if (cellOf(campaign, period) !== undefined) return period;
  return 1;
}
