import type { NaiveResult } from "./naive-index.js";
import { periodOf } from "./naive-rows.js";

/** One figure, as a row of its own would expect it. */
export interface NaiveExpectation {
  readonly kind: string;
  /** 0 for all. */
  readonly period: number;
  readonly figure: string;
  readonly value: bigint;
}

const KINDS = ["", "impressions", "clicks", "conversions", "statistics"];
const SUMS = ["impressions", "clicks", "conversions", "revenue"] as const;

/** All that is true of a data set. */
export function expectationsOf({ accounts, sums }: Pick<NaiveResult, "accounts" | "sums">): NaiveExpectation[] {
  const expectations: NaiveExpectation[] = [];
  for (let period = 0; period <= sums.length; period++) {
    for (const kind of KINDS) {
      const files = accounts.filter(({ file }) => {
        const name = /^\d+\/(impressions|clicks|conversions)/.exec(file)?.[1];
        return name !== undefined && (kind === "" || name === kind) && (period === 0 || periodOf(file) === period);
      });
      const value = BigInt(files.reduce((sum, { read }) => sum + read, 0));
      expectations.push({ kind, period, figure: "row_count", value });
    }
    const chosen = period === 0 ? sums : [sums[period - 1]!];
    for (const figure of SUMS) {
      const value = chosen.reduce((sum, each) => sum + each[figure], 0n);
      expectations.push({ kind: "", period, figure, value });
    }
  }
  return expectations;
}

export function expectedCsv(expectations: readonly NaiveExpectation[]): string {
  const keys = [...new Set(expectations.map(({ kind, period }) => `${kind},${period === 0 ? "" : period}`))];
  const rows = keys.map((key) => {
    const figures = ["row_count", ...SUMS].map((name) => {
      const one = expectations.find(
        ({ kind, period, figure }) => figure === name && `${kind},${period === 0 ? "" : period}` === key,
      );
      return one === undefined ? "" : name === "revenue" ? decimal(one.value) : String(one.value);
    });
    return [key, ...figures].join(",");
  });
  return [`kind,period,row_count,${SUMS.join(",")}`, ...rows, ""].join("\n");
}

function decimal(millionths: bigint): string {
  const size = millionths < 0n ? -millionths : millionths;
  return `${millionths < 0n ? "-" : ""}${size / 1_000_000n}.${String(size % 1_000_000n).padStart(6, "0")}`;
}
