/** A file to a checked index. */
import { constants, open, type FileHandle } from "node:fs/promises";
import { IndexChecksum } from "./index-checksum.js";
import { decode, type Index } from "./index-format.js";
import { HEADER_LENGTH, IndexFormatError, readHeader } from "./index-header.js";

/** Bytes that are read at once, while the checksum of those before is taken. */
const PIECE = 8 << 20;

/** An index that cannot be loaded. The message is one line: the file, what is wrong with it and the remedy. */
export class LoadIndexError extends Error {
  override readonly name = "LoadIndexError";
}

/** Reads and checks the whole file. @throws LoadIndexError */
export async function loadIndex(file: string): Promise<Index> {
  try {
    const { bytes, checksum } = await readWhole(file);
    return decode(bytes, checksum);
  } catch (error) {
    throw new LoadIndexError(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no index: build one with `npm run build-index`";
  if (error instanceof IndexFormatError) return `${error.message}: build it anew with \`npm run build-index\``;
  return `cannot be read: ${error.message}`;
}

/** Into memory of its own, aligned for typed arrays, once the header has said the truth about the length. */
async function readWhole(file: string): Promise<{ bytes: Uint8Array; checksum: Buffer }> {
  // Without waiting: a pipe would have us wait for who writes to it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const entry = await handle.stat();
    if (!entry.isFile()) throw new Error("expected a file");
    const head = new Uint8Array(Math.min(entry.size, HEADER_LENGTH));
    await handle.read(head, 0, head.length, 0);
    readHeader(head, entry.size);
    const bytes = new Uint8Array(entry.size);
    return { bytes, checksum: await readInto(bytes, handle) };
  } finally {
    await handle.close();
  }
}

/** The checksum of one piece is taken on this thread while another one reads the next. */
async function readInto(bytes: Uint8Array, handle: FileHandle): Promise<Buffer> {
  const checksum = new IndexChecksum();
  const read = async (from: number): Promise<Uint8Array> => {
    const { bytesRead } = await handle.read(bytes, from, Math.min(PIECE, bytes.length - from), from);
    return bytes.subarray(from, from + bytesRead);
  };
  let length = 0;
  let reading = read(0);
  while (length < bytes.length) {
    const piece = await reading;
    if (piece.length === 0)
      throw new IndexFormatError("truncated", `truncated: it ended after ${length} bytes while it was read`);
    length += piece.length;
    reading = length < bytes.length ? read(length) : Promise.resolve(piece);
    checksum.update(piece);
  }
  return checksum.digest();
}
