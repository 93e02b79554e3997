import fc from "fast-check";
import { COLUMNS, type Kind, type NaiveFile } from "./naive-rows.js";
import { LARGEST_ID, randomTables, REVENUES, type RandomTables, type Table } from "./random-tables.js";
import { PLAIN, style, textOf, type Style, type StyledRow, type StyledTable } from "./table-text.js";

export interface DataSet {
  readonly files: NaiveFile[];
  readonly periods: number;
}

const pathOf = ({ period, kind }: Table, suffix: string): string => `${period}/${kind}_${period}${suffix}.csv`;

const plainRows = ({ rows }: Table): StyledRow[] => rows.map((values) => ({ values, surplus: 0 }));

function withoutFault({ periods, tables }: RandomTables): DataSet {
  const files = tables.map((table) => ({
    path: pathOf(table, ""),
    text: textOf({ kind: table.kind, rows: plainRows(table), style: PLAIN }),
  }));
  return { periods, files };
}

/** Nothing in it is ever rejected: two files with the same bytes would be, and are left out. */
export const dataSet: fc.Arbitrary<DataSet> = randomTables
  .map(withoutFault)
  .filter(({ files }) => new Set(files.map(({ text }) => text)).size === files.length);

/** The first ids of the clicks and conversions of a data set are among them, and two of its campaigns. */
const knownId = fc.constantFrom("1", "2", " 3", "3\t", "5", "7", "10", "12", String(LARGEST_ID - 1));
const unknownId = fc.constantFrom("1000000", "1000001");
const wrongId = fc.oneof(
  fc.constantFrom("", " ", "0", "007", "-1", "+5", "5 5", "\u00a05", "\uff11", "5.0", "5."),
  fc.constantFrom("1e3", "0x10", "1_000", "1 000", "abc", "NaN", "4294967296", "18446744073709551617"),
);
const revenue = fc.constantFrom(
  ...[...REVENUES, "1.0", "01.5", "1.500000", "-0", "-1.50", "1.000001"],
  ...[".5", "-.5", "5.", "+1", "1.0000000", " 1.5", "1.5\t"],
);
const wrongRevenue = fc.oneof(
  fc.constantFrom("", " ", ".", "-", "--1", "1-", "1.5.2", "1.1234567", "1.0000001", "1 1"),
  fc.constantFrom("1e3", "0x1", "1 000", "1_000", "abc", "NaN", "Infinity", "\u0661", "\u22121"),
  fc.constantFrom("9223372036854.775808", "-9223372036854.775809", "99999999999999999999999"),
);

interface Edit {
  readonly column: number;
  readonly id: string;
  readonly revenue: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  column: fc.nat(2),
  id: fc.oneof(
    { weight: 3, arbitrary: knownId },
    { weight: 2, arbitrary: unknownId },
    { weight: 2, arbitrary: wrongId },
  ),
  revenue: fc.oneof(revenue, wrongRevenue),
});

/** A row of some table, as it is or with other values, put into a file of its kind. */
interface ExtraRow {
  readonly kind: Kind;
  readonly source: number;
  readonly target: number;
  readonly at: number;
  /** It takes the place of the row that stood there, which is then unknown to those that name it. */
  readonly replaces: boolean;
  readonly edits: readonly Edit[];
  readonly surplus: number;
}

const extraRow: fc.Arbitrary<ExtraRow> = fc.record({
  kind: fc.constantFrom("impressions", "clicks", "clicks", "conversions", "conversions"),
  source: fc.nat(200),
  target: fc.nat(20),
  at: fc.nat(40),
  replaces: fc.boolean(),
  edits: fc.array(edit, { maxLength: 2 }),
  surplus: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1, -2, 2),
});

function styledRow({ kind, edits, surplus }: ExtraRow, source: readonly string[]): StyledRow {
  const values = [...source];
  for (const { column, id, revenue } of edits) {
    const position = column % values.length;
    values[position] = COLUMNS[kind][position] === "revenue" ? revenue : id;
  }
  return { values, surplus };
}

/** Code units, a locale and a sort by number each put these names in another order. */
const SUFFIXES = ["", "_late", "B", "0", "-a", "a"];

interface Faults {
  readonly suffixes: readonly string[];
  readonly styles: readonly Style[];
  readonly extraRows: readonly ExtraRow[];
  /** Without a style of its own a copy has the bytes of its original. */
  readonly copies: readonly { readonly source: number; readonly period: number; readonly style: Style | undefined }[];
}

const faults: fc.Arbitrary<Faults> = fc.record({
  suffixes: fc.array(fc.constantFrom(...SUFFIXES), { minLength: 1, maxLength: 5 }),
  styles: fc.array(fc.oneof(fc.constant(PLAIN), style), { minLength: 1, maxLength: 9 }),
  extraRows: fc.array(extraRow, { maxLength: 10, size: "max" }),
  copies: fc.array(
    fc.record({ source: fc.nat(30), period: fc.nat(3), style: fc.option(style, { nil: undefined, freq: 2 }) }),
    { maxLength: 2 },
  ),
});

function withFaults({ periods, tables }: RandomTables, { suffixes, styles, extraRows, copies }: Faults): DataSet {
  const parts = tables.flatMap((table) =>
    [...new Set(suffixes.slice(0, Math.max(1, table.rows.length)))].map((suffix) => ({
      path: pathOf(table, suffix),
      kind: table.kind,
      rows: plainRows(table).filter((_, at) => suffixes[at % suffixes.length] === suffix),
    })),
  );
  for (const extra of extraRows) {
    const ofKind = parts.filter(({ kind }) => kind === extra.kind);
    const sources = ofKind.flatMap(({ rows }) => rows);
    const source = sources[extra.source % sources.length]?.values ?? COLUMNS[extra.kind].map(() => "1");
    const { rows } = ofKind[extra.target % ofKind.length]!;
    rows.splice(extra.at % (rows.length + 1), extra.replaces ? 1 : 0, styledRow(extra, source));
  }
  const styled: (StyledTable & { path: string })[] = parts.map((part, at) => ({
    ...part,
    style: styles[at % styles.length]!,
  }));
  copies.forEach(({ source, period, style }, at) => {
    const original = styled[source % styled.length]!;
    const path = `${(period % periods) + 1}/${original.kind}_copy_${at}.csv`;
    styled.push({ ...original, path, style: style ?? original.style });
  });
  return { periods, files: styled.map((table) => ({ path: table.path, text: textOf(table) })) };
}

/** Every kind of fault and of spelling there is without quotes; each period has a file of each kind. */
export const brokenDataSet: fc.Arbitrary<DataSet> = fc
  .tuple(randomTables, faults)
  .map(([tables, chosen]) => withFaults(tables, chosen));
