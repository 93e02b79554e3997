/** Shows the statements of a build that counts in ClickHouse, for the tables of deploy/clickhouse/schema.sql. */
import { eventTables } from "../../build/clickhouse/event-tables.js";
import { accountStatement, statisticsStatement, type Counted } from "../../build/clickhouse/statements.js";
import { minuteOffsets, periodExpression } from "../../build/clickhouse/zone-clock.js";

const TIMES = { timestamp: "Int64", received: "DateTime" };
const PAIR = { campaign_id: "UInt32", banner_id: "UInt32" };

const COUNTED: Counted = {
  database: "billboard",
  cluster: "billboard",
  tables: eventTables(
    {
      impressions: { ...TIMES, ...PAIR, count: "UInt32" },
      clicks: { ...TIMES, click_id: "String", ...PAIR },
      conversions: { ...TIMES, conversion_id: "String", click_id: "String", revenue: "Decimal(18, 6)" },
    },
    "schema.sql",
  ),
  from: Date.parse("2026-11-28T18:15:00Z"),
  to: Date.parse("2026-11-29T18:15:00Z"),
  receivedUntil: Date.parse("2026-11-29T20:00:00Z") / 1000,
};

const WINDOW = "--time-zone Asia/Kathmandu --from 2026-11-29 --to 2026-11-30";

function heading(what: string): string {
  return `-- Written by \`npm run docs\` from build/clickhouse/statements.ts: change it there.
-- ${what} of
--   billboard build --clickhouse http://billboard@localhost:8123/billboard --cluster billboard
--     ${WINDOW}

`;
}

export function clickHouseStatements(): Readonly<Record<string, string>> {
  const spans = minuteOffsets("Asia/Kathmandu", COUNTED.from!, COUNTED.to!);
  const periodOf = (moment: string): string => periodExpression(moment, 4, spans);
  return {
    "deploy/clickhouse/statistics.sql": `${heading("The statistics")}${statisticsStatement(COUNTED, periodOf)}\n`,
    "deploy/clickhouse/account.sql": `${heading("The account")}${accountStatement(COUNTED, periodOf)}\n`,
  };
}
