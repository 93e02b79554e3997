/** Says the rules of the collection as one query over tables of events, for a server that asks a database. */

/** Events as they come, and where each banner's image is. The indexes answer the query without a look at the tables. */
export const SCHEMA = `
CREATE TABLE impressions (period smallint, banner bigint, campaign bigint);
CREATE TABLE clicks (click bigint, banner bigint, campaign bigint, period smallint);
CREATE TABLE conversions (conversion bigint, click bigint, revenue numeric);
CREATE TABLE banners (banner bigint PRIMARY KEY, image text, width integer, height integer);
`;

export const INDEXES = `
CREATE INDEX ON impressions (period, campaign, banner);
CREATE INDEX ON clicks (period, campaign) INCLUDE (banner, click);
CREATE UNIQUE INDEX ON clicks (click);
CREATE INDEX ON conversions (click) INCLUDE (revenue);
CREATE UNIQUE INDEX ON conversions (conversion);
`;

/** A banner that a cell may show. */
export interface RankedBanner {
  readonly banner: number;
  /** Whether random places are drawn from it and others; else it is always in the collection. */
  readonly pooled: boolean;
  readonly image: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Of a period ($1) and a campaign ($2): the banners that are always in the collection, then the pool where places are
 * missing. As in the build: those with conversions first, then those with clicks, on 10 places, or X, or 5.
 */
export const RANKING = `
WITH clicked AS (
  SELECT banner, count(*) AS clicks, sum(conversions) AS conversions, sum(revenue) AS revenue
  FROM (
    SELECT banner, click, count(conversions.click) AS conversions, coalesce(sum(revenue), 0) AS revenue
    FROM clicks LEFT JOIN conversions USING (click)
    WHERE period = $1 AND campaign = $2
    GROUP BY banner, click
  ) AS of_clicks
  GROUP BY banner
), cut AS (
  SELECT *, row_number() OVER (ORDER BY conversions > 0 DESC, revenue DESC, clicks DESC, banner) AS place,
    count(*) FILTER (WHERE conversions > 0) OVER () AS x
  FROM clicked
), fixed AS (
  SELECT banner, place FROM cut WHERE place <= CASE WHEN x >= 10 THEN 10 WHEN x >= 5 THEN x ELSE 5 END
), pool AS (
  SELECT DISTINCT banner FROM impressions
  WHERE period = $1 AND campaign = $2 AND (SELECT count(*) FROM fixed) < 5
    AND NOT EXISTS (SELECT FROM clicked WHERE clicked.banner = impressions.banner)
)
SELECT banner, pooled, image, width, height
FROM (
  SELECT banner, place, false AS pooled FROM fixed
  UNION ALL
  SELECT banner, NULL, true FROM pool
) AS shown JOIN banners USING (banner)
ORDER BY pooled, place, banner`;

/** How many places a collection with random places has. */
const PLACES = 5;

/**
 * Each banner of this request's collection is as likely as the other, but not the last one where there is another.
 * @param ranked at least one
 * @param last the banner that the visitor was shown last, or 0
 */
export function drawBanner(ranked: readonly RankedBanner[], last: number): RankedBanner {
  const collection = ranked.filter(({ pooled }) => !pooled);
  const pool = ranked.filter(({ pooled }) => pooled);
  while (collection.length < PLACES && pool.length > 0)
    collection.push(...pool.splice(Math.floor(Math.random() * pool.length), 1));
  const others = collection.filter(({ banner }) => banner !== last);
  const drawn = others.length > 0 ? others : collection;
  return drawn[Math.floor(Math.random() * drawn.length)]!;
}
