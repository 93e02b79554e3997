/** Finds the header row of a text, and by it the delimiter and the columns. */
import { quoted } from "../../src/options/printable.js";
import { DataError } from "./data-error.js";
import { countFields, splitRow } from "./row-fields.js";
import type { BadRowSink, RowFormat } from "./row-format.js";

/** In characters, of a line or a row over several lines: in a longer row, a quote was never closed. */
export const MAX_ROW_LENGTH = 1 << 20;
export const OVER_LONG = `the line is over-long, expected at most ${MAX_ROW_LENGTH} characters: end each row with a line feed`;

/** A name that files have for one of our columns. */
export interface ColumnName {
  readonly ours: string;
  readonly theirs: string;
}

export interface Header {
  readonly delimiter: string;
  readonly width: number;
  /** The positions of the format's columns. */
  readonly columns: readonly number[];
  readonly unknown: readonly string[];
  /** Of the first line behind it. */
  readonly nextLine: number;
}

/** Tabs last, since they may be blanks. */
const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ",": "commas",
  ";": "semicolons",
  "|": "bars",
  "\t": "tabs",
};
const DELIMITERS = Object.keys(DELIMITER_NAMES);

/** What a spreadsheet writes before the header row. What names and numbers consist of is no delimiter. */
const SEPARATOR_LINE = /^"?sep=([^\w"\s.+-]|\t)"?$/i;

/** Undefined where the text goes on and the row has not ended. @throws DataError where a column is missing, or twice */
export function findHeader<Sink extends BadRowSink>(
  path: string,
  format: RowFormat<Sink>,
  names: readonly ColumnName[] | undefined,
  text: Buffer,
  isWhole: boolean,
): { readonly header: Header; readonly bytes: number } | undefined {
  let separator: string | undefined;
  for (let start = 0, line = 1; ; line++) {
    const lineFeed = text.indexOf("\n", start);
    const end = lineFeed === -1 ? text.length : lineFeed;
    const fail = (problem: string): DataError => new DataError(`${path}:${line}: ${problem}`);
    if (end - start > MAX_ROW_LENGTH) throw fail(OVER_LONG);
    if (lineFeed === -1 && !isWhole) return undefined;
    if (start >= text.length) throw new DataError(`${path}:1: the file is empty: a header row is required`);
    const row = text.toString("utf8", start, end).replace(/\r$/, "");
    const [, given] = (separator === undefined && SEPARATOR_LINE.exec(row)) || [];
    start = end + 1;
    if (given !== undefined) separator = given;
    else if (!isBlankRow(row, separator)) {
      const header = { ...readHeader(row, format, names, separator, fail), nextLine: line + 1 };
      return { header, bytes: Math.min(start, text.length) };
    }
  }
}

/** Without a delimiter: before it is known. */
export function isBlankRow(row: string, delimiter = ",;|"): boolean {
  for (const character of row)
    if (character !== " " && character !== "\t" && !delimiter.includes(character)) return false;
  return true;
}

/** What to do where a row of another number of fields would have the right one by another delimiter. */
export function mixedDelimiters(row: string, { delimiter, width }: Header): string {
  const other = DELIMITERS.find((each) => each !== delimiter && splitRow(row, each).fields.length === width);
  return other === undefined ? "" : `: ${mixed(delimiter, other)}`;
}

function mixed(delimiter: string, other: string): string {
  const [name, otherName] = [DELIMITER_NAMES[delimiter] ?? quoted(delimiter), DELIMITER_NAMES[other]!];
  return `separated by ${otherName} is fine, but this file mixes ${name} and ${otherName}: write it with one of them`;
}

interface Split {
  readonly delimiter: string;
  readonly isOpen: boolean;
  readonly fields: readonly string[];
  readonly positions: readonly (readonly number[])[];
}

function readHeader(
  row: string,
  { columns, optional = [] }: Pick<RowFormat<BadRowSink>, "columns" | "optional">,
  names: readonly ColumnName[] | undefined,
  separator: string | undefined,
  fail: (problem: string) => DataError,
): Omit<Header, "nextLine"> {
  const splits = (separator === undefined ? DELIMITERS : [separator]).map((delimiter): Split => {
    const { isOpen } = countFields(row, 0, row.length, false, delimiter);
    const { fields } = splitRow(row, delimiter);
    return { delimiter, isOpen, fields, positions: columns.map((column) => positionsOf(column, fields, names)) };
  });
  const wrongIn = ({ positions }: Split): number =>
    positions.findIndex(({ length }, at) => length > 1 || (length === 0 && !optional.includes(columns[at]!)));
  const isWhole = (split: Split): boolean => wrongIn(split) === -1;
  // The sort is stable: the comma where several have all columns.
  const [best, next] = splits.sort(
    (a, b) =>
      Number(isWhole(b)) - Number(isWhole(a)) ||
      foundIn(b) - foundIn(a) ||
      (isWhole(a) ? 0 : b.fields.length - a.fields.length),
  ) as [Split, Split?];
  const { delimiter, fields, positions } = best;
  if (best.isOpen) throw fail("a quote in the header row is not closed");
  const wrong = wrongIn(best);
  if (wrong === -1) {
    const found = positions.map(([position = -1]) => position);
    const unknown = fields.filter((name, at) => name !== "" && !found.includes(at));
    return { delimiter, width: fields.length, columns: found, unknown };
  }
  const column = columns[wrong]!;
  const problem = positions[wrong]!.length > 0 ? "more than once" : "missing";
  const isMixed = next !== undefined && next.fields.length > 1;
  const given = names?.filter(({ ours }) => ours === column).map(({ theirs }) => ` and no ${quoted(theirs)}`);
  throw fail(
    `column ${column} is ${problem}${problem === "missing" ? (given?.join("") ?? "") : ""}: ` +
      `expected a header row with ${columns.filter((name) => !optional.includes(name)).join(", ")}, got ${quoted(row, 400)}` +
      (isMixed ? `: ${mixed(delimiter, next.delimiter)}` : "") +
      (names !== undefined && problem === "missing" ? `: name the one that it is with --column ${column}=NAME` : ""),
  );
}

const foundIn = ({ positions }: Split): number => positions.filter(({ length }) => length === 1).length;

/** Our name counts before theirs, and the same letters before others. */
function positionsOf(column: string, fields: readonly string[], names: readonly ColumnName[] = []): readonly number[] {
  const theirs = names.filter(({ ours }) => ours === column).map(({ theirs }) => theirs);
  for (const name of [column, ...theirs])
    for (const form of [(text: string) => text, plainName]) {
      const positions = fields.flatMap((field, at) => (form(field) === form(name) ? [at] : []));
      if (positions.length > 0) return positions;
    }
  return [];
}

/** Without what does not matter: case, blanks, hyphens and underscores. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}
