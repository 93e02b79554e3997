/** Describes how the report page contains campaigns, numbers by place and each text once, and unpacks them. */
import { reasonOf } from "../../src/index/explain.js";
import { formatMillionths } from "../../src/index/money.js";
import { RULES } from "../../src/index/sections.js";
import type { BannerRow, BannerText, Campaign, Cell, CellChange } from "../../src/view/rows.js";

/** Revenue is millionths, as text beyond what a double holds. */
type PackedEntry = readonly [
  banner: number,
  revenue: number | string,
  conversions: number,
  clicks: number,
  impressions: number,
];

const ENTRY_LENGTH = 5;

export type PackedCell = readonly [
  /** The index in RULES. */
  rule: number,
  fixed: number,
  randomPlaces: number,
  /** Entry behind entry, in the order of the cut. */
  entries: readonly (number | string)[],
  change?: CellChange,
];

/** 0 where the campaign has no cell. */
export type PackedCampaign = readonly [campaign: number, name: string, ...cells: (PackedCell | 0)[]];

/** `image` is a place in the page's images, or -1; the size is 0 where it is not known. */
export type PackedBanner = readonly [
  banner: number,
  name: string,
  link: string,
  image: number,
  width: number,
  height: number,
];

export function unpackCampaign(
  [campaign, name, ...cells]: PackedCampaign,
  textOf: (banner: number) => BannerText,
  exploration = 0,
): Omit<Campaign, "generation"> {
  const unpacked = cells.map((cell, at) => (cell === 0 ? null : unpackCell(cell, at + 1, exploration)));
  const banners = unpacked.flatMap((cell) => cell?.banners.map(({ banner }) => banner) ?? []);
  return { campaign, name, cells: unpacked, banners: Object.fromEntries(banners.map((id) => [id, textOf(id)])) };
}

function unpackCell([code, fixed, random_places, entries, change]: PackedCell, period: number, share: number): Cell {
  const rule = RULES[code]!;
  const banners = Array.from({ length: entries.length / ENTRY_LENGTH }, (_, place): BannerRow => {
    const entry = entries.slice(place * ENTRY_LENGTH, (place + 1) * ENTRY_LENGTH) as unknown as PackedEntry;
    const [banner, revenue, conversions, clicks, impressions] = entry;
    const by = place < fixed ? reasonOf(rule, conversions, clicks) : random_places > 0 ? "pool" : null;
    return { banner, by, impressions, clicks, conversions, revenue: formatMillionths(BigInt(revenue)) };
  });
  const x = banners.filter(({ conversions }) => conversions > 0).length;
  const exploration = banners.length > 1 ? share : 0;
  return {
    period,
    rule,
    x,
    fixed,
    random_places,
    ...(exploration > 0 && { exploration }),
    banners,
    ...(change && { change }),
  };
}

/** @param images addresses */
export function unpackBanner(
  [, name, link, image, width, height]: PackedBanner,
  images: readonly string[],
): BannerText {
  return {
    name,
    link,
    ...(image !== -1 && { image: images[image]! }),
    ...(width > 0 && height > 0 && { width, height }),
  };
}
