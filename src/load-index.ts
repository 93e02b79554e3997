/** A file to a checked index. */
import { open } from "node:fs/promises";
import { decode, IndexFormatError, type Index } from "./index-format.js";

/**
 * Reads and checks the whole file.
 * @throws Error whose message is one line: the file, what is wrong with it and the remedy
 */
export async function loadIndex(file: string): Promise<Index> {
  try {
    return decode(await readWhole(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Error(`${file}: there is no index: build one with \`npm run build-index\``, { cause: error });
    if (error instanceof IndexFormatError)
      throw new Error(`${file}: ${error.message}: build it anew with \`npm run build-index\``, { cause: error });
    throw new Error(`${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Into memory of its own, aligned for typed arrays; `fs.readFile` may answer with a view on a pool, and ends at 2 GiB. */
async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, Math.min(bytes.length - length, 2 ** 30));
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
