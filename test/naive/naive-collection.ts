import { formatRevenue } from "./naive-values.js";

export interface NaivePlace {
  readonly banner: number;
  readonly revenue: string;
  readonly conversions: number;
  readonly clicks: number;
  readonly impressions: number;
  readonly by: "revenue" | "clicks" | "pool" | "default";
}

export interface NaiveCell {
  readonly period: number;
  readonly campaign: number;
  readonly x: number;
  readonly rule: "top-10" | "top-x" | "fill-by-clicks" | "by-clicks" | "default";
  readonly collection: readonly NaivePlace[];
  readonly random_places: number;
  readonly pool: readonly number[];
}

export interface Statistics {
  readonly banner: number;
  revenue: bigint;
  conversions: number;
  clicks: number;
  impressions: number;
}

export function defaultCell(period: number, campaign: number, banner: number): NaiveCell {
  const place = { banner, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 0, by: "default" } as const;
  return { period, campaign, x: 0, rule: "default", collection: [place], random_places: 0, pool: [] };
}

/** The rules of the collection, for one cell. */
export function collect(period: number, campaign: number, banners: readonly Statistics[]): NaiveCell {
  const inCutOrder = banners.toSorted((a, b) => {
    if (a.revenue !== b.revenue) return a.revenue > b.revenue ? -1 : 1;
    return b.clicks - a.clicks || a.banner - b.banner;
  });
  const place = (statistics: Statistics, by: NaivePlace["by"]): NaivePlace => {
    const { banner, revenue, conversions, clicks, impressions } = statistics;
    return { banner, revenue: formatRevenue(revenue), conversions, clicks, impressions, by };
  };
  const converting = inCutOrder.filter((banner) => banner.conversions > 0).map((banner) => place(banner, "revenue"));
  const clickedOthers = inCutOrder
    .filter((banner) => banner.conversions === 0 && banner.clicks > 0)
    .map((banner) => place(banner, "clicks"));
  const unclicked = inCutOrder.filter((banner) => banner.clicks === 0).map((banner) => place(banner, "pool"));

  const x = converting.length;
  if (x >= 10)
    return { period, campaign, x, rule: "top-10", collection: converting.slice(0, 10), random_places: 0, pool: [] };
  if (x >= 5) return { period, campaign, x, rule: "top-x", collection: converting, random_places: 0, pool: [] };
  const rule = x === 0 ? "by-clicks" : "fill-by-clicks";
  const found = [...converting, ...clickedOthers].slice(0, 5);
  const missing = 5 - found.length;
  if (unclicked.length <= missing)
    return { period, campaign, x, rule, collection: [...found, ...unclicked], random_places: 0, pool: [] };
  const pool = missing === 0 ? [] : unclicked.map(({ banner }) => banner);
  return { period, campaign, x, rule, collection: found, random_places: missing, pool };
}
