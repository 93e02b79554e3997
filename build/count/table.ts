/** Reads a table beside the events: whoever judges its rows says which count, and every row is accounted for. */
import { fileStats } from "../../src/options/regular-file.js";
import type { BadRows } from "../read/data-error.js";
import type { BadRowSink, RowFormat } from "../read/row-format.js";
import { readRows } from "../read/text-file.js";
import { emptyAccount, requireBalance, type AccountedFile, type FileAccount } from "./account.js";
import type { RejectKind, RejectLog } from "./rejects.js";

export type Table = Pick<AccountedFile, "path" | "name" | "kind">;

export interface TableRows {
  readonly use: () => void;
  /** `first` is the line of the row that counts instead. */
  readonly reject: (line: number, kind: RejectKind, reason: string, first?: number) => void;
}

/** `judging` makes what gets the rows that are well-formed: it uses or rejects each. */
export async function readTable<Sink extends object>(
  { path, name, kind }: Table,
  format: RowFormat<Sink & BadRowSink>,
  judging: (rows: TableRows) => Sink,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<FileAccount> {
  const { size: bytes, mtimeMs: modified } = fileStats(path);
  const account = emptyAccount({ kind, period: undefined, name, path, bytes });
  const sink = judging({
    use: () => {
      account.used++;
    },
    reject: (line, kind, reason, first) => {
      account.rejected[kind]++;
      rejects.write(name, line, kind, reason, first === undefined ? undefined : { file: name, line: first });
    },
  });
  const { rows, unknownColumns, digest } = await readRows({ path, bytes, modified }, format, {
    ...sink,
    malformed: (line, reason) => {
      badRows.add(path, line, reason);
      account.rejected.malformed++;
      rejects.write(name, line, "malformed", reason);
    },
  });
  Object.assign(account, { read: rows, unknownColumns, digest });
  badRows.endFile(path, rows);
  requireBalance(account);
  return account;
}
