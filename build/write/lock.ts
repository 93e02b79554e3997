/**
 * One builder at a time in a folder. The lock is the operating system's, on a file in the folder: it ends with the process, so
 * one that was killed does not keep the next out, and nobody has to judge by a process id or a time whether a lock is stale.
 */
import { open, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";

export const LOCK_FILE = ".build.lock";

/** Somebody else is writing to the folder. The message is one line. */
export class FolderBusyError extends Error {
  override readonly name = "FolderBusyError";
}

export class FolderLock {
  private constructor(
    readonly path: string,
    readonly file: FileHandle,
  ) {}

  /** @throws FolderBusyError at once where another process has the lock */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, LOCK_FILE);
    for (;;) {
      const file = await open(path, "a+");
      try {
        if (!tryLock(file.fd)) throw new FolderBusyError(await busyMessage(folder, file));
        // Between our opening and locking it, the one before may have ended and removed it: then it locks nobody out.
        if (await isAt(path, file)) return await new FolderLock(path, file).#signed();
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
    }
  }

  /** With the number of this process in the file, for who is kept out to read. */
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

  /** Removed while it is held, so that nobody removes the lock of the next. */
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
  return `${folder}: ${who} is at work there: wait until it has ended, and start again`;
}
