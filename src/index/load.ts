/** Loads an index from a file, checked whole. */
import { constants, open, type FileHandle } from "node:fs/promises";
import { Checksum, decode, generationIn, HEADER_LENGTH, IndexFormatError, readHeader, type Index } from "./format.js";

// A larger read costs hardly less, and this thread, which hashes each piece, keeps others waiting a few milliseconds.
const PIECE = 2 ** 22;

/** An index that cannot be loaded. The message is one line: the file, what is wrong with it and the remedy. */
export class LoadIndexError extends Error {
  override readonly name = "LoadIndexError";
}

/**
 * @param served a generation that need not be loaded again: undefined is returned for it, of which the header alone is
 * read
 * @throws LoadIndexError
 */
export async function loadIndex(file: string): Promise<Index>;
export async function loadIndex(file: string, served: string): Promise<Index | undefined>;
export async function loadIndex(file: string, served?: string): Promise<Index | undefined> {
  try {
    // O_NONBLOCK: to open a pipe would wait for somebody who writes into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await loadFrom(handle, served);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new LoadIndexError(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no index: build one with `npm run build-index`";
  if (error instanceof IndexFormatError) return `${error.message}: build it anew with \`npm run build-index\``;
  return `cannot be read: ${error.message}`;
}

async function loadFrom(handle: FileHandle, served?: string): Promise<Index | undefined> {
  const status = await handle.stat();
  if (!status.isFile()) throw new Error("it is not a file");
  const header = new Uint8Array(Math.min(status.size, HEADER_LENGTH));
  await fillFrom(handle, header, 0);
  readHeader(header, status.size);
  if (generationIn(header) === served) return undefined;
  // Shared by all threads, and aligned for typed arrays.
  const bytes = new Uint8Array(new SharedArrayBuffer(status.size));
  return decode(bytes, await readWhole(handle, bytes));
}

/**
 * Fills `bytes` from the file, and returns their digest. While Node.js reads a piece, this thread hashes the one
 * before.
 */
async function readWhole(handle: FileHandle, bytes: Uint8Array): Promise<Buffer> {
  let piece = bytes.subarray(0, PIECE);
  await fillFrom(handle, piece, 0);
  const checksum = new Checksum();
  for (let at = PIECE; piece.length > 0; at += PIECE) {
    const next = bytes.subarray(at, at + PIECE);
    const reading = fillFrom(handle, next, at);
    checksum.update(piece);
    await reading;
    piece = next;
  }
  return checksum.digest();
}

/** @throws IndexFormatError where the file ends before the bytes do */
async function fillFrom(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0)
      throw new IndexFormatError("truncated", `truncated: it ended at ${position + at} bytes while it was read`);
    at += bytesRead;
  }
}
