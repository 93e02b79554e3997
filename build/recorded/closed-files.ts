/** Finds the closed files of a folder that a server records in, without those that a compaction has replaced. */
import { join } from "node:path";
import { countedNames } from "../read/counted-names.js";
import { DataError } from "../read/data-error.js";
import { kindOf } from "../read/file-name.js";

export interface ClosedFile {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
}

/** By code unit, as a build has them. @throws DataError where the folder cannot be read */
export function closedFiles(folder: string): ClosedFile[] {
  return namesOf(folder)
    .filter((name) => kindOf(name) !== undefined)
    .map((name) => ({ folder, name, path: join(folder, name) }));
}

function namesOf(folder: string): string[] {
  try {
    return countedNames(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DataError) throw error;
    throw new DataError(`${folder}: cannot be read (${String(code)}): name a folder that a server records in`, {
      cause: error,
    });
  }
}
