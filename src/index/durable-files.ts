/** Writes files that are on the disk when the promise resolves, and compares one with what would be written. */
import { constants, copyFile, link, open, stat } from "node:fs/promises";
import { inPieces, PIECE, totalLength } from "./pieces.js";

/** Fails where something is there already; a link, above all, is not followed. */
export async function writeFlushed(path: string, content: readonly Uint8Array[] | string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    for (const piece of typeof content === "string" ? [content] : inPieces(content)) await handle.writeFile(piece);
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

export async function flush(path: string): Promise<void> {
  // Windows flushes only what is open for writing, which elsewhere a copy of a protected file is not.
  const handle = await open(path, isWindows() ? "r+" : "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes renames durable; Windows has no such call. */
export async function flushFolder(path: string): Promise<void> {
  if (!isWindows()) await flush(path);
}

const isWindows = (): boolean => process.platform === "win32";

export async function holds(path: string, content: readonly Uint8Array[]): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isFile() || entry.size !== totalLength(content)) return false;
  const handle = await open(path, "r");
  try {
    const read = Buffer.alloc(Math.min(entry.size, PIECE));
    for (const piece of inPieces(content)) {
      for (let at = 0; at < piece.length;) {
        const { bytesRead } = await handle.read(read, at, piece.length - at);
        if (bytesRead === 0) return false;
        at += bytesRead;
      }
      if (read.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
    }
    return true;
  } finally {
    await handle.close();
  }
}
