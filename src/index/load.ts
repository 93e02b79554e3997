/** Loads an index from a file, checked whole. */
import { constants, open, type FileHandle } from "node:fs/promises";
import { totalmem } from "node:os";
import { requireRoom } from "./format-error.js";
import {
  Checksum,
  decode,
  decodeWithoutImages,
  generationIn,
  HEADER_LENGTH,
  IndexFormatError,
  readBeginning,
  readHead,
  requireDigest,
  type Head,
  type Index,
} from "./format.js";
import { MAX_PART_BYTES, partLengths } from "./images.js";
import { MAX_MANIFEST } from "./manifest.js";
import { noteMemory } from "./memory.js";
import { PIECE } from "./pieces.js";
import { sectionsOf } from "./sections.js";

export class LoadIndexError extends Error {
  override readonly name = "LoadIndexError";
}

interface Loading {
  /** For this generation, undefined is returned, and the header alone is read. */
  readonly served?: string;
  readonly mostInPart?: number;
}

/** @throws LoadIndexError */
export async function loadIndex(file: string, loading?: Omit<Loading, "served">): Promise<Index>;
export async function loadIndex(file: string, loading: Loading): Promise<Index | undefined>;
export async function loadIndex(file: string, loading: Loading = {}): Promise<Index | undefined> {
  return readWith(file, (handle) => loadFrom(handle, loading));
}

/** For figures. Every reference is checked; the checksum is not, which is one of all bytes. @throws LoadIndexError */
export async function loadWithoutImages(file: string): Promise<Index> {
  return readWith(file, async (handle) => {
    const { images, end } = (await readStart(handle)).layout;
    requireRoom(images);
    requireMemory(images);
    const bytes = new Uint8Array(images);
    for (let at = 0; at < bytes.length; at += PIECE) await fillFrom(handle, bytes.subarray(at, at + PIECE), at);
    return decodeWithoutImages(bytes, end);
  });
}

/** Of the header alone, so that the file need not match it. @throws LoadIndexError */
export async function readDigest(file: string): Promise<string> {
  return readWith(file, async (handle) => readBeginning((await readStart(handle)).start).digest);
}

export interface OpenedIndex {
  /** Its images are not in memory. */
  readonly index: Index;
  /** The bytes that were checked, whatever is published under the file's name meanwhile; the caller closes it. */
  readonly handle: FileHandle;
  readonly length: number;
}

/** Checks all that `loadIndex` checks, with nothing in memory but what is before the images. @throws LoadIndexError */
export async function openIndex(file: string): Promise<OpenedIndex> {
  return openedWith(file, async (handle) => {
    try {
      return { handle, ...(await check(handle)) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

async function check(handle: FileHandle): Promise<Omit<OpenedIndex, "handle">> {
  const { images, end } = (await readStart(handle)).layout;
  requireRoom(images);
  requireMemory(images);
  const head = new Uint8Array(images);
  const checksum = new Checksum();
  for (let at = 0; at < images; at += PIECE) {
    const piece = head.subarray(at, at + PIECE);
    await fillFrom(handle, piece, at);
    checksum.update(piece);
  }
  for await (const piece of piecesOf(handle, images, end)) checksum.update(piece);
  requireDigest(head, checksum.digest());
  return { index: decodeWithoutImages(head, end), length: end };
}

/** The bytes from `start` to `end`; each piece holds until the next is asked for. */
export async function* piecesOf(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.min(PIECE, end - start));
  for (let at = start; at < end; at += PIECE) {
    const piece = bytes.subarray(0, Math.min(PIECE, end - at));
    await fillFrom(handle, piece, at);
    yield piece;
  }
}

async function readWith<Read>(file: string, read: (handle: FileHandle) => Promise<Read>): Promise<Read> {
  return openedWith(file, async (handle) => {
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  });
}

async function openedWith<Read>(file: string, read: (handle: FileHandle) => Promise<Read>): Promise<Read> {
  try {
    // O_NONBLOCK: to open a pipe would wait for somebody who writes into it.
    return await read(await open(file, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    throw new LoadIndexError(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no index: build one with `npm run build-index`";
  if (error instanceof IndexFormatError) return `${error.message}: build it anew with \`npm run build-index\``;
  return `cannot be read: ${error.message}`;
}

async function loadFrom(
  handle: FileHandle,
  { served, mostInPart = MAX_PART_BYTES }: Loading,
): Promise<Index | undefined> {
  const { start, layout } = await readStart(handle);
  const { counts, offsets, images, end } = layout;
  if (generationIn(start) === served) return undefined;
  requireRoom(images);
  requireMemory(end);
  const reading = new HashedReading(handle);
  const head = await reading.next(images);
  const parts = [head];
  const { imageStart } = sectionsOf(head, counts, offsets);
  for (const length of partLengths(imageStart, end - images, mostInPart)) parts.push(await reading.next(length));
  return decode(parts, reading.digest());
}

async function readStart(handle: FileHandle): Promise<{ start: Uint8Array; layout: Head }> {
  const status = await handle.stat();
  if (!status.isFile()) throw new Error("it is not a file");
  const start = new Uint8Array(Math.min(status.size, HEADER_LENGTH + MAX_MANIFEST));
  await fillFrom(handle, start, 0);
  return { start, layout: readHead(start, status.size) };
}

/** In bytes: what this process may have. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Memory that is not there shows only while it is filled, and then the system ends the process. */
function requireMemory(bytes: number): void {
  const memory = memoryLimit();
  if (bytes > memory) throw new Error(`it has ${bytes} bytes, and there is memory for ${memory}: give it more memory`);
}

/** Reads a file from its start and hashes it: while Node.js reads a piece, this thread hashes the one before. */
class HashedReading {
  readonly #handle: FileHandle;
  readonly #checksum = new Checksum();
  #unhashed: Uint8Array | undefined;
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The next bytes, in memory that all threads share, and aligned for typed arrays. */
  async next(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(new SharedArrayBuffer(length));
    noteMemory([bytes]);
    for (let at = 0; at < length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      const reading = fillFrom(this.#handle, piece, this.#position);
      if (this.#unhashed !== undefined) this.#checksum.update(this.#unhashed);
      await reading;
      this.#unhashed = piece;
      this.#position += piece.length;
    }
    return bytes;
  }

  digest(): Buffer {
    return this.#checksum.update(this.#unhashed!).digest();
  }
}

async function fillFrom(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0)
      throw new IndexFormatError("truncated", `truncated: it ended at ${position + at} bytes while it was read`);
    at += bytesRead;
  }
}
