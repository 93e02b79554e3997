/** Reads what a build is told to expect: rows and sums, one row a period, as a warehouse counted them. */
import { basename } from "node:path";
import { named } from "../../src/index/wording.js";
import { fileStats } from "../../src/options/regular-file.js";
import { parseMillionths, revenueError } from "../../src/index/revenue.js";
import { quoted } from "../../src/options/printable.js";
import { DataError } from "../read/data-error.js";
import { KINDS, type Kind } from "../read/file-name.js";
import type { BadRowSink, RowFormat } from "../read/row-format.js";
import { readRows } from "../read/text-file.js";

/** `rows` is a reserved word in warehouses. */
export const FIGURES = ["row_count", "impressions", "clicks", "conversions", "revenue"] as const;
export type Figure = (typeof FIGURES)[number];

export interface Expectation {
  /** Undefined for all kinds together. */
  readonly kind: Kind | undefined;
  /** Undefined for all periods together. */
  readonly period: number | undefined;
  readonly line: number;
  /** Revenue in millionths. */
  readonly figures: ReadonlyMap<Figure, bigint>;
}

export interface Expectations {
  /** The name of the file alone: reports do not depend on where it lies. */
  readonly file: string;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
  readonly rows: readonly Expectation[];
}

export interface ExpectedData {
  readonly periods: number;
  /** Whether each row has its time, and files are of no period. */
  readonly isTimed: boolean;
}

interface ExpectationSink extends BadRowSink {
  row(expectation: Expectation): void;
}

const COLUMNS = ["kind", "period", ...FIGURES] as const;
const MAX_COUNT_DIGITS = 15;

/** @throws DataError for anything that is not understood: what is not checked is not noticed */
export async function readExpectations(path: string, data: ExpectedData): Promise<Expectations> {
  const { size: bytes, mtimeMs: modified } = fileStats(path);
  const rows: Expectation[] = [];
  let firstError: DataError | undefined;
  const fail = (line: number, reason: string): void => {
    firstError ??= new DataError(`${path}:${line}: ${reason}`);
  };
  const { unknownColumns, digest } = await readRows({ path, bytes, modified }, formatFor(data), {
    row: (row) => {
      const first = rows.find(({ kind, period }) => kind === row.kind && period === row.period);
      if (first === undefined) rows.push(row);
      else fail(row.line, `expects for ${scopeText(row)} what line ${first.line} does: expected one row for it`);
    },
    malformed: fail,
  });
  if (unknownColumns.length > 0)
    throw new DataError(
      `${path}: column ${named(unknownColumns.map((name) => quoted(name)))} is none of ${COLUMNS.join(", ")}: ` +
        "name it as one of them, or leave it out",
    );
  if (firstError !== undefined) throw firstError;
  if (rows.length === 0) throw new DataError(`${path}: expects nothing: expected a row for each period`);
  return { file: basename(path), digest, rows };
}

function formatFor({ periods, isTimed }: ExpectedData): RowFormat<ExpectationSink> {
  return {
    columns: COLUMNS,
    optional: COLUMNS,
    parse: (row, line, columns, sink, delimiter) => {
      const [kindText = "", periodText = "", ...texts] = columns.map((column) => (row[column] ?? "").trim());
      const kind = KINDS.find((each) => each === kindText.toLowerCase());
      if (kind === undefined && kindText !== "")
        return `kind is ${quoted(kindText)}, expected one of ${KINDS.join(", ")}, or nothing for all together`;
      const period = /^[1-9]\d?$/.test(periodText) ? Number(periodText) : undefined;
      if (periodText !== "" && (period === undefined || period > periods))
        return `period is ${quoted(periodText)}, expected one of 1 to ${periods}, which the data have, or nothing for all together`;
      const figures = new Map<Figure, bigint>();
      for (const [at, figure] of FIGURES.entries()) {
        const text = texts[at]!;
        if (text === "") continue;
        const value = figure === "revenue" ? parseMillionths(text, delimiter) : parseCount(text);
        if (value === undefined) return figure === "revenue" ? revenueError(text) : countError(figure, text);
        if (figure !== "row_count" && kind !== undefined)
          return `${figure} is expected of ${kind}, and sums are of all kinds together: expect it in a row without a kind`;
        if (figure === "row_count" && period !== undefined && isTimed)
          return "row_count is expected of a period, and files with timestamps are of none: expect it in a row without a period";
        figures.set(figure, value);
      }
      if (figures.size === 0) return `expects nothing: fill ${FIGURES.join(", ")}, or leave the row out`;
      sink.row({ kind, period, line, figures });
      return undefined;
    },
  };
}

export function scopeText({ kind, period }: Pick<Expectation, "kind" | "period">): string {
  return `${kind ?? "all kinds"} in ${period === undefined ? "all periods" : `period ${period}`}`;
}

function parseCount(text: string): bigint | undefined {
  return /^(0|[1-9]\d*)$/.test(text) && text.length <= MAX_COUNT_DIGITS ? BigInt(text) : undefined;
}

function countError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number of at most ${MAX_COUNT_DIGITS} digits without leading zeros`;
}
