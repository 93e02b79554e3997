/** What became of one file's rows. */
import type { EventFile } from "./find-files.js";
import { REJECT_KINDS, type RejectKind } from "./rejects.js";

/** `read` is counted where rows are read, the others where they are judged. */
export interface FileAccount {
  readonly file: EventFile;
  read: number;
  used: number;
  readonly rejected: Record<RejectKind, number>;
  /** The columns that are not read. */
  unknownColumns: readonly string[];
}

export function rejectedRows({ rejected }: { readonly rejected: Readonly<Record<RejectKind, number>> }): number {
  return REJECT_KINDS.reduce((sum, kind) => sum + rejected[kind], 0);
}

/** Nothing is lost: @throws Error where a row was read that was neither used nor rejected, which is a fault of ours */
export function requireBalance(account: FileAccount): void {
  const rejected = rejectedRows(account);
  if (account.read !== account.used + rejected)
    throw new Error(
      `${account.file.name}: ${account.read} rows read, but ${account.used} used and ${rejected} rejected`,
    );
}
