/** Opens files and nothing else: to open a pipe in the place of one would wait, and a device never ends. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";

export class FileError extends Error {
  override readonly name = "FileError";
}

const REMEDY = "move it away, or name another";

/** Follows links. @throws FileError for anything but a file, and the system's error where there is nothing */
export function openFile(path: string): number {
  try {
    // Before it is opened: some devices act when they are.
    requireFile(path, statSync(path));
    return openChecked(path);
  } catch (error) {
    throw explained(path, error);
  }
}

/** Opens no link, which may lead anywhere. @throws FileError for anything but a file, and the system's errors */
export function openUnlinked(path: string): number {
  requireFile(path, lstatSync(path));
  // A link may have come meanwhile.
  return openChecked(path, constants.O_NOFOLLOW);
}

function openChecked(path: string, flags = 0): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    requireFile(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

export function readFile(path: string): Buffer {
  const descriptor = openFile(path);
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function fileStats(path: string): Stats {
  const stats = statOf(path);
  requireFile(path, stats);
  return stats;
}

export function fileSize(path: string): number {
  return fileStats(path).size;
}

/** @throws FileError for a link that leads nowhere, and the system's error for nothing */
export function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw explained(path, error);
  }
}

/** Whether there is anything, be it a link that leads nowhere. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Follows no link. @throws FileError where there is anything but a file */
export function requireReplaceable(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) requireFile(path, stats, "a file, or nothing, to write to");
}

export function requireUnlinked(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new FileError(`${path}: is a link, expected a folder, or nothing: ${REMEDY}`);
}

export function requireFolderOrNothing(path: string): void {
  if (isThere(path) && !statOf(path).isDirectory())
    throw new FileError(`${path}: is ${kindOf(statOf(path))}, expected a folder, or nothing: ${REMEDY}`);
}

/** Writes a file whole or not at all, and follows no link. @throws FileError, and the system's errors */
export function replaceFile(path: string, content: string): void {
  replace(path, content, false);
}

/** The same; the file is on the disk when it returns. */
export function replaceFlushed(path: string, content: string): void {
  replace(path, content, true);
  flushFolderOf(path);
}

/** Makes a new name in it durable; Windows has no such call. */
export function flushFolderOf(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(dirname(path), constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function replace(path: string, content: string, flush: boolean): void {
  requireReplaceable(path);
  const beside = `${path}.${process.pid}`;
  // Left by a process that had this id, or put there to be followed.
  rmSync(beside, { force: true });
  try {
    writeFileSync(beside, content, { flag: "wx", flush });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function requireFile(path: string, stats: Stats, expected = "a file"): void {
  if (!stats.isFile()) throw new FileError(`${path}: is ${kindOf(stats)}, expected ${expected}: ${REMEDY}`);
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return "a file";
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isFIFO()) return "a pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

/** The system's words for a link that leads nowhere are those for a path that is not there. */
function explained(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const isLoop = code === "ELOOP";
  // Not `isThere`: a file may come meanwhile.
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!isLoop && !(code === "ENOENT" && isLink)) return error;
  const where = isLoop ? "in a circle" : "nowhere";
  return new FileError(`${path}: is a link that leads ${where}, expected what it stands for: ${REMEDY}`, {
    cause: error,
  });
}
