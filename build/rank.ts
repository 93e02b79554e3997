/**
 * One cell's statistics to its collection: the table of rules, and nothing else.
 *
 * | X           | collection                                                                     |
 * |-------------|--------------------------------------------------------------------------------|
 * | 10 or more  | the 10 banners with the most revenue                                           |
 * | 5 to 9      | the X banners with conversions                                                 |
 * | 1 to 4      | the X banners with conversions, then the most clicked others, to make 5        |
 * | 0           | the 5 most clicked                                                             |
 *
 * Where fewer than 5 are found, the missing places are drawn from the pool at each request; a pool that is no larger than they
 * are is in the collection whole.
 */

import type { Statistics } from "./statistics.js";

export interface Ranking {
  /** X: the banners with at least one conversion. */
  readonly x: number;
  readonly rule: "top-10" | "top-x" | "fill-by-clicks" | "by-clicks";
  /** All the cell's banners: with conversions, then with clicks, then the pool; each part in the order of the cut. */
  readonly banners: readonly Statistics[];
  /** How many of `banners`, from the first, are in the collection. */
  readonly fixed: number;
  /** How many more places are drawn from the pool at each request. */
  readonly randomPlaces: number;
  /** How many of `banners`, from the last, are the pool: those with impressions and no click. */
  readonly pool: number;
}

const CUT = 10;
const LEAST = 5;

/**
 * Revenue descending, then clicks descending, then banner id ascending. A banner with conversions stands before one without, also
 * where refunds have made its revenue nothing or less: rules by revenue speak of banners that have any.
 */
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
  if (x >= CUT) return { x, rule: "top-10", banners, fixed: CUT, randomPlaces: 0, pool };
  if (x >= LEAST) return { x, rule: "top-x", banners, fixed: x, randomPlaces: 0, pool };
  const found = Math.min(clicked, LEAST);
  const missing = LEAST - found;
  const isRandom = pool > missing;
  return {
    x,
    rule: x > 0 ? "fill-by-clicks" : "by-clicks",
    banners,
    fixed: isRandom ? found : Math.min(banners.length, LEAST),
    randomPlaces: isRandom ? missing : 0,
    pool,
  };
}
