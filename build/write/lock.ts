/** Locks a folder for one process. The lock is the operating system's: it ends with the process, never stale. */
import { constants, open, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { requireReplaceable } from "../../src/options/regular-file.js";

export const LOCK_FILE = ".build.lock";

/** A link is not followed, and a pipe not waited for. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export class FolderBusyError extends Error {
  override readonly name = "FolderBusyError";
}

export class FolderLock {
  private constructor(
    readonly path: string,
    readonly file: FileHandle,
  ) {}

  /** @throws FolderBusyError at once where another process has the lock, FileError where it is no file */
  static async take(folder: string): Promise<FolderLock> {
    // Not before: it takes 15 ms, in which a build can start threads.
    const { tryLock } = await import("fs-native-extensions");
    const path = join(folder, LOCK_FILE);
    for (;;) {
      requireReplaceable(path);
      const file = await open(path, OPEN_FLAGS);
      try {
        if (!tryLock(file.fd)) throw new FolderBusyError(await busyMessage(folder, file));
        // Its last owner may have removed the file between `open` and `tryLock`: then the lock excludes nobody.
        if (await isAt(path, file)) return await new FolderLock(path, file).#signed();
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
    }
  }

  async #signed(): Promise<this> {
    try {
      await this.file.truncate();
      await this.file.write(`${process.pid}\n`);
      return this;
    } catch (error) {
      await rm(this.path, { force: true });
      throw error;
    }
  }

  /** Removes the file while the lock is held, so as not to remove that of the next process. */
  async release(): Promise<void> {
    await rm(this.path, { force: true });
    await this.file.close();
  }
}

async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [here, opened] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return here?.ino === opened.ino && here.dev === opened.dev;
}

async function busyMessage(folder: string, file: FileHandle): Promise<string> {
  const process = /^\d+/.exec(await file.readFile("utf8"))?.[0];
  const who = process === undefined ? "another build" : `another build (process ${process})`;
  return `${folder}: ${who} is running there: wait until it ends, and start again`;
}
