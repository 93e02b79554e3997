/** Ranks the banners of a cell and applies the rule for its X: the best 10, all X, or clicked ones too, to make 5. */
import type { Statistics } from "./read/event-rows.js";

export interface Ranking {
  /** Banners with at least one conversion. */
  readonly x: number;
  readonly rule: "top-10" | "top-x" | "fill-by-clicks" | "by-clicks";
  /** All of the cell: with conversions, then with clicks, then the pool; each part in the order of the cut. */
  readonly banners: readonly Statistics[];
  /** The first so many of `banners` are in the collection. */
  readonly fixed: number;
  /** Places drawn from the pool at each request; none where the whole pool fits, which is then fixed. */
  readonly randomPlaces: number;
  /** The last so many of `banners` are the pool: those without a click. */
  readonly pool: number;
}

const MAX_COLLECTION = 10;
const MIN_COLLECTION = 5;

/** Conversions first, also where refunds leave no revenue; then by revenue, clicks, and ascending id. */
function byCut(a: Statistics, b: Statistics): number {
  if (a.conversions > 0 !== b.conversions > 0) return a.conversions > 0 ? -1 : 1;
  if (a.revenue !== b.revenue) return a.revenue > b.revenue ? -1 : 1;
  return b.clicks - a.clicks || a.banner - b.banner;
}

export function rank(cell: readonly Statistics[]): Ranking {
  const banners = [...cell].sort(byCut);
  const x = banners.filter((banner) => banner.conversions > 0).length;
  const clicked = banners.filter((banner) => banner.clicks > 0).length;
  const pool = banners.length - clicked;
  if (x >= MAX_COLLECTION) return { x, rule: "top-10", banners, fixed: MAX_COLLECTION, randomPlaces: 0, pool };
  if (x >= MIN_COLLECTION) return { x, rule: "top-x", banners, fixed: x, randomPlaces: 0, pool };
  const found = Math.min(clicked, MIN_COLLECTION);
  const missing = MIN_COLLECTION - found;
  const isRandom = pool > missing;
  return {
    x,
    rule: x > 0 ? "fill-by-clicks" : "by-clicks",
    banners,
    fixed: isRandom ? found : Math.min(banners.length, MIN_COLLECTION),
    randomPlaces: isRandom ? missing : 0,
    pool,
  };
}
