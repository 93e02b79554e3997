/** Reads event files on the thread of the build; `reader-threads` does the same on others too, in the same order. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { NO_OPTIONS, readBatches } from "./event-file.js";
import type { FoundFile } from "./find.js";
import { deliver, type BatchSink, type RowBatch } from "./row-batch.js";
import { digestOf } from "./source.js";
import type { FileSummary } from "./text-file.js";

export interface ReadProgress {
  readonly rows: number;
  readonly bytes: number;
}

export interface EventReader {
  /** The SHA-256 of each file, in hexadecimal. */
  digest(files: readonly FoundFile[]): Promise<string[]>;
  /** Names the files that `read` will be called for, in order, so that reading ahead can begin. */
  announce(files: readonly FoundFile[]): void;
  /** In the order of the file's lines. @throws DataError where the header row is missing or wrong */
  read(file: FoundFile, sink: BatchSink): Promise<FileSummary>;
  progress(): ReadProgress;
  /** Makes what is being read, and all that comes after it, fail for this reason. */
  abort(reason: Error): void;
  close(): Promise<void>;
}

/** A quarter of a megabyte each: some 20 ms between turns in which signals are heard and threads. */
const BATCHES_A_TURN = 16;

export class InlineReader implements EventReader {
  #aborted: Error | undefined;
  #rows = 0;
  #bytes = 0;
  #batches = 0;

  constructor(readonly options = NO_OPTIONS) {}

  digest(files: readonly FoundFile[]): Promise<string[]> {
    return new Promise((resolve) => {
      resolve(files.map(digestOf));
    });
  }

  announce(): void {
    // Nothing is read ahead.
  }

  read(file: FoundFile, sink: BatchSink): Promise<FileSummary> {
    const onBatch = async (batch: RowBatch): Promise<void> => {
      if (++this.#batches % BATCHES_A_TURN === 0) await nextTurn();
      if (this.#aborted !== undefined) throw this.#aborted;
      this.#rows += batch.rows;
      this.#bytes += batch.bytes;
      deliver(batch, sink);
    };
    return readBatches(file, onBatch, this.options);
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
