/** Counts the events of a data folder and ranks its banners by DuckDB, in SQL that knows nothing of the build. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { EVENT_KINDS, type EventKind } from "./events.js";

const COLUMNS: Readonly<Record<EventKind, string>> = {
  impressions: "{banner_id: 'UINTEGER', campaign_id: 'UINTEGER'}",
  clicks: "{click_id: 'UINTEGER', banner_id: 'UINTEGER', campaign_id: 'UINTEGER'}",
  conversions: "{conversion_id: 'UINTEGER', click_id: 'UINTEGER', revenue: 'DECIMAL(18, 6)'}",
};

/** Below the folder that is written: a data folder of statistics. */
export const STATISTICS_FOLDER = "statistics";
/** Below the folder that is written: period, campaign, banner and place in the order of the cut. */
export const COLLECTIONS_FILE = "collections.csv";

interface Counting {
  readonly data: string;
  readonly out: string;
  readonly threads: number;
}

/** Its memory may grow to DuckDB's own default, 80 % of the machine's. Columns must stand in their usual order. */
export async function countByDuckDB({ data, out, threads }: Counting): Promise<void> {
  const periods = (await readdir(data)).map(Number).filter(Number.isInteger);
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  for (const statement of countingSql(await filesIn(data, Math.max(...periods)))) await connection.run(statement);
  for (const period of periods) {
    const folder = join(out, STATISTICS_FOLDER, String(period));
    await mkdir(folder, { recursive: true });
    const rows = `SELECT * EXCLUDE (period) FROM statistics WHERE period = ${period}`;
    await connection.run(`COPY (${rows}) TO ${quoted(join(folder, `statistics_${period}.csv`))}`);
  }
  await connection.run(`COPY (${COLLECTIONS}) TO ${quoted(join(out, COLLECTIONS_FILE))}`);
  connection.closeSync();
  instance.closeSync();
}

interface SourceFile {
  readonly kind: EventKind;
  readonly period: number;
  readonly path: string;
}

/** In reading order. */
async function filesIn(data: string, periods: number): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (let period = 1; period <= periods; period++) {
    const folder = join(data, String(period));
    for (const name of (await readdir(folder)).sort())
      for (const kind of EVENT_KINDS) if (name.startsWith(kind)) files.push({ kind, period, path: join(folder, name) });
  }
  return files;
}

function countingSql(files: readonly SourceFile[]): string[] {
  const rowsOf = (kind: EventKind): string => {
    const paths = files.filter((file) => file.kind === kind).map(({ path }) => quoted(path));
    return `read_csv([${paths.join(", ")}], auto_detect = false, header = true, delim = ',', columns = ${COLUMNS[kind]})`;
  };
  const periods = EVENT_KINDS.flatMap((kind) =>
    files.filter((file) => file.kind === kind).map(({ period }, at) => `('${kind}', ${at}, ${period})`),
  );
  return [
    // A table keeps the order of the files and of their lines, so that the least rowid of an id is its first row.
    `CREATE TABLE clicks AS
       SELECT click_id, campaign_id, banner_id, file_index::USMALLINT AS file FROM ${rowsOf("clicks")}`,
    // Few ids are repeated: to find those and leave the rest alone takes less than the first row of every id.
    `CREATE TABLE repeated AS
       SELECT click_id, min(rowid) AS first FROM clicks GROUP BY click_id HAVING count(*) > 1`,
    `CREATE VIEW first_clicks AS
       SELECT clicks.* FROM clicks LEFT JOIN repeated USING (click_id) WHERE first IS NULL OR first = clicks.rowid`,
    `CREATE TABLE conversions AS SELECT * FROM ${rowsOf("conversions")}`,
    `CREATE TABLE known_conversions AS
       SELECT conversions.rowid AS line, conversion_id, revenue, campaign_id, banner_id, file
       FROM conversions JOIN first_clicks USING (click_id)`,
    `CREATE VIEW first_conversions AS
       FROM known_conversions WHERE line IN (SELECT min(line) FROM known_conversions GROUP BY conversion_id)`,
    `CREATE TABLE statistics AS
       WITH files (kind, file, period) AS (VALUES ${periods.join(", ")}),
       counts AS (
         SELECT 'impressions' AS kind, file_index AS file, campaign_id, banner_id, count(*) AS impressions
         FROM ${rowsOf("impressions")} GROUP BY ALL
         UNION ALL BY NAME
         SELECT 'clicks' AS kind, file, campaign_id, banner_id, count(*) AS clicks
         FROM first_clicks GROUP BY ALL
         UNION ALL BY NAME
         SELECT 'clicks' AS kind, file, campaign_id, banner_id, count(*) AS conversions, sum(revenue) AS revenue
         FROM first_conversions GROUP BY ALL
       )
       SELECT period, campaign_id, banner_id,
         coalesce(sum(impressions), 0) AS impressions, coalesce(sum(clicks), 0) AS clicks,
         coalesce(sum(conversions), 0) AS conversions, coalesce(sum(revenue), 0) AS revenue
       FROM counts JOIN files USING (kind, file) GROUP BY ALL`,
  ];
}

const COLLECTIONS = `
  SELECT period, campaign_id, banner_id, place
  FROM (
    SELECT *,
      count(*) OVER cell AS banners,
      count(*) FILTER (clicks > 0) OVER cell AS clicked,
      count(*) FILTER (conversions > 0) OVER cell AS x,
      row_number() OVER (
        PARTITION BY period, campaign_id
        ORDER BY conversions > 0 DESC, revenue DESC, clicks DESC, banner_id
      ) AS place
    FROM statistics WINDOW cell AS (PARTITION BY period, campaign_id)
  )
  WHERE place <= CASE WHEN x >= 10 THEN 10 WHEN x >= 5 THEN x WHEN banners <= 5 THEN banners ELSE least(clicked, 5) END
  ORDER BY ALL`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
