/** Makes folders, with those above them that are missing. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Not by `recursive`, which tries for ever where a file system such as /proc lets nobody make folders. */
export function makeFolder(path: string): void {
  const above = dirname(path);
  if (above !== path && statSync(above, { throwIfNoEntry: false }) === undefined) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
