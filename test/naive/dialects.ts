/** Plain data sets written as the world writes them, with the place of each line. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { NaiveFile } from "./naive-rows.js";

export interface Dialect {
  readonly delimiter: string;
  readonly hasSeparatorLine: boolean;
  readonly encode: (text: string) => Buffer;
  readonly endOfLine: "\n" | "\r\n" | "\r";
  readonly quotes: "none" | "all" | "some";
  readonly blank: "" | " " | "\t";
  readonly spell: (name: string) => string;
  /** In a column that is not read. */
  readonly note: string | undefined;
  readonly endings: string;
  readonly pack: (bytes: Buffer) => Buffer;
}

const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
const MARK = "\uFEFF";
const ENCODINGS: Dialect["encode"][] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(MARK + text),
  wide,
  (text) => wide(MARK + text),
  (text) => wide(text).swap16(),
  (text) => wide(MARK + text).swap16(),
];
const SPELLINGS: Dialect["spell"][] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.replaceAll("_", " "),
  (name) => name.replace(/^./, (first) => first.toUpperCase()).replaceAll("_", "-"),
];

export const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  hasSeparatorLine: fc.boolean(),
  encode: fc.constantFrom(...ENCODINGS),
  endOfLine: fc.constantFrom("\n", "\r\n", "\r"),
  quotes: fc.constantFrom("none", "none", "all", "some"),
  blank: fc.constantFrom("", "", " ", "\t"),
  spell: fc.constantFrom(...SPELLINGS),
  note: fc.constantFrom(undefined, "zwölf €", '"a ""b"", c; d | e\tf"', '"two\nlines"', '"\n\n""x"'),
  endings: fc.constantFrom(".csv", ".tsv", ".CSV", ".Tsv"),
  pack: fc.constantFrom((bytes: Buffer) => bytes, gzipSync),
});

export interface WrittenFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** By a line of the plain file, the line where it is now. */
  readonly lines: readonly number[];
}

export function written({ path, text }: NaiveFile, dialect: Dialect): WrittenFile {
  const { delimiter, endOfLine, note, pack } = dialect;
  const plain = text.replace(MARK, "").split(/\r?\n/);
  const width = plain[0]!.split(",").length;
  const lines = [0];
  let line = 1;
  let output = dialect.hasSeparatorLine ? `sep=${delimiter}${endOfLine}` : "";
  if (dialect.hasSeparatorLine) line++;
  plain.forEach((row, at) => {
    lines.push(line);
    const fields = row
      .split(",")
      .map((field, column) => styled(at === 0 ? dialect.spell(field) : field, at + column, dialect));
    const isEmpty = /^[ \t,]*$/.test(row);
    // A line break in a row of a wrong number of fields might come from a quote that is not closed.
    const rowNote = at === 0 ? "Note" : fields.length === width ? note : "x";
    if (note !== undefined && !isEmpty) fields.unshift(rowNote!);
    output += fields.join(delimiter) + (at < plain.length - 1 ? endOfLine : "");
    line += 1 + (note === undefined || isEmpty ? 0 : rowNote!.split("\n").length - 1);
  });
  const ending = pack === gzipSync ? `${dialect.endings}.gz` : dialect.endings;
  return { path: path.replace(/\.csv$/, ending), bytes: pack(dialect.encode(output)), lines };
}

function styled(field: string, at: number, { delimiter, quotes, blank }: Dialect): string {
  const isRevenue = /^\s*[-+]?\d*\.\d*\s*$/.test(field) && delimiter !== "," && at % 2 === 0;
  const text = isRevenue ? field.replace(".", ",") : field;
  const isEmpty = field.trim() === "";
  const value = !isEmpty && (quotes === "all" || (quotes === "some" && at % 3 === 0)) ? `"${text}"` : text;
  const pad = blank === delimiter || at % 2 === 1 ? "" : blank;
  return pad + value + pad;
}
