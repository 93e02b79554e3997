/** Describes a column once: for the table that shows it, for sorting by it, and for the file that has it. */
import { millionthsOf } from "../src/index/money.js";
import type { Direction } from "../src/view/campaign-query.js";
import type { Field } from "../src/view/csv.js";
import type { Address } from "./address.js";

export interface Sorting<Id extends string = string> {
  readonly by: Id;
  readonly direction: Direction;
}

export interface Column<Row, Id extends string = string> {
  /** The class of its cells, and its name in files. */
  readonly id: Id;
  /** Absent where files alone have the column. */
  readonly head?: string;
  /** Explains the heading. */
  readonly title?: string;
  /** Exact; absent where files do not have the column. */
  readonly value?: (row: Row) => Field;
  /** What one sorts by, where it is not the value. */
  readonly key?: (row: Row) => Field | bigint;
  /** How the value is shown, where the table has nothing of its own for the column. */
  readonly as?: "count" | "money" | "percent";
  /** Whether the value may be chance. */
  readonly isUncertain?: (row: Row) => boolean;
  /** The direction of the first click; absent where one cannot sort by it. */
  readonly sorts?: Direction;
  /** Of what is read from the left; numbers are not. */
  readonly isText?: boolean;
}

/** As the address asks for it; undefined for the rows' own order. */
export function sortingOf<Id extends string>(
  columns: readonly Pick<Column<never, Id>, "id" | "sorts">[],
  { tableSort, tableDirection: direction }: Pick<Address, "tableSort" | "tableDirection">,
): Sorting<Id> | undefined {
  const by = columns.find(({ id, sorts }) => id === tableSort && sorts !== undefined)?.id;
  return by && { by, direction };
}

const texts = new Intl.Collator("en", { numeric: true });

/** What it is sorted by: exact also where it is money, whose digits say little as a text. */
function keyOf<Row>({ key, value, as }: Partial<Column<Row>>, row: Row): Field | bigint {
  const found = (key ?? value)?.(row);
  if (found === "") return undefined;
  return as === "money" && typeof found === "string" ? millionthsOf(found) : found;
}

/** What has no value comes last in both directions, and equals stay in their order. */
export function sortedBy<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { by, direction }: Sorting,
): Row[] {
  const column = columns.find(({ id }) => id === by) ?? {};
  const sign = direction === "ascending" ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: keyOf(column, row) }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0;
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    return sign * (typeof a === "string" && typeof b === "string" ? texts.compare(a, b) : a < b ? -1 : 1);
  });
  return keyed.map(({ row }) => row);
}

/** With the names of the columns in the first row. */
export function fieldsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Field[][] {
  const written = columns.filter(({ value }) => value !== undefined);
  return [written.map(({ id }) => id), ...rows.map((row) => written.map(({ value }) => value!(row)))];
}
