/** Reads the rows of the statistics statement as they come, and requires the totals that end them. */
import { readId } from "../../src/index/ids.js";
import { parseRevenue } from "../../src/index/revenue.js";
import { DataError } from "../read/data-error.js";
import type { Address } from "./address.js";
import { requireNoException } from "./client.js";
import { STATISTICS_COLUMNS } from "./statements.js";

/** Sums of all rows; more than 32 bits hold. */
export interface Totals {
  readonly impressions: bigint;
  readonly clicks: bigint;
  readonly conversions: bigint;
  /** Millionths. */
  readonly revenue: bigint;
}

export interface StatisticsRow {
  readonly period: number;
  readonly campaign: number;
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: bigint;
}

const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 1 << 16;

/** Calls back for each row, and returns the sums, which are those of the totals. @throws DataError for any other end */
export async function readStatistics(
  chunks: AsyncIterable<Buffer>,
  address: Address,
  onRow: (row: StatisticsRow) => void,
): Promise<Totals> {
  const sums = { impressions: 0n, clicks: 0n, conversions: 0n, revenue: 0n };
  let rows = 0;
  let end: readonly string[] | undefined;
  let hasEnded = false;
  const lines = linesOf(chunks);
  for await (const line of lines) {
    const fields = line.split("\t");
    if (!hasEnded && line === "") {
      hasEnded = true;
    } else if (hasEnded && end === undefined && fields.length === STATISTICS_COLUMNS) {
      end = fields;
    } else {
      const row = hasEnded ? undefined : rowOf(fields, address);
      if (row === undefined) throw await strangeEnd(line, lines, address);
      rows++;
      sums.impressions += BigInt(row.impressions);
      sums.clicks += BigInt(row.clicks);
      sums.conversions += BigInt(row.conversions);
      sums.revenue += row.revenue;
      onRow(row);
    }
  }
  if (end === undefined) throw new DataError(`${address.text}: its response is cut after ${rows} row(s): start again`);
  requireTotals(end, { ...sums, rows: BigInt(rows) }, address);
  return sums;
}

function requireTotals(end: readonly string[], sums: Totals & { readonly rows: bigint }, address: Address): void {
  const [impressions, clicks, conversions, revenueText = "", rows] = end.slice(3);
  const { revenue, ...counts } = sums;
  const totals = { impressions, clicks, conversions, rows };
  for (const [name, sum] of Object.entries(counts)) {
    const total = totals[name as keyof typeof totals];
    // Without any row, the totals are there all the same.
    if (total !== String(sum) && !(name === "rows" && sum === 0n))
      throw new DataError(`${address.text}: sent ${sum} ${name} of ${total}: start again`);
  }
  if (millionths(revenueText) !== revenue)
    throw new DataError(
      `${address.text}: the revenue of its rows is not that of its totals, ${revenueText}: start again`,
    );
}

/** A sum of Decimals, which may have more digits than the 64 bits of one banner. */
export function millionths(text: string): bigint | undefined {
  const [isDecimal, sign, whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (isDecimal === undefined) return undefined;
  const size = BigInt(whole + fraction.padEnd(6, "0"));
  return sign === "-" ? -size : size;
}

/** @throws DataError for sums that an index does not hold */
function rowOf(fields: readonly string[], { text: address }: Address): StatisticsRow | undefined {
  if (fields.length !== STATISTICS_COLUMNS || !fields.every((field) => /^-?\d+(\.\d+)?$/.test(field))) return undefined;
  const [period, campaign, banner] = fields.slice(0, 3).map((field) => readId(field)) as [number, number, number];
  const counts = fields.slice(3, 6).map((field) => (field === "0" ? 0 : readId(field)));
  const [impressions, clicks, conversions] = counts as [number, number, number];
  const where = `of banner ${banner} in campaign ${campaign}`;
  if (counts.some((count, at) => count === 0 && fields[3 + at] !== "0"))
    throw new DataError(`${address}: the events ${where} exceed 4294967295: split the period`);
  const revenue = parseRevenue(fields[6]!, ".");
  if (revenue === undefined)
    throw new DataError(`${address}: the revenue ${where} exceeds 9223372036854.775807: give revenue in a larger unit`);
  return { period, campaign, banner, impressions, clicks, conversions, revenue };
}

/** What stands in place of rows is an exception of ClickHouse, or the page of another server. */
async function strangeEnd(line: string, rest: AsyncIterable<string>, address: Address): Promise<DataError> {
  let text = line;
  try {
    for await (const more of rest) if (text.length < MAX_LINE_BYTES) text += `\n${more}`;
  } finally {
    // Today's ClickHouse breaks off behind it.
    requireNoException(address, text);
  }
  return new DataError(`${address.text}: sent ${JSON.stringify(line.slice(0, 80))} in place of a row: start again`);
}

/** Without their ends; the last may have none, also where an error ends them. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let before: Buffer = Buffer.alloc(0);
  let failure: unknown;
  try {
    for await (const chunk of chunks) {
      const bytes = before.length === 0 ? chunk : Buffer.concat([before, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
        yield bytes.toString("utf8", start, end);
        start = end + 1;
      }
      before = bytes.subarray(start);
      if (before.length > MAX_LINE_BYTES) break;
    }
  } catch (error) {
    failure = error;
  }
  if (before.length > 0) yield before.toString("utf8");
  if (failure !== undefined) throw failure as Error;
}
