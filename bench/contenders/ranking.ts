/** Says the rules of the collection as one query over tables of events, for a server that asks a database. */

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

export interface RankedBanner {
  readonly banner: number;
  readonly pooled: boolean;
  readonly image: string;
  readonly width: number;
  readonly height: number;
}

/** Of period $1 and campaign $2: the banners always shown, then the pool where places are missing, as in the build. */
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

const PLACES = 5;

/** All are equally likely, but `last` (0 for none) is drawn only where it is alone; `ranked` must not be empty. */
export function drawBanner(ranked: readonly RankedBanner[], last: number): RankedBanner {
  const collection = ranked.filter(({ pooled }) => !pooled);
  const pool = ranked.filter(({ pooled }) => pooled);
  while (collection.length < PLACES && pool.length > 0)
    collection.push(...pool.splice(Math.floor(Math.random() * pool.length), 1));
  const others = collection.filter(({ banner }) => banner !== last);
  const drawn = others.length > 0 ? others : collection;
  return drawn[Math.floor(Math.random() * drawn.length)]!;
}
