/** Writes the statements that count events in ClickHouse, in SQL that releases from 18.16 to today's understand. */
import type { EventKind, EventTables } from "./event-tables.js";

export interface Counted {
  readonly database: string;
  /** Where the tables lie, each on every shard; undefined for one server. */
  readonly cluster: string | undefined;
  readonly tables: EventTables;
  /** Milliseconds since 1970: from the first inclusive to the second exclusive. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Unix seconds: rows that came in later are not read. */
  readonly receivedUntil: number | undefined;
}

/** Takes the SQL of a moment, and gives that of its period. */
export type PeriodOf = (moment: string) => string;

/** The columns of the result of `statisticsStatement`, after which come the totals. */
export const STATISTICS_COLUMNS = 8;
export const ACCOUNT_COLUMNS = 10;

/**
 * Sorted as text, it is in the order in which rows count: by time, then campaign, then banner. It holds the whole
 * click. A tuple of numbers takes half as long again on 18.16, and more than four times as long on today's release.
 */
const MOMENT_BASE = 10_000_000_000_000;
const ID_BASE = 10_000_000_000;
const clickText = (moment: string): string =>
  `concat(toString(${moment} + ${MOMENT_BASE}), toString(campaign_id + ${ID_BASE}), toString(banner_id + ${ID_BASE}))`;
const momentIn = (text: string): string => `toInt64(substring(${text}, 1, 14)) - ${MOMENT_BASE}`;
const campaignIn = (text: string): string => `toUInt32(toUInt64(substring(${text}, 15, 11)) - ${ID_BASE})`;
const bannerIn = (text: string): string => `toUInt32(toUInt64(substring(${text}, 26, 11)) - ${ID_BASE})`;

const ZERO = "toUInt64(0)";
const NO_REVENUE = "toDecimal128(0, 6)";

/** One row for each banner of a cell, and the totals of all rows behind an empty line. */
export function statisticsStatement(counted: Counted, periodOf: PeriodOf): string {
  return `SELECT period, campaign, banner,
  sum(impressions), sum(clicks), sum(conversions), sum(revenue), count() AS rows
FROM (
  SELECT period, campaign, banner,
    sum(some_impressions) AS impressions, sum(some_clicks) AS clicks,
    sum(some_conversions) AS conversions, sum(some_revenue) AS revenue
  FROM (
${indented(impressionsByCell(counted, periodOf), 2)}
    UNION ALL
${indented(clicksByCell(counted, periodOf), 2)}
    UNION ALL
${indented(conversionsByCell(counted, periodOf), 2)}
  )
  GROUP BY period, campaign, banner
)
GROUP BY period, campaign, banner WITH TOTALS
FORMAT TabSeparated`;
}

function impressionsByCell(counted: Counted, periodOf: PeriodOf): string {
  const { moment, count } = counted.tables.impressions;
  return `SELECT ${periodOf(moment)} AS period,
  toUInt32(campaign_id) AS campaign, toUInt32(banner_id) AS banner,
  toUInt64(sum(${count})) AS some_impressions, ${ZERO} AS some_clicks,
  ${ZERO} AS some_conversions, ${NO_REVENUE} AS some_revenue
FROM ${everywhere(counted, "impressions")}
WHERE ${all(counted, "impressions", "sound", "inside")}
GROUP BY period, campaign, banner`;
}

/** Each shard has all rows of its clicks, and counts them by itself. */
function clicksByCell(counted: Counted, periodOf: PeriodOf): string {
  const perShard = `SELECT ${periodOf(`(${momentIn("counted")})`)} AS period,
  ${campaignIn("counted")} AS campaign, ${bannerIn("counted")} AS banner,
  count() AS local_clicks
FROM (
${indented(firstClicks(counted, "all"))}
)
GROUP BY period, campaign, banner`;
  return `SELECT period, campaign, banner,
  ${ZERO} AS some_impressions, toUInt64(local_clicks) AS some_clicks,
  ${ZERO} AS some_conversions, ${NO_REVENUE} AS some_revenue
FROM ${onEachShard(counted, ["period", "campaign", "banner", "local_clicks"], perShard)}`;
}

/** A conversion meets its click on its shard. Its id may lie on several: the server that is asked sees all of them. */
function conversionsByCell(counted: Counted, periodOf: PeriodOf): string {
  const { moment } = counted.tables.conversions;
  return `SELECT ${periodOf(`(${momentIn("one.4")})`)} AS period,
  ${campaignIn("one.4")} AS campaign, ${bannerIn("one.4")} AS banner,
  ${ZERO} AS some_impressions, ${ZERO} AS some_clicks,
  toUInt64(count()) AS some_conversions, sum(toDecimal128(one.3, 6)) AS some_revenue
FROM (
  SELECT conversion_id, min((${moment}, click_id, revenue, counted)) AS one
  FROM ${everywhere(counted, "conversions")}
  ALL INNER JOIN (
${indented(firstClicks(counted, "converted"), 2)}
  ) AS click USING (click_id)
  WHERE ${all(counted, "conversions", "sound")}
  GROUP BY conversion_id
)
GROUP BY period, campaign, banner`;
}

/** Of each id, the row in the window that counts; or only of those that conversions name. */
function firstClicks(counted: Counted, which: "all" | "converted"): string {
  const converted =
    which === "all" ? "" : `\n  AND click_id IN (SELECT click_id FROM ${local(counted, "conversions")})`;
  return `SELECT click_id, min(${clickText(counted.tables.clicks.moment)}) AS counted
FROM ${local(counted, "clicks")}
WHERE ${all(counted, "clicks", "sound", "inside")}${converted}
GROUP BY click_id`;
}

/** One row for each kind of event, in the order of their names: what became of its rows. */
export function accountStatement(counted: Counted, periodOf: PeriodOf): string {
  return `SELECT kind, sum(rows_read), sum(malformed), sum(outside), sum(used),
  sum(duplicate), sum(conflict), sum(orphan), sum(views), sum(revenue_used)
FROM (
${[impressionRows(counted), clickRows(counted), clicksInside(counted, periodOf), conversionRows(counted), conversionsOfClicks(counted), conversionsInside(counted)].map((each) => indented(each)).join("\n  UNION ALL\n")}
)
GROUP BY kind
ORDER BY kind
FORMAT TabSeparated`;
}

type AccountColumn =
  "rows_read" | "malformed" | "outside" | "used" | "duplicate" | "conflict" | "orphan" | "views" | "revenue_used";

function accountRow(kind: EventKind, columns: Readonly<Partial<Record<AccountColumn, string>>>): string {
  const column = (name: AccountColumn): string => `toUInt64(${columns[name] ?? "0"}) AS ${name}`;
  return `SELECT '${kind}' AS kind, ${column("rows_read")}, ${column("malformed")},
  ${column("outside")}, ${column("used")},
  ${column("duplicate")}, ${column("conflict")}, ${column("orphan")},
  ${column("views")}, ${columns.revenue_used ?? NO_REVENUE} AS revenue_used`;
}

function impressionRows(counted: Counted): string {
  const { isSound, count } = counted.tables.impressions;
  const inside = insideOf(counted, "impressions");
  const columns = {
    rows_read: "count()",
    malformed: `countIf(NOT (${isSound}))`,
    outside: `countIf((${isSound}) AND NOT (${inside}))`,
    used: `countIf((${isSound}) AND (${inside}))`,
    views: `sumIf(${count}, (${isSound}) AND (${inside}))`,
  };
  return `${accountRow("impressions", columns)}
FROM ${everywhere(counted, "impressions")}${where(counted, "impressions")}`;
}

function clickRows(counted: Counted): string {
  const { isSound } = counted.tables.clicks;
  const columns = {
    rows_read: "count()",
    malformed: `countIf(NOT (${isSound}))`,
    outside: `countIf((${isSound}) AND NOT (${insideOf(counted, "clicks")}))`,
  };
  return `${accountRow("clicks", columns)}
FROM ${everywhere(counted, "clicks")}${where(counted, "clicks")}`;
}

function clicksInside(counted: Counted, periodOf: PeriodOf): string {
  const { moment } = counted.tables.clicks;
  const perShard = `SELECT count() AS ids, sum(same_rows) AS same, sum(id_rows) AS in_all
FROM (
  SELECT click_id, sum(alike_rows) AS id_rows, argMin(alike_rows, first_alike) AS same_rows
  FROM (
    SELECT click_id, ${periodOf(moment)} AS click_period, campaign_id, banner_id,
      count() AS alike_rows, min(${clickText(moment)}) AS first_alike
    FROM ${local(counted, "clicks")}
    WHERE ${all(counted, "clicks", "sound", "inside")}
    GROUP BY click_id, click_period, campaign_id, banner_id
  )
  GROUP BY click_id
)`;
  const columns = { used: "sum(ids)", duplicate: "sum(same) - sum(ids)", conflict: "sum(in_all) - sum(same)" };
  return `${accountRow("clicks", columns)}
FROM ${onEachShard(counted, ["ids", "same", "in_all"], perShard)}`;
}

function conversionRows(counted: Counted): string {
  const columns = { rows_read: "count()", malformed: `countIf(NOT (${counted.tables.conversions.isSound}))` };
  return `${accountRow("conversions", columns)}
FROM ${everywhere(counted, "conversions")}${where(counted, "conversions")}`;
}

function conversionsOfClicks(counted: Counted): string {
  const columns = { orphan: "countIf(is_known = 0)", outside: "countIf(is_known = 1 AND is_inside = 0)" };
  return `${accountRow("conversions", columns)}
FROM ${everywhere(counted, "conversions")}
ALL LEFT JOIN (
  SELECT click_id, toUInt8(1) AS is_known, toUInt8(max(${insideOf(counted, "clicks")})) AS is_inside
  FROM ${local(counted, "clicks")}
  WHERE ${all(counted, "clicks", "sound")}
    AND click_id IN (SELECT click_id FROM ${local(counted, "conversions")})
  GROUP BY click_id
) AS click USING (click_id)
WHERE ${all(counted, "conversions", "sound")}`;
}

function conversionsInside(counted: Counted): string {
  const { moment } = counted.tables.conversions;
  const columns = {
    used: "count()",
    duplicate: "sum(same_rows) - count()",
    conflict: "sum(id_rows) - sum(same_rows)",
    revenue_used: "sum(toDecimal128(first_revenue, 6))",
  };
  return `${accountRow("conversions", columns)}
FROM (
  SELECT conversion_id, sum(alike_rows) AS id_rows,
    argMin(alike_rows, first_alike) AS same_rows, argMin(alike_revenue, first_alike) AS first_revenue
  FROM (
    SELECT conversion_id, click_id, revenue AS alike_revenue, count() AS alike_rows,
      min((${moment}, click_id, revenue)) AS first_alike
    FROM ${everywhere(counted, "conversions")}
    ALL INNER JOIN (
${indented(firstClicks(counted, "converted"), 3)}
    ) AS click USING (click_id)
    WHERE ${all(counted, "conversions", "sound")}
    GROUP BY conversion_id, click_id, alike_revenue
  )
  GROUP BY conversion_id
)`;
}

/** The first and last moment in the window, of impressions and clicks. */
export function spanStatement(counted: Counted): string {
  const each = (["impressions", "clicks"] as const).map(
    (
      kind,
    ) => `  SELECT min(${counted.tables[kind].moment}) AS first_moment, max(${counted.tables[kind].moment}) AS last_moment, toUInt64(count()) AS some_rows
  FROM ${everywhere(counted, kind)}
  WHERE ${all(counted, kind, "sound", "inside")}`,
  );
  return `SELECT min(first_moment), max(last_moment), sum(some_rows)
FROM (
${each.join("\n  UNION ALL\n")}
)
WHERE some_rows > 0
FORMAT TabSeparated`;
}

/** Click ids by shard and in all: the same number where each lies on one shard. One of `share` ids is looked at. */
export function shardingStatement(counted: Counted, share: number): string {
  const ids = (place: typeof local): string =>
    (["clicks", "conversions"] as const)
      .map((kind) => `SELECT click_id FROM ${place(counted, kind)} WHERE cityHash64(click_id) % ${share} = 0`)
      .join("\nUNION ALL\n");
  const perShard = `SELECT uniqExact(click_id) AS shard_ids
FROM (
${indented(ids(local))}
)`;
  return `SELECT sum(ids_by_shard), sum(ids_in_all)
FROM (
  SELECT toUInt64(shard_ids) AS ids_by_shard, ${ZERO} AS ids_in_all
  FROM ${onEachShard(counted, ["shard_ids"], perShard)}
  UNION ALL
  SELECT ${ZERO} AS ids_by_shard, toUInt64(uniqExact(click_id)) AS ids_in_all
  FROM (
${indented(ids(everywhere), 2)}
  )
)
FORMAT TabSeparated`;
}

/** Of all shards. */
function everywhere(counted: Counted, kind: EventKind): string {
  return counted.cluster === undefined
    ? local(counted, kind)
    : `cluster('${counted.cluster}', ${counted.database}, ${kind})`;
}

/** Of the shard on which the statement, or this part of it, runs. */
function local({ database }: Counted, kind: EventKind): string {
  return `${database}.${kind}`;
}

/** A right side of a JOIN runs where its left side lies: here beside the one row that every server has. */
function onEachShard({ cluster }: Counted, columns: readonly string[], select: string): string {
  if (cluster === undefined) return `(\n${indented(select)}\n) AS shard`;
  return `cluster('${cluster}', system, one)
ALL INNER JOIN (
  SELECT toUInt8(0) AS dummy, ${columns.join(", ")}
  FROM (
${indented(select, 2)}
  )
) AS shard USING (dummy)`;
}

type Condition = "sound" | "inside";

function all(counted: Counted, kind: EventKind, ...conditions: readonly Condition[]): string {
  const { isSound } = counted.tables[kind];
  const texts = conditions.map((each) => (each === "sound" ? isSound : insideOf(counted, kind)));
  return [...receivedOf(counted, kind), ...texts].join("\n  AND ");
}

function where(counted: Counted, kind: EventKind): string {
  return receivedOf(counted, kind)
    .map((each) => `\nWHERE ${each}`)
    .join("");
}

function receivedOf({ tables, receivedUntil }: Counted, kind: EventKind): readonly string[] {
  return receivedUntil !== undefined && tables[kind].hasReceived
    ? [`toUnixTimestamp(received) <= ${receivedUntil}`]
    : [];
}

function insideOf({ tables, from, to }: Counted, kind: EventKind): string {
  const { moment } = tables[kind];
  const bounds = [
    ...(from === undefined ? [] : [`${moment} >= ${from}`]),
    ...(to === undefined ? [] : [`${moment} < ${to}`]),
  ];
  return bounds.length === 0 ? "1" : bounds.join(" AND ");
}

function indented(text: string, levels = 1): string {
  return text.replace(/^/gm, "  ".repeat(levels));
}
