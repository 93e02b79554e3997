/** What went wrong in a command to one line: what, where, what to do. */
import { LoadIndexError } from "../../src/index/load.js";
import { DataError } from "../data-error.js";
import { FolderBusyError } from "../write/lock.js";

/** Somebody has asked the command to end. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  constructor() {
    super("interrupted: nothing is published");
  }
}

/** Their messages say all that there is to say. */
const TOLD = [DataError, FolderBusyError, InterruptedError, LoadIndexError];

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "make room there",
  EDQUOT: "make room there",
  EACCES: "give this user the permission",
  EPERM: "give this user the permission",
  EROFS: "name another folder",
};

/** @param folder that was written to: only a write that fails midway does not say its path */
export function messageOf(error: unknown, folder: string): string {
  if (error instanceof Error && TOLD.some((type) => error instanceof type)) return error.message;
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  // What is left is a fault of our own, and shows where it was.
  if (code === undefined) return String(stack);
  return `${path ?? folder}: ${message}: ${REMEDIES[code] ?? "see to the file and start again"}; nothing is published`;
}
