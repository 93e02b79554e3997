/** Writes files that are on the disk when the promise resolves. */
import { constants, copyFile, link, open } from "node:fs/promises";

/** Writes a new file: what is there already, a link above all, is left as it is and an error. */
export async function writeFlushed(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A second name for a file; a copy where the file system has no hard links. */
export async function linkOrCopy(path: string, name: string): Promise<void> {
  try {
    await link(path, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
    await copyFile(path, name, constants.COPYFILE_EXCL);
    await flush(name);
  }
}

/** Flushes a file's bytes, or a folder's names. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
