/** Draws tables that may be sorted by their headers, and whose rows become cards where the room is too small. */
import type { ComponentChildren, VNode } from "preact";
import { useReducer } from "preact/hooks";
import { count } from "../src/index/wording.js";
import { FEW_CLICKS } from "../src/view/ratios.js";
import type { Column, Sorting } from "./column.js";
import { Value } from "./number.js";

interface TableProps<Row, Id extends string> {
  readonly id: string;
  /** For screen readers. */
  readonly caption: string;
  /** The first names the row. */
  readonly columns: readonly Column<Row, Id>[];
  /** What stands in the cells of a column, where it is not the value alone. */
  readonly cells?: Partial<Readonly<Record<Id, (row: Row, index: number) => ComponentChildren>>>;
  readonly rows: readonly Row[];
  readonly keyOf?: (row: Row, index: number) => string | number;
  readonly classOf?: (row: Row, index: number) => string;
  /** Of the rows that are there. */
  readonly sorting?: Sorting<Id> | undefined;
  /** What was asked for, of which the rows may not be yet. */
  readonly asked?: Sorting<Id> | undefined;
  readonly onSort?: (sorting: Sorting<Id>) => void;
  /** The rows below so many are folded: `rest` is for people, and `line` stands across all columns before them. */
  readonly cut?: { below: number; rest: (more: string) => string; line?: ComponentChildren } | undefined;
}

/** Explicit roles keep it a table where styles make cards of its rows. */
export function Table<Row, Id extends string>(props: TableProps<Row, Id>): VNode {
  const { id, caption, cells, rows, keyOf, classOf, sorting, asked = sorting, onSort, cut } = props;
  const columns = props.columns.filter(({ head }) => head !== undefined);
  const [isWhole, turn] = useReducer((before: boolean) => !before, false);
  const below = cut?.below ?? Infinity;
  const sorted = columns.find((column) => column.id === sorting?.by);
  const opposite = asked?.direction === "ascending" ? "descending" : "ascending";
  const sortBy = (column: Column<Row, Id>) => (): void => {
    onSort?.({ by: column.id, direction: column.id === asked?.by ? opposite : column.sorts! });
  };
  const drawn = rows.map((row, index) => {
    const folded = index >= below && !isWhole ? "folded" : "";
    return (
      <tr role="row" key={keyOf?.(row, index) ?? index} class={`${classOf?.(row, index) ?? ""} ${folded}`.trim()}>
        {columns.map((column, at) => {
          const draw = cells?.[column.id];
          const children = draw ? draw(row, index) : <Value column={column} row={row} />;
          const shared = { class: cellClassOf(column), "data-label": column.head, children };
          return at === 0 ? <th role="rowheader" scope="row" {...shared} /> : <td role="cell" {...shared} />;
        })}
      </tr>
    );
  });
  const more = rows.length - below;
  if (cut && (cut.line || more > 0))
    drawn.splice(
      below,
      0,
      <tr role="row" class="across" key="across">
        <td role="cell" colSpan={columns.length}>
          {cut.line}
          {more > 0 && (
            <button type="button" class="plain" aria-expanded={isWhole} onClick={turn}>
              {isWhole ? "Fold" : "Show"} {cut.rest(count(more))}
            </button>
          )}
        </td>
      </tr>,
    );
  return (
    <div class="table">
      <table role="table" id={id}>
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.id}
                role="columnheader"
                scope="col"
                class={cellClassOf(column)}
                title={column.title}
                aria-sort={column === sorted ? sorting?.direction : undefined}
              >
                {column.sorts && onSort ? (
                  <button type="button" onClick={sortBy(column)}>
                    {column.head}
                  </button>
                ) : (
                  column.head
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{drawn}</tbody>
      </table>
      {columns.some(({ isUncertain }) => isUncertain && rows.some(isUncertain)) && (
        <p class="quiet">
          <span class="few">~</span> few clicks: fewer than {FEW_CLICKS}, so that the ratio may be chance
        </p>
      )}
      <p class="unseen" role="status">
        {sorted && `Sorted by ${sorted.head}, ${sorting!.direction}.`}
      </p>
    </div>
  );
}

const cellClassOf = ({ id, isText }: { readonly id: string; readonly isText?: boolean }): string =>
  `of-${id} ${isText === true ? "text" : "number"}`;
