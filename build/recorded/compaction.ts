/** Folds the impressions that a server recorded before a moment into one file, and survives a crash at every step. */
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { flush, flushFolder } from "../../src/index/durable-files.js";
import { LARGEST_ID } from "../../src/index/ids.js";
import { lockFolder } from "../../src/index/lock/folder-lock.js";
import { flushFolderOf, isThere } from "../../src/options/regular-file.js";
import { LOCK_FILE } from "../../src/index/lock/folder-busy.js";
import {
  COMPACTION_FOLDER,
  namesWithList,
  readFoldingList,
  removeFoldingList,
  writeFoldingList,
} from "../read/folding-list.js";
import type { ViewSums } from "./view-sums.js";

const COMPACTED = "impressions-compact-";

/** Rows that are handed to gzip at once. */
const ROWS_A_PIECE = 4096;

export function isCompacted(name: string): boolean {
  return name.startsWith(COMPACTED);
}

/** Unlike any other, in whichever folder: files of several folders come together in a build. */
export function compactedName(beforeMs: number): string {
  const start = new Date(beforeMs).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${COMPACTED}${start}-${randomBytes(8).toString("hex")}.csv.gz`;
}

/**
 * The compacted file and its list are whole and on the disk before one rename puts the file among the others. Before
 * it, who looks for closed files sees the old ones alone; from it on, the list takes the old ones out for him, until
 * they are gone for good and the list goes last. So at any moment each row is in one file that counts.
 */
export class Compaction {
  private constructor(
    readonly folder: string,
    readonly lock: { release(): Promise<void> },
  ) {}

  /** Finishes what a crash left. @throws FolderBusyError where another process compacts the folder */
  static async begin(folder: string, onNote?: (note: string) => void): Promise<Compaction> {
    const within = join(folder, COMPACTION_FOLDER);
    if (!isThere(within)) mkdirSync(within);
    flushFolderOf(within);
    const compaction = new Compaction(folder, await lockFolder(within, onNote));
    try {
      await compaction.#finish();
      return compaction;
    } catch (error) {
      await compaction.lock.release();
      throw error;
    }
  }

  /** The files stay as they are where it throws before the new one is in place. Returns the rows of the new file. */
  async replace(files: readonly string[], into: string, sums: ViewSums): Promise<number> {
    const aside = join(this.folder, COMPACTION_FOLDER, into);
    const written = new WrittenRows(into);
    await pipeline(Readable.from(written.pieces(sums)), createGzip(), createWriteStream(aside, { flags: "wx" }));
    await flush(aside);
    writeFoldingList(this.folder, { into, files });
    renameSync(aside, join(this.folder, into));
    await flushFolder(this.folder);
    await this.#removeReplaced(into);
    return written.count;
  }

  async end(): Promise<void> {
    await this.lock.release();
  }

  async #finish(): Promise<void> {
    const within = join(this.folder, COMPACTION_FOLDER);
    for (const into of namesWithList(this.folder))
      if (isThere(join(this.folder, into))) {
        // The crash may have come before the rename was on the disk.
        await flushFolder(this.folder);
        await this.#removeReplaced(into);
      }
    for (const name of readdirSync(within))
      if (!name.startsWith(LOCK_FILE)) rmSync(join(within, name), { force: true });
  }

  async #removeReplaced(into: string): Promise<void> {
    for (const name of readFoldingList(this.folder, into).files) rmSync(join(this.folder, name), { force: true });
    // Without it, a crash of the machine may bring them back when the list is gone.
    await flushFolder(this.folder);
    removeFoldingList(this.folder, into);
  }
}

class WrittenRows {
  count = 0;

  constructor(readonly name: string) {}

  *pieces(sums: ViewSums): Generator<string> {
    let lines = "timestamp,campaign_id,banner_id,count,file\n";
    let [seconds, timestamp] = [NaN, ""];
    for (const sum of sums.sorted()) {
      if (sum.seconds !== seconds) {
        seconds = sum.seconds;
        timestamp = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
      }
      // A row holds so many at most.
      for (let left = sum.count; ; left -= LARGEST_ID) {
        const file = this.count++ === 0 ? this.name : "";
        lines += `${timestamp},${sum.campaign},${sum.banner},${Math.min(left, LARGEST_ID)},${file}\n`;
        if (left <= LARGEST_ID) break;
      }
      if (this.count % ROWS_A_PIECE !== 0) continue;
      yield lines;
      lines = "";
    }
    yield lines;
  }
}
