/** Has ClickHouse count the events of a build: the account first, then the statistics, which must add up to it. */
import { EventCounts } from "../count/counters.js";
import type { FileAccount } from "../count/account.js";
import type { RejectLog } from "../count/rejects.js";
import { DataError, type OnBadRow } from "../read/data-error.js";
import type { ReadProgress } from "../read/event-reader.js";
import type { EventTimes } from "../read/event-time.js";
import { EVENT_KINDS } from "../read/file-name.js";
import { accountsOf, logRejects, requireAgreement, type TableAccounts } from "./account.js";
import { addressOf, requireClusterName } from "./address.js";
import { ask, rowsOf, type Server } from "./client.js";
import { eventTables, type ColumnTypes } from "./event-tables.js";
import { passwordOf } from "./password.js";
import { Progress } from "./progress.js";
import { readStatistics } from "./result.js";
import { LATER_SETTINGS } from "./settings.js";
import {
  accountStatement,
  shardingStatement,
  spanStatement,
  statisticsStatement,
  type Counted,
  type PeriodOf,
} from "./statements.js";
import { minuteOffsets, periodExpression } from "./zone-clock.js";

/** Where the events lie, as options and the environment say it. */
export interface SourceOptions {
  readonly clickhouse: string;
  readonly cluster: string | undefined;
}

export interface Source extends Server {
  readonly cluster: string | undefined;
}

export interface CountedEvents {
  readonly counts: EventCounts;
  readonly accounts: readonly FileAccount[];
}

interface Options {
  readonly times: EventTimes;
  readonly onBadRow: OnBadRow;
  readonly rejects: RejectLog;
  /** Called before the first statement that counts. */
  readonly onProgress: (progress: () => ReadProgress) => void;
}

/** So long before this moment, what a row's server wrote as its `received` is past, and the row is there. */
const SETTLING_SECONDS = 60;
/** So many click ids of all are looked at for whether they lie on one shard. */
const SHARDING_SAMPLE = 1_000_000;
const DAY_MS = 86_400_000;

/** Asks nobody yet. @throws UsageError, FileError */
export function sourceOf({ clickhouse, cluster }: SourceOptions, signal: AbortSignal): Source {
  const address = addressOf(clickhouse);
  if (cluster !== undefined) requireClusterName(cluster);
  return { address, password: passwordOf(process.env), cluster, signal };
}

/** @throws DataError where the tables cannot be counted, or were not counted whole */
export async function countEvents(
  given: Source,
  { times, onBadRow, rejects, onProgress }: Options,
): Promise<CountedEvents> {
  const source = { ...given, settings: await laterSettings(given) };
  const counted = await lookAt(source, times);
  const progress = new Progress(source);
  onProgress(() => progress.read());
  try {
    const periodOf = await clockOf(source, counted, times);
    const account = await countRows(source, counted, periodOf, progress.begin());
    requireSound(source, account, onBadRow);
    await requireSharding(source, counted, account);
    const counts = await countCells(
      source,
      statisticsStatement(counted, periodOf),
      times.periods,
      account,
      progress.begin(),
    );
    logRejects(account, rejects);
    return { counts, accounts: account.accounts };
  } catch (error) {
    if (source.signal.aborted) await progress.kill();
    throw error;
  }
}

async function lookAt(source: Source, { from, to }: EventTimes): Promise<Counted> {
  const { address, cluster } = source;
  const { database, text } = address;
  if (cluster !== undefined) await requireCluster(source, cluster);
  const rows = await rowsOf(
    source,
    `SELECT table, name, type FROM system.columns WHERE database = '${database}'
AND table IN ('impressions', 'clicks', 'conversions') FORMAT TabSeparatedRaw`,
  );
  const types: Record<string, Record<string, string>> = {};
  for (const [table = "", column = "", type = ""] of rows) (types[table] ??= {})[column] = type;
  const tables = eventTables(types satisfies ColumnTypes, text);
  await requirePlaced(source);
  const [[now] = []] = await rowsOf(source, "SELECT toUnixTimestamp(now()) FORMAT TabSeparated");
  return { database, cluster, tables, from, to, receivedUntil: Number(now) - SETTLING_SECONDS };
}

async function requireCluster({ address, ...server }: Source, cluster: string): Promise<void> {
  const rows = await rowsOf(
    { address, ...server },
    "SELECT DISTINCT cluster FROM system.clusters FORMAT TabSeparatedRaw",
  );
  const names = rows.map(([name]) => name);
  if (!names.includes(cluster))
    throw new DataError(
      `${address.text}: has no cluster ${cluster}: --cluster names one of ${names.join(", ") || "its configuration, where there is none"}`,
    );
}

/** An unknown one is an error. */
async function laterSettings(server: Server): Promise<Readonly<Record<string, string>>> {
  const names = Object.keys(LATER_SETTINGS).map((name) => `'${name}'`);
  const rows = await rowsOf(
    server,
    `SELECT name FROM system.settings WHERE name IN (${names.join(", ")}) FORMAT TabSeparatedRaw`,
  );
  return Object.fromEntries(rows.map(([name = ""]) => [name, LATER_SETTINGS[name]!]));
}

const IN_DISTRIBUTED = /^Distributed\('?([\w.-]+)'?, '?(\w+)'?, '?(impressions|clicks|conversions)'?[,)]/;

/** @throws DataError where the tables are not those of one server, or of one shard */
async function requirePlaced(source: Source): Promise<void> {
  const { address, cluster } = source;
  const { database, text } = address;
  const rows = await rowsOf(
    source,
    "SELECT database, name, engine_full FROM system.tables WHERE engine = 'Distributed' FORMAT TabSeparatedRaw",
  );
  for (const [itsDatabase, name = "", engine = ""] of rows) {
    // A statement about all shards must not go out again from each of them.
    if (itsDatabase === database && (EVENT_KINDS as readonly string[]).includes(name))
      throw new DataError(
        `${text}: ${name} is a Distributed table: name the database that holds the rows on each shard, and the cluster with --cluster`,
      );
    const [, itsCluster, part, kind] = IN_DISTRIBUTED.exec(engine) ?? [];
    if (cluster !== undefined || part !== database || itsCluster === undefined) continue;
    const [[shards] = []] = await rowsOf(
      source,
      `SELECT uniq(shard_num) FROM system.clusters WHERE cluster = '${itsCluster}' FORMAT TabSeparated`,
    );
    if (Number(shards) > 1)
      throw new DataError(
        `${text}: ${kind} is one of ${shards} parts, those of ${itsDatabase}.${name}: name the cluster with --cluster ${itsCluster}`,
      );
  }
}

/** Our own offsets of the zone, from the first event on to a year behind the last. */
async function clockOf(source: Source, counted: Counted, { timeZone, periods }: EventTimes): Promise<PeriodOf> {
  const [row = []] = await rowsOf(source, spanStatement(counted));
  const [first, last, rows] = row.map(Number);
  const spans = rows === 0 ? [{ start: 0, offset: 0 }] : minuteOffsets(timeZone, first!, last! + 365 * DAY_MS);
  return (moment) => periodExpression(moment, periods, spans);
}

async function countRows(
  source: Source,
  counted: Counted,
  periodOf: PeriodOf,
  queryId: string,
): Promise<TableAccounts> {
  return accountsOf(await rowsOf(source, accountStatement(counted, periodOf), queryId), source.address);
}

function requireSound({ address }: Source, { accounts }: TableAccounts, onBadRow: OnBadRow): void {
  const [bad] = accounts.filter(({ rejected }) => rejected.malformed > 0);
  if (bad !== undefined && onBadRow === "stop")
    throw new DataError(
      `${address.text}: ${bad.rejected.malformed} of ${bad.read} rows of ${bad.file.name} are malformed, nothing is published: ` +
        "correct them (deploy/clickhouse/rejects.sql lists them), or reject them with --on-bad-row reject",
    );
}

/** @throws DataError where an id's rows lie on several shards, which count them by themselves */
async function requireSharding(source: Source, counted: Counted, { accounts }: TableAccounts): Promise<void> {
  const { address, cluster } = source;
  if (cluster === undefined) return;
  const rows = accounts.reduce((sum, { file, read }) => sum + (file.kind === "impressions" ? 0 : read), 0);
  const share = Math.max(1, Math.ceil(rows / SHARDING_SAMPLE));
  const [[byShard, inAll] = []] = await rowsOf(source, shardingStatement(counted, share));
  if (byShard === undefined || byShard !== inAll)
    throw new DataError(
      `${address.text}: ${Number(byShard) - Number(inAll)} click ids lie on more than one shard of ${cluster}: ` +
        "clicks and conversions have to be sharded by click_id, as deploy/clickhouse/schema.sql has it",
    );
}

async function countCells(
  source: Source,
  statement: string,
  periods: number,
  { expected }: TableAccounts,
  queryId: string,
): Promise<EventCounts> {
  const { address } = source;
  const counts = new EventCounts(periods);
  // Where nothing is used there is nothing to add up, and releases differ in the totals of nothing.
  if (expected.impressions + expected.clicks === 0n) return counts;
  const sums = await readStatistics(
    ask(source, statement, queryId),
    address,
    ({ period, campaign, banner, ...row }) => {
      if (period < 1 || period > periods || campaign === 0 || banner === 0)
        throw new DataError(
          `${address.text}: sent period ${period}, campaign ${campaign}, banner ${banner}: start again`,
        );
      const counter = counts.counterOf(period, campaign, banner);
      if (!counts.isEmpty(counter))
        throw new DataError(`${address.text}: sent banner ${banner} of campaign ${campaign} twice: start again`);
      counts.setStatistics(counter, { banner, ...row });
    },
  );
  requireAgreement(sums, expected, address);
  return counts;
}
