/** Finds where the data that were read differ from what was expected of them. */
import { count, moneyText } from "../../src/index/wording.js";
import type { FileAccount } from "../count/account.js";
import type { PeriodSums } from "../count/counters.js";
import { KINDS, type Kind } from "../read/file-name.js";
import { FIGURES, scopeText, type Expectation, type Expectations, type Figure } from "./expectations.js";

export interface ReadData {
  readonly accounts: readonly FileAccount[];
  /** By period, of all that counts: banners that are held back are in it. */
  readonly sums: readonly PeriodSums[];
}

/** One for each figure that differs, in the order of the file. */
export function findUnexpected({ file, rows }: Expectations, data: ReadData): string[] {
  return rows.flatMap((row) =>
    FIGURES.flatMap((figure) => {
      const expected = row.figures.get(figure);
      const found = foundFor(row, figure, data);
      if (expected === undefined || found === expected) return [];
      const what = `${figure} of ${scopeText(row)}`;
      return [`${what} is ${textOf(figure, found)}, expected ${textOf(figure, expected)} (${file}:${row.line})`];
    }),
  );
}

function foundFor({ kind, period }: Expectation, figure: Figure, { accounts, sums }: ReadData): bigint {
  if (figure === "row_count") return rowsOf(accounts, kind, period);
  const chosen = period === undefined ? sums : [sums[period - 1]!];
  return chosen.reduce((sum, each) => sum + BigInt(each[figure]), 0n);
}

/** Without those outside of the window, which the warehouse left out too. */
function rowsOf(accounts: readonly FileAccount[], kind: Kind | undefined, period: number | undefined): bigint {
  const kinds: readonly string[] = kind === undefined ? KINDS : [kind];
  return accounts
    .filter(({ file }) => kinds.includes(file.kind) && (period === undefined || file.period === period))
    .reduce((sum, { read, outside }) => sum + BigInt(read - outside), 0n);
}

function textOf(figure: Figure, value: bigint): string {
  return figure === "revenue" ? moneyText(value) : count(Number(value));
}
