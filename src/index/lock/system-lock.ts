/** Locks a folder for one process. The lock is the operating system's: it ends with the process, never stale. */
import { constants, open, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { requireReplaceable } from "../../options/regular-file.js";
import { FolderBusyError, LOCK_FILE } from "./folder-busy.js";

/** False where another process has the lock. */
export type TryLock = (descriptor: number) => boolean;

/** A link is not followed, and a pipe not waited for. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export class SystemLock {
  private constructor(
    readonly path: string,
    readonly file: FileHandle,
  ) {}

  /** @throws FolderBusyError at once where another process has the lock, FileError where it is no file */
  static async take(folder: string, tryLock: TryLock): Promise<SystemLock> {
    const path = join(folder, LOCK_FILE);
    for (;;) {
      requireReplaceable(path);
      const file = await open(path, OPEN_FLAGS);
      try {
        if (!tryLock(file.fd)) throw new FolderBusyError(folder, await holderOf(file));
        // Its last owner may have removed the file between `open` and `tryLock`: then the lock excludes nobody.
        if (await isAt(path, file)) return await new SystemLock(path, file).#signed();
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

  /** Removes the file while the lock is held, so as not to remove that of the next process, nor one in its place. */
  async release(): Promise<void> {
    if (await isAt(this.path, this.file)) await rm(this.path, { force: true });
    await this.file.close();
  }
}

async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [here, opened] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return here?.ino === opened.ino && here.dev === opened.dev;
}

async function holderOf(file: FileHandle): Promise<string | undefined> {
  return /^\d+/.exec(await file.readFile("utf8"))?.[0];
}
