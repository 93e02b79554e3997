/** Accounts for every row of a file: read = used + rejected. */
import type { Kind } from "../read/find.js";
import { REJECT_KINDS, type RejectKind } from "./rejects.js";

export interface AccountedFile {
  readonly kind: Kind | "banners" | "campaigns";
  /** Undefined for `banners.csv` and `campaigns.csv`. */
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
  unknownColumns: readonly string[];
}

export function emptyAccount(file: AccountedFile): FileAccount {
  const rejected = Object.fromEntries(REJECT_KINDS.map((kind) => [kind, 0])) as Record<RejectKind, number>;
  return { file, digest: "", read: 0, used: 0, rejected, unknownColumns: [] };
}

export function rejectedRows({ rejected }: { readonly rejected: Readonly<Record<RejectKind, number>> }): number {
  return REJECT_KINDS.reduce((sum, kind) => sum + rejected[kind], 0);
}

/** @throws Error where a row was neither used nor rejected, which is a bug */
export function requireBalance(account: FileAccount): void {
  const rejected = rejectedRows(account);
  if (account.read !== account.used + rejected)
    throw new Error(
      `${account.file.name}: ${account.read} rows read, but ${account.used} used and ${rejected} rejected`,
    );
}
