/** Describes one campaign of an index: each of its cells with all banners in the order of the cut, and their texts. */
import { NONE, type Catalog } from "../index/catalog.js";
import { reasonOf, type Reason } from "../index/explain.js";
import { lowerBound } from "../index/ids.js";
import { formatMillionths } from "../index/money.js";
import { RULES } from "../index/sections.js";
import type { BannerText, Campaign, Cell, CellChange } from "./rows.js";

/** By its index in `bannerIds`: the address of a banner's image, or undefined where none is to be shown. */
export type ImageAddress = (banner: number) => string | undefined;

/**
 * Undefined where the index does not have the campaign. One of 5,000 banners in each of four periods takes 10 ms, and
 * 3 MB as JSON.
 *
 * @param changeOf by period, what differs from the index before; undefined where nothing does
 */
export function showCampaign(
  catalog: Catalog,
  campaign: number,
  imageOf: ImageAddress,
  changeOf: (period: number) => CellChange | undefined = () => undefined,
): Campaign | undefined {
  const { campaignIds, counts, generation } = catalog.index;
  if (campaignIds[lowerBound(campaignIds, campaign)] !== campaign) return undefined;
  const texts = new Map<number, BannerText>();
  const cells = Array.from({ length: counts.periods }, (_, index) => {
    const cell = catalog.cellOf(campaign, index + 1);
    if (cell === NONE) return null;
    const change = changeOf(index + 1);
    return { ...showCell(catalog, cell, index + 1, texts, imageOf), ...(change && { change }) };
  });
  return { generation, campaign, name: catalog.nameOf(campaign), cells, banners: Object.fromEntries(texts) };
}

/** Adds the texts of the cell's banners to `texts`. */
function showCell(
  catalog: Catalog,
  cell: number,
  period: number,
  texts: Map<number, BannerText>,
  imageOf: ImageAddress,
): Cell {
  const { cells, index } = catalog;
  const start = cells.startOf(cell);
  const rule = RULES[cells.ruleOf(cell)]!;
  const fixed = cells.fixedOf(cell);
  const drawn = cells.randomOf(cell);
  const banners = Array.from({ length: cells.sizeOf(cell) }, (_, place) => {
    const entry = start + place;
    const banner = index.entryBanner[entry]!;
    const id = index.bannerIds[banner]!;
    const conversions = index.entryConversions[entry]!;
    const clicks = index.entryClicks[entry]!;
    const impressions = index.entryImpressions[entry]!;
    const revenue = formatMillionths(index.entryRevenue[entry]!);
    const by: Reason | null = place < fixed ? reasonOf(rule, conversions, clicks) : drawn > 0 ? "pool" : null;
    if (!texts.has(id)) texts.set(id, textOf(catalog, banner, imageOf(banner)));
    return { banner: id, by, impressions, clicks, conversions, revenue };
  });
  const exploration = catalog.explorationOf(cell);
  return {
    period,
    rule,
    x: catalog.xOf(cell),
    fixed,
    random_places: drawn,
    ...(exploration > 0 && { exploration }),
    banners,
  };
}

function textOf(catalog: Catalog, banner: number, image: string | undefined): BannerText {
  const width = catalog.index.imageWidth[banner]!;
  const height = catalog.index.imageHeight[banner]!;
  return {
    name: catalog.altOf(banner),
    link: catalog.linkOf(banner),
    ...(image !== undefined && { image }),
    // One of the two alone would have browsers draw the image out of shape.
    ...(width > 0 && height > 0 && { width, height }),
  };
}
