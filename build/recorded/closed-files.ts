/** Finds the closed files of a folder that a server records in, without those that a compaction has replaced. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../read/data-error.js";
import { kindOf } from "../read/file-name.js";
import { namesWithList, readFoldingList } from "./folding-list.js";

export interface ClosedFile {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
}

/** A folder in which files are closed or compacted more often than it can be read has something wrong. */
const MAX_TRIES = 100;

/**
 * The list of a compacted file is there before that file, until the last that it replaces is gone. So where the names
 * are the same before and after the lists are read, they are those of one moment, and no row is in two of them.
 * @throws DataError where the folder cannot be read
 */
export function closedFiles(folder: string): ClosedFile[] {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const names = closedNames(folder);
    const replaced = replacedNames(folder, names);
    const after = closedNames(folder);
    if (names.length !== after.length || names.some((name, at) => name !== after[at])) continue;
    return names.filter((name) => !replaced.has(name)).map((name) => ({ folder, name, path: join(folder, name) }));
  }
  throw new DataError(`${folder}: its files changed each time that it was read: start again later`);
}

/** By code unit, as a build has them. */
function closedNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => kindOf(name) !== undefined)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataError(`${folder}: cannot be read (${String(code)}): name a folder that a server records in`, {
      cause: error,
    });
  }
}

function replacedNames(folder: string, names: readonly string[]): ReadonlySet<string> {
  const finished = namesWithList(folder).filter((into) => names.includes(into));
  return new Set(finished.flatMap((into) => readFoldingList(folder, into).files));
}
