/**
 * What a build makes into its folder, whole or not at all: written beside, flushed to disk, renamed over, the folder flushed. A
 * crash at any instant leaves the old index or the new one; a reader never sees half a file.
 */
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { flush, linkOrCopy, writeFlushed } from "./durable-files.js";
import { FolderLock } from "./lock.js";

export const INDEX_FILE = "index.bin";
export const PREVIOUS_INDEX_FILE = "index.previous.bin";
export const REJECTS_FILE = "rejects.csv";
export const REPORT_FILE = "report.json";
export const REPORT_PAGE_FILE = "report.html";

const FILES = [INDEX_FILE, PREVIOUS_INDEX_FILE, REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE];

/** What is written beside ends with this until it is renamed; what has it at the start of a build was left by one that was killed. */
const TEMPORARY = ".tmp";

export interface Published {
  readonly index: Uint8Array;
  /** The texts of `report.json` and `report.html`. */
  readonly report: string;
  readonly page: string;
}

/** The files of one build until they are published. Nobody else writes to the folder meanwhile. */
export class Publication {
  private constructor(
    readonly folder: string,
    readonly lock: FolderLock,
  ) {}

  /**
   * Makes the folder where it is not there, locks it, and removes what builds that were killed have left.
   * @throws FolderBusyError where another build is at work there
   */
  static async begin(folder: string): Promise<Publication> {
    await mkdir(folder, { recursive: true });
    const publication = new Publication(folder, await FolderLock.take(folder));
    try {
      await publication.#removeTemporary();
      return publication;
    } catch (error) {
      await publication.lock.release();
      throw error;
    }
  }

  get rejectsPath(): string {
    return this.#temporary(REJECTS_FILE);
  }

  /**
   * Publishes an index with its reports, and the rejects, which are written to `rejectsPath` and closed. The same index again
   * replaces none, so that the previous one stays another. The index comes last: until then nothing is published.
   */
  async publish({ index, report, page }: Published): Promise<void> {
    const isNew = !(await this.#isPublished(index));
    // All that needs room on the disk, before anything is replaced.
    if (isNew) await writeFlushed(this.#temporary(INDEX_FILE), index);
    await writeFlushed(this.#temporary(REPORT_FILE), report);
    await writeFlushed(this.#temporary(REPORT_PAGE_FILE), page);
    const hasPrevious = isNew && (await this.#keepCurrent());
    for (const name of [REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE]) await this.#put(name);
    if (hasPrevious) await this.#put(PREVIOUS_INDEX_FILE);
    if (isNew) await this.#put(INDEX_FILE);
    await flush(this.folder);
  }

  /**
   * Has the current and the previous index change places. They are not looked into.
   * @throws where there is no previous index
   */
  async rollBack(): Promise<void> {
    await linkOrCopy(join(this.folder, PREVIOUS_INDEX_FILE), this.#temporary(INDEX_FILE));
    const hasCurrent = await this.#keepCurrent();
    await this.#put(INDEX_FILE);
    if (hasCurrent) await this.#put(PREVIOUS_INDEX_FILE);
    await flush(this.folder);
  }

  /** Leaves nothing behind but what was published. */
  async end(): Promise<void> {
    try {
      await this.#removeTemporary();
    } finally {
      await this.lock.release();
    }
  }

  /** By all its bytes: one that was damaged on disk is not the same. */
  async #isPublished(index: Uint8Array): Promise<boolean> {
    const current = join(this.folder, INDEX_FILE);
    const size = await stat(current).then(
      (entry) => entry.size,
      () => -1,
    );
    return size === index.length && (await readFile(current)).equals(index);
  }

  /** A second name for the current index, to be put over the previous one in one step; false where there is none yet. */
  async #keepCurrent(): Promise<boolean> {
    try {
      await linkOrCopy(join(this.folder, INDEX_FILE), this.#temporary(PREVIOUS_INDEX_FILE));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  async #put(name: string): Promise<void> {
    await rename(this.#temporary(name), join(this.folder, name));
  }

  #temporary(name: string): string {
    return join(this.folder, `${name}${TEMPORARY}`);
  }

  async #removeTemporary(): Promise<void> {
    for (const name of await readdir(this.folder))
      if (FILES.some((file) => name === `${file}${TEMPORARY}`)) await rm(join(this.folder, name), { force: true });
  }
}
