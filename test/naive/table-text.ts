import fc from "fast-check";
import { COLUMNS, type Kind } from "./naive-rows.js";

/** How the text of one file differs from the plainest. */
export interface Style {
  /** Each column goes before those of a larger key; a key beyond the first three stands for an unknown column. */
  readonly columnKeys: readonly number[];
  readonly endOfLine: "\n" | "\r\n";
  readonly endsLastLine: boolean;
  readonly startsWithMark: boolean;
  readonly strayLines: readonly { readonly at: number; readonly text: string }[];
}

export const PLAIN: Style = {
  columnKeys: [0, 1, 2],
  endOfLine: "\n",
  endsLastLine: true,
  startsWithMark: false,
  strayLines: [],
};

export const style: fc.Arbitrary<Style> = fc.record({
  columnKeys: fc.array(fc.nat(9), { minLength: 3, maxLength: 5 }),
  endOfLine: fc.constantFrom("\n", "\r\n"),
  endsLastLine: fc.boolean(),
  startsWithMark: fc.boolean(),
  // Only a line of delimiters and blanks is no row.
  strayLines: fc.array(fc.record({ at: fc.nat(40), text: fc.constantFrom("", "", "", " ", ",", ",\t,, ,", "1") }), {
    maxLength: 2,
  }),
});

export interface StyledTable {
  readonly kind: Kind;
  readonly rows: readonly StyledRow[];
  readonly style: Style;
}

export interface StyledRow {
  /** In the order of the columns of its kind. */
  readonly values: readonly string[];
  /** How many fields more than its header has, or fewer if negative. */
  readonly surplus: number;
}

/** A position before 0 is that of an unknown column. */
const headerOf = (kind: Kind, position: number): string => COLUMNS[kind][position] ?? `note_${-position}`;
const UNKNOWN = ["x", ""];
const SURPLUS = ["9", "9"];

export function textOf({ kind, rows, style }: StyledTable): string {
  const unknown = style.columnKeys.slice(3).map((key, at) => ({ key, position: -1 - at }));
  const known = COLUMNS[kind].map((_, at) => ({ key: style.columnKeys[at]!, position: at }));
  const positions = [...known, ...unknown].sort((a, b) => a.key - b.key).map(({ position }) => position);
  const lines = rows.map(({ values, surplus }) => {
    const fields = positions.map((position) => values[position] ?? UNKNOWN[-1 - position] ?? "");
    return [...fields, ...SURPLUS].slice(0, Math.max(1, fields.length + surplus)).join(",");
  });
  for (const { at, text } of style.strayLines) lines.splice(at % (lines.length + 1), 0, text);
  const header = positions.map((position) => headerOf(kind, position)).join(",");
  const mark = style.startsWithMark ? "\uFEFF" : "";
  return mark + [header, ...lines].join(style.endOfLine) + (style.endsLastLine ? style.endOfLine : "");
}
