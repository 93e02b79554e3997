/** How many rows of each kind to a plan of the files: what each holds, and what of it a build must reject. */
import { join } from "node:path";

export const EVENT_KINDS = ["impressions", "clicks", "conversions"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Amounts extends Readonly<Record<EventKind, number>> {
  readonly periods: number;
  readonly campaigns: number;
  /** Of each campaign. */
  readonly banners: number;
}

/** Rows by what a build makes of them. */
export interface ExpectedRows {
  read: number;
  used: number;
  duplicate: number;
  conflict: number;
  orphan: number;
}

/** One row of these in every thousand of a file, counted from 0, so that a repeat has others before it. */
const EVERY = 1000;
const PLANTED_AT = { orphan: 249, conflict: 499, duplicate: 999 } as const;
export type Planted = keyof typeof PLANTED_AT;

const PLANTED_IN: Readonly<Record<EventKind, readonly Planted[]>> = {
  impressions: [],
  clicks: ["conflict", "duplicate"],
  conversions: ["orphan", "conflict", "duplicate"],
};

/** What a row of a file is planted as, by its number in the file. */
export function plantedAt(kind: EventKind, row: number): Planted | undefined {
  const place = row % EVERY;
  return PLANTED_IN[kind].find((planted) => PLANTED_AT[planted] === place);
}

/** A row before that of a repeat, in its file, that is not planted. @param chance picks one of them */
export function repeatedRow(row: number, chance: number): number {
  return (row % EVERY) - 1 + EVERY * (chance % (Math.floor(row / EVERY) + 1));
}

/** How many rows the file of a period has; a remainder goes to the first periods. */
export function rowsOfPeriod(total: number, period: number, periods: number): number {
  return Math.floor(total / periods) + (period <= total % periods ? 1 : 0);
}

/** How many rows the files of the periods before have. */
export function rowsBefore(total: number, period: number, periods: number): number {
  return Math.floor(total / periods) * (period - 1) + Math.min(period - 1, total % periods);
}

/** Below the data folder. */
export function fileOf(kind: EventKind, period: number): string {
  return join(String(period), `${kind}_${period}.csv`);
}

/** The files in the order in which a build reads them. */
export function filesOf(periods: number): string[] {
  return EVENT_KINDS.flatMap((kind) => Array.from({ length: periods }, (_, at) => fileOf(kind, at + 1)));
}

/** What a build must say of all files of a kind. */
export function expectedRows(amounts: Amounts, kind: EventKind): ExpectedRows {
  const sum: ExpectedRows = { read: 0, used: 0, duplicate: 0, conflict: 0, orphan: 0 };
  for (let period = 1; period <= amounts.periods; period++) {
    const rows = rowsOfPeriod(amounts[kind], period, amounts.periods);
    sum.read += rows;
    sum.used += rows;
    for (const planted of PLANTED_IN[kind]) {
      const count = Math.floor((rows + EVERY - 1 - PLANTED_AT[planted]) / EVERY);
      sum[planted] += count;
      sum.used -= count;
    }
  }
  return sum;
}
