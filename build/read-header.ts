/** A header row to where its columns are. */
import { DataError } from "./data-error.js";
import { EVENT_ROWS, quoted, type TakeRow } from "./event-rows.js";
import type { EventFile } from "./find-files.js";

/** All that the reading of a file needs to know of it. */
export type SourceFile = Pick<EventFile, "kind" | "path">;

export interface Header {
  readonly width: number;
  /** Where the columns are that are read. */
  readonly places: readonly number[];
  /** The columns that are not read. */
  readonly unknown: readonly string[];
  readonly take: TakeRow;
}

/** @throws DataError where a column is missing, or is there more than once */
export function readHeader(file: SourceFile, row: readonly string[]): Header {
  const names = row.map((name) => name.trim());
  const { columns, take } = EVENT_ROWS[file.kind];
  const places = columns.map((column) => {
    if (names.filter((name) => name === column).length === 1) return names.indexOf(column);
    const fault = names.includes(column) ? "more than once" : "missing";
    throw new DataError(
      `${file.path}:1: column ${column} is ${fault}: expected a header row with ${columns.join(", ")}, got ${quoted(names.join(","))}`,
    );
  });
  return {
    width: names.length,
    places,
    unknown: names.filter((name) => !columns.includes(name)),
    take,
  };
}
