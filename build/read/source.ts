/** Reads the bytes of a file once: hashes them, unpacks them, and notices where the file changes meanwhile. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, readSync, type Stats } from "node:fs";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { openFile } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";

/** What was found before it is read; undefined where nobody looked. */
export interface FoundBytes {
  readonly path: string;
  readonly bytes?: number | undefined;
  /** In milliseconds, as `Stats` has it. */
  readonly modified?: number | undefined;
  /** SHA-256, in hexadecimal. */
  readonly digest?: string | undefined;
}

const CHUNK_BYTES = 1 << 18;

/** Node.js has it from 22.15 on. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
export const READS_ZSTD = createZstdDecompress !== undefined;

export class Source {
  /** Of the file as it lies on the disk. */
  bytesRead = 0;
  /** Once the file is read to its end. */
  digest = "";

  constructor(readonly file: FoundBytes) {}

  /** Each chunk is valid until the next is asked for. @throws DataError where the file is damaged, or changes */
  async *unpacked(): AsyncGenerator<Buffer> {
    const { path } = this.file;
    const [, ending] = /\.(gz|zst)$/i.exec(path) ?? [];
    if (ending === undefined) {
      yield* this.raw();
      return;
    }
    const format = ending.toLowerCase() === "gz" ? "gzip" : "zstd";
    const unpacker = format === "gzip" ? zlib.createGunzip() : createZstdDecompress!();
    const done = pipeline(Readable.from(this.#copies()), unpacker).catch((error: unknown) => error);
    try {
      yield* unpacker as AsyncIterable<Buffer>;
    } catch (error) {
      await done;
      if (!/^(Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
      throw new DataError(`${path}: is no whole ${format} file (${(error as Error).message}): copy it here anew`, {
        cause: error,
      });
    }
    await done;
    // What is packed may end before the file, which is not read to its end then.
    if (this.digest === "")
      throw new DataError(`${path}: goes on behind the end of its ${format} data: copy it here anew`);
  }

  /** In turn with what is done with the bytes: to have another thread read them takes longer. */
  *raw(): Generator<Buffer> {
    const { path } = this.file;
    const descriptor = openFile(path);
    try {
      const before = fstatSync(descriptor);
      this.#requireSame(before, this.file.bytes, this.file.modified);
      const hash = createHash("sha256");
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      for (;;) {
        const bytesRead = readSync(descriptor, buffer, 0, CHUNK_BYTES, null);
        if (bytesRead === 0) break;
        this.bytesRead += bytesRead;
        // Before anyone has it, who may write into it.
        hash.update(buffer.subarray(0, bytesRead));
        yield buffer.subarray(0, bytesRead);
        if (this.bytesRead > before.size) break;
      }
      const { mtimeMs } = fstatSync(descriptor);
      this.#requireSame({ size: this.bytesRead, mtimeMs }, before.size, before.mtimeMs);
      this.digest = hash.digest("hex");
      if (this.file.digest !== undefined && this.file.digest !== this.digest) throw this.#changed("its content");
    } finally {
      closeSync(descriptor);
    }
  }

  /** A stream takes a chunk when the next is read already. */
  *#copies(): Generator<Buffer> {
    for (const chunk of this.raw()) yield Buffer.from(chunk);
  }

  #requireSame({ size, mtimeMs }: Pick<Stats, "size" | "mtimeMs">, bytes = size, modified = mtimeMs): void {
    if (size !== bytes) throw this.#changed(`its size, from ${bytes} to ${size} bytes`);
    if (mtimeMs !== modified) throw this.#changed("its time of change");
  }

  #changed(what: string): DataError {
    return new DataError(
      `${this.file.path}: changed while it was read (${what}): start again once it is written to its end`,
    );
  }
}

export function digestOf(file: FoundBytes): string {
  const source = new Source(file);
  const chunks = source.raw();
  while (!chunks.next().done);
  return source.digest;
}
