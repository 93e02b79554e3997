/** Reads a table that describes ids, one row an id: the first counts, and every row is accounted for. */
import { isDeepStrictEqual } from "node:util";
import type { BadRows } from "../read/data-error.js";
import type { BadRowSink, RowFormat } from "../read/row-format.js";
import type { FileAccount } from "./account.js";
import type { RejectLog } from "./rejects.js";
import { readTable, type Table } from "./table.js";

export interface IdRowSink<Row> extends BadRowSink {
  row(id: number, row: Row, line: number): void;
}

export interface IdTable<Row> {
  readonly rows: ReadonlyMap<number, Row>;
  readonly account: FileAccount;
}

/** The first column of the format is the id. `orphan` says why a row that is not known describes nothing. */
export async function readIdTable<Row>(
  file: Table,
  format: RowFormat<IdRowSink<Row>>,
  isKnown: (id: number, row: Row) => boolean,
  orphan: string,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<IdTable<Row>> {
  const table = new Map<number, Row>();
  const firstLines = new Map<number, number>();
  const account = await readTable(
    file,
    format,
    ({ use, reject }) => ({
      row: (id: number, row: Row, line: number) => {
        const first = table.get(id);
        if (first !== undefined) {
          const isSame = isDeepStrictEqual(first, row);
          const reason = `${format.columns[0]!} ${id} came before with ${isSame ? "the same" : "other"} content`;
          reject(line, isSame ? "duplicate" : "conflict", reason, firstLines.get(id));
        } else if (!isKnown(id, row)) reject(line, "orphan", `${format.columns[0]!} ${id} ${orphan}`);
        else {
          table.set(id, row);
          firstLines.set(id, line);
          use();
        }
      },
    }),
    badRows,
    rejects,
  );
  return { rows: table, account };
}
