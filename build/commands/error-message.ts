/** Explains the errors of the build's commands in one line: what went wrong, where, what to do. */
import { IndexTooLargeError } from "../../src/index/format-error.js";
import { LoadIndexError } from "../../src/index/load.js";
import { FileError } from "../../src/options/regular-file.js";
import { DataError } from "../read/data-error.js";
import { FolderBusyError } from "../../src/index/lock/folder-busy.js";

export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor() {
    super("interrupted: nothing is published");
  }
}

const EXPLAINED = [DataError, FileError, FolderBusyError, IndexTooLargeError, InterruptedError, LoadIndexError];

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "free space there",
  EDQUOT: "free space there",
  EACCES: "give this user the permission",
  EPERM: "give this user the permission",
  EROFS: "name another folder",
};

/**
 * Undefined for an unexpected error. A write that fails midway does not name its path: `folder` is named then.
 * @param outcome what a failed write has left
 */
export function messageOf(error: unknown, folder: string, outcome = "nothing is published"): string | undefined {
  if (error instanceof Error && EXPLAINED.some((type) => error instanceof type)) return error.message;
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  return `${path ?? folder}: ${message}: ${REMEDIES[code] ?? "correct it and start again"}; ${outcome}`;
}
