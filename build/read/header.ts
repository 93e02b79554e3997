/** A header row to where its columns are. */
import { DataError } from "../data-error.js";
import { quoted, type BadRowTaker, type RowFormat, type TakeRow } from "./row-format.js";

export interface Header<Taker extends BadRowTaker> {
  readonly width: number;
  /** Where the columns are that are read. */
  readonly places: readonly number[];
  /** The columns that are not read. */
  readonly unknown: readonly string[];
  readonly take: TakeRow<Taker>;
}

/** @throws DataError where a column is missing, or is there more than once */
export function readHeader<Taker extends BadRowTaker>(
  path: string,
  { columns, take }: RowFormat<Taker>,
  row: readonly string[],
): Header<Taker> {
  const names = row.map((name) => name.trim());
  const places = columns.map((column) => {
    if (names.filter((name) => name === column).length === 1) return names.indexOf(column);
    const fault = names.includes(column) ? "more than once" : "missing";
    throw new DataError(
      `${path}:1: column ${column} is ${fault}: expected a header row with ${columns.join(", ")}, got ${quoted(names.join(","))}`,
    );
  });
  return {
    width: names.length,
    places,
    unknown: names.filter((name) => !columns.includes(name)),
    take,
  };
}
