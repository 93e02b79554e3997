/** What the rows of one kind of file look like, and how they are handed over. */

/** Who is told of rows that are not good. `line` is where the row starts; the header is line 1. */
export interface BadRowTaker {
  malformed(line: number, reason: string): void;
}

/** Hands a row over, or says what is wrong with it. `places` are where the format's columns are in it. */
export type TakeRow<Taker extends BadRowTaker> = (
  row: readonly string[],
  line: number,
  places: readonly number[],
  taker: Taker,
) => string | undefined;

export interface RowFormat<Taker extends BadRowTaker> {
  /** Those that are read; a file may have them in any order, and others beside them. */
  readonly columns: readonly string[];
  readonly take: TakeRow<Taker>;
}

/** A value of the data as complaints show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
