/** Locks a folder by a file with its process's id and start, where the operating system's lock cannot be had. */
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOf } from "../../src/options/process-start.js";
import { readFile, requireReplaceable } from "../../src/options/regular-file.js";
import { FolderBusyError, LOCK_FILE } from "./folder-busy.js";

/** Held by who replaces the file of a process that has ended, so that two do not. */
const TAKEOVER_SUFFIX = ".takeover";

export class FileLock {
  private constructor(readonly path: string) {}

  /** Without a pause, so that builds in one process exclude each other too. @throws as `lockFolder` */
  static take(folder: string): FileLock {
    const path = join(folder, LOCK_FILE);
    const takeover = `${path}${TAKEOVER_SUFFIX}`;
    const own = `${path}.${process.pid}`;
    // Left by a process that had this id, or put there to be followed.
    rmSync(own, { force: true });
    writeFileSync(own, `${process.pid}\n${startOf(process.pid)}\n`, { flag: "wx" });
    try {
      while (!isLinked(own, path)) {
        requireEnded(folder, path);
        if (!isLinked(own, takeover)) {
          requireEnded(folder, takeover);
          rmSync(takeover, { force: true });
          continue;
        }
        try {
          // Another may have replaced it before this process had the right to.
          requireEnded(folder, path);
          rmSync(path, { force: true });
        } finally {
          rmSync(takeover);
        }
      }
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

/** @throws FolderBusyError where the process that the file names is running, FileError where it is no file */
function requireEnded(folder: string, path: string): void {
  requireReplaceable(path);
  const [pid = "", start = ""] = textOf(path).split("\n");
  if (/^[1-9]\d{0,9}$/.test(pid) && isRunning(Number(pid), start)) throw new FolderBusyError(folder, pid);
}

function textOf(path: string): string {
  try {
    return readFile(path).toString();
  } catch (error) {
    // Released meanwhile.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
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
