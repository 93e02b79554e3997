/** Keeps the list of the files that a compacted one takes the place of, until the last of them is removed. */
import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { isThere, readFile, replaceFlushed } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";

/** Within a folder of recorded files; no build reads what is in it. */
export const COMPACTION_FOLDER = ".compaction";

const SUFFIX = ".json";

export interface FoldingList {
  /** The name of the compacted file. */
  readonly into: string;
  readonly files: readonly string[];
}

export function listPath(folder: string, into: string): string {
  return join(folder, COMPACTION_FOLDER, `${into}${SUFFIX}`);
}

export function writeFoldingList(folder: string, { into, files }: FoldingList): void {
  replaceFlushed(listPath(folder, into), `${JSON.stringify({ files })}\n`);
}

/** The names of the compacted files that have a list, be they there or not. */
export function namesWithList(folder: string): string[] {
  const within = join(folder, COMPACTION_FOLDER);
  if (!isThere(within)) return [];
  return readdirSync(within).flatMap((name) => (name.endsWith(SUFFIX) ? [basename(name, SUFFIX)] : []));
}

/** Empty where it is gone meanwhile. @throws DataError where it has another content than was written */
export function readFoldingList(folder: string, into: string): FoldingList {
  const path = listPath(folder, into);
  let text;
  try {
    text = readFile(path).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { into, files: [] };
    throw error;
  }
  const files = filesIn(text);
  if (files === undefined)
    throw new DataError(`${path}: is damaged, and told which files ${into} takes the place of: restore it`);
  return { into, files };
}

export function removeFoldingList(folder: string, into: string): void {
  rmSync(listPath(folder, into), { force: true });
}

/** Names alone: a path might lead to a file elsewhere, which would be removed. */
function filesIn(text: string): readonly string[] | undefined {
  try {
    const { files } = JSON.parse(text) as { files?: unknown };
    const areNames = Array.isArray(files) && files.every((name) => typeof name === "string" && name === basename(name));
    return areNames ? (files as string[]) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
