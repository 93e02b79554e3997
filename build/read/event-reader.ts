/** Who reads the files for the build: this thread, or threads that read ahead. Whoever does, the rows come in the same order. */
import { digestFile } from "./digest.js";
import type { FoundFile } from "./find.js";
import { readBatches } from "./batches.js";
import type { ReadFile } from "./csv-rows.js";
import { takeBatch, type BatchTaker } from "./row-batch.js";

/** How far the reading has come. */
export interface ReadProgress {
  readonly rows: number;
  readonly bytes: number;
}

export interface EventReader {
  /** The SHA-256 of each, hexadecimal. */
  digest(files: readonly FoundFile[]): Promise<string[]>;
  /** Says which files `read` will be called for, in order, so that their reading can begin. */
  announce(files: readonly FoundFile[]): void;
  /** Hands over the rows of a file in the order of its lines. @throws DataError where the header row is not one */
  read(file: FoundFile, taker: BatchTaker): Promise<ReadFile>;
  progress(): ReadProgress;
  /** Has what is being read, and all that would be after it, fail for this reason. */
  abort(reason: Error): void;
  close(): Promise<void>;
}

/** Reads on this thread: less work where there is little to read. */
export class OwnReader implements EventReader {
  #aborted: Error | undefined;
  #rows = 0;
  #bytes = 0;

  async digest(files: readonly FoundFile[]): Promise<string[]> {
    const digests: string[] = [];
    for (const { path } of files) digests.push(await digestFile(path));
    return digests;
  }

  announce(): void {
    // Each file is read when it is asked for.
  }

  read(file: FoundFile, taker: BatchTaker): Promise<ReadFile> {
    return readBatches(file, (batch) => {
      if (this.#aborted !== undefined) throw this.#aborted;
      this.#rows += batch.rows;
      this.#bytes += batch.bytes;
      takeBatch(batch, taker);
      return undefined;
    });
  }

  progress(): ReadProgress {
    return { rows: this.#rows, bytes: this.#bytes };
  }

  abort(reason: Error): void {
    this.#aborted = reason;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
