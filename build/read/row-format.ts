/** Describes the rows of one kind of file. */

/** `line` is where the row starts. */
export interface BadRowSink {
  malformed(line: number, reason: string): void;
}

/** Hands the values to the sink, or returns what is wrong. `columns` are positions of the format's columns. */
export type ParseRow<Sink extends BadRowSink> = (
  row: readonly string[],
  line: number,
  columns: readonly number[],
  sink: Sink,
  delimiter: string,
) => string | undefined;

export interface RowFormat<Sink extends BadRowSink> {
  /** A file may have them in any order, and others beside them. */
  readonly columns: readonly string[];
  /** Those of them that a file may lack; their position is -1 then. */
  readonly optional?: readonly string[];
  readonly parse: ParseRow<Sink>;
}
