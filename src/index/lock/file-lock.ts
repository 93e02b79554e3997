/** Locks a folder by a file with its process's id and start, where the operating system's lock cannot be had. */
import { createHash } from "node:crypto";
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOf } from "../../options/process-start.js";
import { readFile, requireReplaceable } from "../../options/regular-file.js";
import { FolderBusyError, LOCK_FILE } from "./folder-busy.js";

export class FileLock {
  private constructor(readonly path: string) {}

  /** Without a pause, so that builds in one process exclude each other too. @throws as `lockFolder` */
  static take(folder: string): FileLock {
    const path = join(folder, LOCK_FILE);
    const own = `${path}.${process.pid}`;
    // Left by a process that had this id, or put there to be followed.
    rmSync(own, { force: true });
    writeFileSync(own, `${process.pid}\n${startOf(process.pid)}\n`, { flag: "wx" });
    try {
      while (!isLinked(own, path)) removeEnded(folder, path, own);
      return new FileLock(path);
    } finally {
      rmSync(own, { force: true });
    }
  }

  release(): Promise<void> {
    rmSync(this.path, { force: true });
    return Promise.resolve();
  }
}

/** Whether `name` was free, and is now the whole file `path`: a link is made at once, or not. */
function isLinked(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the file of a process that has ended, and no other that may be there by then: only who has the mark of this
 * very file may, and a mark is a lock like it.
 * @throws FolderBusyError where the process is running, FileError where it is no file
 */
function removeEnded(folder: string, path: string, own: string): void {
  requireReplaceable(path);
  const text = textOf(path);
  if (text === undefined) return;
  const holder = runningHolder(text);
  if (holder !== undefined) throw new FolderBusyError(folder, holder);
  const mark = markOf(path, text);
  if (!isLinked(own, mark)) {
    removeEnded(folder, mark, own);
    return;
  }
  try {
    if (textOf(path) === text) rmSync(path, { force: true });
  } finally {
    rmSync(mark);
  }
}

/** The file that gives the right to remove `path` while it has this text. */
export function markOf(path: string, text: string): string {
  return `${path}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** The id of the process that a lock names, where it is running. */
function runningHolder(text: string): string | undefined {
  const [pid = "", start = ""] = text.split("\n");
  return /^[1-9]\d{0,9}$/.test(pid) && isRunning(Number(pid), start) ? pid : undefined;
}

/** undefined where it was released meanwhile. */
function textOf(path: string): string | undefined {
  try {
    return readFile(path).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** `start` is "" where the system does not tell it. */
function isRunning(pid: number, start: string): boolean {
  if (start !== "") return startOf(pid) === start;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
