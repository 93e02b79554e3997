/** Closes the event files that a crash has left open. */
import { open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder } from "../index/durable-files.js";
import { isThere, requireReplaceable } from "../options/regular-file.js";
import { closedName } from "./event-kinds.js";

export interface Recovered {
  /** Their final names. */
  readonly closed: readonly string[];
  /** Those that had no row. */
  readonly removed: number;
}

/** No recorder may be running there. @throws FileError where a name is that of no file, and the system's errors */
export async function recoverFiles(folder: string): Promise<Recovered> {
  const closed: string[] = [];
  let removed = 0;
  for (const name of (await readdir(folder)).sort()) {
    const final = closedName(name);
    if (final === undefined) continue;
    const path = join(folder, name);
    requireReplaceable(path);
    if (await cutTorn(path)) {
      closed.push(await renameFree(folder, path, final));
    } else {
      await rm(path);
      removed++;
    }
  }
  if (closed.length + removed > 0) await flushFolder(folder);
  return { closed, removed };
}

const LINE_END = 10;
const BLOCK = 65_536;

/** Cuts what follows the last whole line. @returns whether a row is left */
async function cutTorn(path: string): Promise<boolean> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const end = await lastLineEnd(file, size);
    const head = Buffer.alloc(Math.min(size, BLOCK));
    await file.read(head, 0, head.length, 0);
    // The header is the first line.
    if (end <= head.indexOf(LINE_END) + 1) return false;
    if (end < size) await file.truncate(end);
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/** Where the last whole line ends; 0 where there is none. */
async function lastLineEnd(file: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(BLOCK);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(LINE_END);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Under a further name where somebody has put a file there: neither is lost. */
async function renameFree(folder: string, path: string, final: string): Promise<string> {
  let name = final;
  for (let copy = 2; isThere(join(folder, name)); copy++) name = final.replace(/\.csv$/, `-${copy}.csv`);
  await rename(path, join(folder, name));
  return name;
}
