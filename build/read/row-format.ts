/** Describes the rows of one kind of file, and finds their columns by its header row. */
import { printable } from "../../src/options/printable.js";
import { DataError } from "./data-error.js";

/** `line` is where the row starts; the header is line 1. */
export interface BadRowSink {
  malformed(line: number, reason: string): void;
}

/** Hands the values to the sink, or returns what is wrong. `columns` are positions of the format's columns. */
export type ParseRow<Sink extends BadRowSink> = (
  row: readonly string[],
  line: number,
  columns: readonly number[],
  sink: Sink,
) => string | undefined;

export interface RowFormat<Sink extends BadRowSink> {
  /** A file may have them in any order, and others beside them. */
  readonly columns: readonly string[];
  readonly parse: ParseRow<Sink>;
}

export interface Header<Sink extends BadRowSink> {
  readonly width: number;
  readonly columns: readonly number[];
  readonly unknown: readonly string[];
  readonly parse: ParseRow<Sink>;
}

/** @throws DataError where a column is missing, or is there more than once */
export function readHeader<Sink extends BadRowSink>(
  path: string,
  { columns, parse }: RowFormat<Sink>,
  row: readonly string[],
): Header<Sink> {
  const names = row.map((name) => name.trim());
  const positions = columns.map((column) => {
    if (names.filter((name) => name === column).length === 1) return names.indexOf(column);
    const problem = names.includes(column) ? "more than once" : "missing";
    throw new DataError(
      `${path}:1: column ${column} is ${problem}: expected a header row with ${columns.join(", ")}, got ${quoted(names.join(","))}`,
    );
  });
  return { width: names.length, columns: positions, unknown: names.filter((name) => !columns.includes(name)), parse };
}

export function quoted(text: string): string {
  return printable(JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text));
}
