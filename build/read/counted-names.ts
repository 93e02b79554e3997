/** Lists the files of a data folder, without those that a compaction has replaced. */
import { readdirSync } from "node:fs";
import { DataError } from "./data-error.js";
import { namesWithList, readFoldingList } from "./folding-list.js";

/** A folder in which files are closed or compacted more often than it can be read has something wrong. */
const MAX_TRIES = 100;

/**
 * The list of a compacted file is there before that file, until the last that it replaces is gone. So where the names
 * are the same before and after the lists are read, they are those of one moment, and no row is in two of them.
 * @returns by code unit, so that the order is the same in every locale; hidden ones are left out
 * @throws DataError where it changes all the time, and the system's errors
 */
export function countedNames(folder: string): string[] {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const names = namesIn(folder);
    const replaced = replacedNames(folder, names);
    const after = namesIn(folder);
    if (names.length !== after.length || names.some((name, at) => name !== after[at])) continue;
    return names.filter((name) => !replaced.has(name));
  }
  throw new DataError(`${folder}: its files changed each time that it was read: start again later`);
}

function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .sort();
}

function replacedNames(folder: string, names: readonly string[]): ReadonlySet<string> {
  const finished = namesWithList(folder).filter((into) => names.includes(into));
  return new Set(finished.flatMap((into) => readFoldingList(folder, into).files));
}
