/** Accounts for every row of a file: read = used + rejected + outside of the window. */
import type { Kind } from "../read/find.js";
import { REJECT_KINDS, type RejectKind } from "./rejects.js";

/** Of the lists beside the events. */
export type ListKind = "banners" | "campaigns" | "placements";

export interface AccountedFile {
  readonly kind: Kind | ListKind;
  /** Undefined for lists, and where each row has its time. */
  readonly period: number | undefined;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly duplicateOf?: AccountedFile;
}

/** `read` is counted by the reader, the rest by the code that judges rows, so that the two check each other. */
export interface FileAccount {
  readonly file: AccountedFile;
  /** SHA-256, in hexadecimal. */
  digest: string;
  read: number;
  used: number;
  readonly rejected: Record<RejectKind, number>;
  outside: number;
  unknownColumns: readonly string[];
}

export function emptyAccount(file: AccountedFile): FileAccount {
  const rejected = Object.fromEntries(REJECT_KINDS.map((kind) => [kind, 0])) as Record<RejectKind, number>;
  return { file, digest: "", read: 0, used: 0, rejected, outside: 0, unknownColumns: [] };
}

export function rejectedRows({ rejected }: { readonly rejected: Readonly<Record<RejectKind, number>> }): number {
  return REJECT_KINDS.reduce((sum, kind) => sum + rejected[kind], 0);
}

/** @throws Error where a row was neither used nor rejected nor outside, which is a bug */
export function requireBalance(account: FileAccount): void {
  const rejected = rejectedRows(account);
  const { read, used, outside } = account;
  if (read !== used + rejected + outside)
    throw new Error(
      `${account.file.name}: ${read} rows read, but ${used} used, ${rejected} rejected and ${outside} outside`,
    );
}
