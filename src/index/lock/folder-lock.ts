/** Locks a folder for one build or pull: by the system's lock, or by a file where that cannot be had. */
import { printable } from "../../options/printable.js";
import { FileLock } from "./file-lock.js";
import { SystemLock, type TryLock } from "./system-lock.js";

export interface FolderLock {
  release(): Promise<void>;
}

/** @throws FolderBusyError at once where another process has the lock, FileError where it is no file */
export async function lockFolder(
  folder: string,
  onNote: (note: string) => void = () => undefined,
): Promise<FolderLock> {
  let tryLock: TryLock;
  try {
    // Only here: it has binaries for some systems, and without one its import throws.
    ({ tryLock } = await import("fs-native-extensions"));
  } catch (error) {
    const lock = FileLock.take(folder);
    onNote(
      `${printable(lock.path)} stands in for the system's lock, and keeps out only builds that this machine or container ` +
        `runs: fs-native-extensions does not load on ${process.platform} ${process.arch} (${reasonOf(error)})`,
    );
    return lock;
  }
  return SystemLock.take(folder, tryLock);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message.split("\n", 1)[0]!;
}
