/** Tells where the banners of a period stand, describes them as columns, and takes them along. */
import type { ExplainedCell } from "../../src/index/explain.js";
import { millionthsOf } from "../../src/index/money.js";
import { minutesOf } from "../../src/index/wording.js";
import type { Field } from "../../src/view/csv.js";
import { shareOf } from "../../src/view/ratios.js";
import type { BannerRow, BannerText, Campaign, Cell } from "../../src/view/rows.js";
import { fieldsOf, sortedBy, type Column, type Sorting } from "../column.js";
import { FIGURES, sumOf, type FigureName } from "../figures.js";

/** "drawn" is one that may be drawn from the pool. */
export type Standing = "in" | "drawn" | "out";

export interface PlacedBanner extends BannerRow, Pick<BannerText, "name" | "link"> {
  readonly cell: Cell;
  /** In the order of the cut, from 1. */
  readonly place: number;
  readonly standing: Standing;
  readonly share: number | undefined;
}

export function bannersOf({ banners }: Campaign, cell: Cell): PlacedBanner[] {
  const { revenue } = sumOf(cell.banners);
  return cell.banners.map((row, at) => {
    const { name, link } = banners[row.banner] ?? { name: "", link: "" };
    const standing = at < cell.fixed ? "in" : cell.random_places > 0 ? "drawn" : "out";
    return { ...row, cell, name, link, place: at + 1, standing, share: shareOf(row.revenue, revenue) };
  });
}

export type BannerColumn = FigureName | "place" | "name" | "banner" | "share" | "standing";

export const BANNER_COLUMNS: readonly Column<PlacedBanner, BannerColumn>[] = [
  { id: "name", head: "Banner", sorts: "ascending", isText: true, value: ({ name }) => name },
  { id: "place", head: "Place", sorts: "ascending", as: "count", value: ({ place }) => place },
  { id: "banner", head: "Id", sorts: "ascending", value: ({ banner }) => banner },
  ...FIGURES,
  {
    id: "share",
    head: "Share",
    title: "Share of the revenue of this period",
    sorts: "descending",
    as: "percent",
    value: ({ share }) => share,
    key: ({ revenue }) => millionthsOf(revenue),
  },
  { id: "standing", head: "Shown", isText: true, value: ({ standing }) => standing },
];

export const CUT_ORDER: Sorting<BannerColumn> = { by: "place", direction: "ascending" };

export function bannersCsv(campaign: Campaign, cells = campaign.cells, sorting = CUT_ORDER): Field[][] {
  const columns: readonly Column<PlacedBanner>[] = [
    { id: "campaign", value: () => campaign.campaign },
    { id: "period", value: ({ cell }) => cell.period },
    { id: "minutes", value: ({ cell }) => minutesOf(cell.period, campaign.cells.length) },
    { id: "rule", value: ({ cell }) => cell.rule },
    ...BANNER_COLUMNS,
    { id: "link", value: ({ link }) => link },
  ];
  const rows = cells.flatMap((cell) => (cell ? sortedBy(bannersOf(campaign, cell), BANNER_COLUMNS, sorting) : []));
  return fieldsOf(columns, rows);
}

/** What the sentences about a period take. */
export function explained({ rule, x, fixed, random_places: drawn, exploration = 0, banners }: Cell): ExplainedCell {
  const ranked = banners.map((banner) => ({ ...banner, revenue: millionthsOf(banner.revenue) }));
  return {
    rule,
    x,
    drawn,
    banners: banners.length,
    fixed: ranked.slice(0, fixed),
    pool: drawn === 0 ? 0 : banners.length - fixed,
    exploration,
    below: drawn === 0 ? ranked[fixed] : undefined,
  };
}
