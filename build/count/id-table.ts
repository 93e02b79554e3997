/** Reads a table that describes ids, one row an id: the first counts, and every row is accounted for. */
import { isDeepStrictEqual } from "node:util";
import { fileStats } from "../../src/options/regular-file.js";
import type { BadRows } from "../read/data-error.js";
import type { BadRowSink, RowFormat } from "../read/row-format.js";
import { readRows } from "../read/text-file.js";
import { emptyAccount, requireBalance, type AccountedFile, type FileAccount } from "./account.js";
import type { RejectLog } from "./rejects.js";

export interface IdRowSink<Row> extends BadRowSink {
  row(id: number, row: Row, line: number): void;
}

export interface IdTable<Row> {
  readonly rows: ReadonlyMap<number, Row>;
  readonly account: FileAccount;
}

/** The first column of the format is the id. `orphan` says why a row that is not known describes nothing. */
export async function readIdTable<Row>(
  { path, name, kind }: Pick<AccountedFile, "path" | "name" | "kind">,
  format: RowFormat<IdRowSink<Row>>,
  isKnown: (id: number, row: Row) => boolean,
  orphan: string,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<IdTable<Row>> {
  const { size: bytes, mtimeMs: modified } = fileStats(path);
  const account = emptyAccount({ kind, period: undefined, name, path, bytes });
  const table = new Map<number, Row>();
  const firstLines = new Map<number, number>();
  const { rows, unknownColumns, digest } = await readRows({ path, bytes, modified }, format, {
    row: (id, row, line) => {
      const first = table.get(id);
      if (first !== undefined) {
        const isSame = isDeepStrictEqual(first, row);
        const kind = isSame ? "duplicate" : "conflict";
        account.rejected[kind]++;
        const reason = `${format.columns[0]!} ${id} came before with ${isSame ? "the same" : "other"} content`;
        rejects.write(name, line, kind, reason, { file: name, line: firstLines.get(id)! });
      } else if (!isKnown(id, row)) {
        account.rejected.orphan++;
        rejects.write(name, line, "orphan", `${format.columns[0]!} ${id} ${orphan}`);
      } else {
        table.set(id, row);
        firstLines.set(id, line);
        account.used++;
      }
    },
    malformed: (line, reason) => {
      badRows.add(path, line, reason);
      account.rejected.malformed++;
      rejects.write(name, line, "malformed", reason);
    },
  });
  Object.assign(account, { read: rows, unknownColumns, digest });
  badRows.endFile(path, rows);
  requireBalance(account);
  return { rows: table, account };
}
