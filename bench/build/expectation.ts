/** What was planted, held against what a build says and against the index that it wrote. */
import { join } from "node:path";
import { INDEX_FILE } from "../../build/write/publish.js";
import { loadIndex } from "../../src/index/load.js";
import { formatMillionths } from "../../src/index/money.js";
import { EVENT_KINDS, expectedRows, type Amounts, type ExpectedRows } from "./amounts.js";
import type { BuildFindings } from "./measured-build.js";

export interface Expectation {
  /** Of all kinds together. */
  readonly rows: ExpectedRows;
  /** Of all entries of the index together; revenue with six decimals. */
  readonly totals: Readonly<Record<"impressions" | "clicks" | "conversions" | "revenue", string>>;
}

/** @param revenue that counts, in millionths */
export function expectationOf(amounts: Amounts, revenue: bigint): Expectation {
  const [impressions, clicks, conversions] = EVENT_KINDS.map((kind) => expectedRows(amounts, kind));
  const rows = { read: 0, used: 0, duplicate: 0, conflict: 0, orphan: 0 };
  for (const each of [impressions!, clicks!, conversions!])
    for (const name of Object.keys(rows) as (keyof ExpectedRows)[]) rows[name] += each[name];
  return {
    rows,
    totals: {
      impressions: String(impressions!.used),
      clicks: String(clicks!.used),
      conversions: String(conversions!.used),
      revenue: formatMillionths(revenue),
    },
  };
}

/** What is not as it was planted, as `read: got 1, expected 2`; empty where all is. @param out the build's folder */
export async function shortcomingsOf(expected: Expectation, { rows }: BuildFindings, out: string): Promise<string[]> {
  const { read, used, rejected } = rows;
  const got = { read, used, ...rejected };
  const wanted = { ...expected.rows, malformed: 0, "duplicate file": 0 };
  return [...differences(got, wanted), ...differences(await totalsOf(join(out, INDEX_FILE)), expected.totals)];
}

function differences<T extends string | number>(
  got: Readonly<Record<string, T>>,
  expected: Readonly<Record<string, T>>,
): string[] {
  return Object.entries(expected)
    .filter(([name, value]) => got[name] !== value)
    .map(([name, value]) => `${name}: got ${got[name] ?? "nothing"}, expected ${value}`);
}

async function totalsOf(file: string): Promise<Expectation["totals"]> {
  const { entryImpressions, entryClicks, entryConversions, entryRevenue } = await loadIndex(file);
  const sum = (column: Uint32Array): string => String(column.reduce((sum, count) => sum + count, 0));
  return {
    impressions: sum(entryImpressions),
    clicks: sum(entryClicks),
    conversions: sum(entryConversions),
    revenue: formatMillionths(entryRevenue.reduce((sum, revenue) => sum + revenue, 0n)),
  };
}
