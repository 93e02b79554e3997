/** Writes figures with as many digits as they are worth, and tables in Markdown. */
import type { Spread } from "../statistics.js";

export function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function time(microseconds: number): string {
  if (microseconds < 1000) return `${number(microseconds)} µs`;
  return microseconds < 1e6 ? `${number(microseconds / 1000)} ms` : `${number(microseconds / 1e6)} s`;
}

export function mebibytes(bytes: number): string {
  return `${number(bytes / 2 ** 20)} MiB`;
}

export function spread({ median, least, most }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(least)} to ${format(most)})`;
}

export function ratio(value: number): string {
  if (value >= 9.995) return number(value);
  return value < 0.095 ? String(Number(value.toPrecision(2))) : value.toFixed(2);
}

export interface Column<Row> {
  readonly heading: string;
  readonly isNumber?: boolean;
  readonly of: (row: Row) => string;
}

/** Laid out as the formatter does it, so that it leaves the documents alone. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ of }) => of(row)));
  const widths = columns.map(({ heading }, at) => Math.max(3, heading.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (columns[at]!.isNumber ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join(" | ")} |\n`;
  const rule = columns.map(({ isNumber }, at) =>
    isNumber ? `${"-".repeat(widths[at]! - 1)}:` : "-".repeat(widths[at]!),
  );
  return line(columns.map(({ heading }) => heading)) + line(rule) + cells.map(line).join("");
}
