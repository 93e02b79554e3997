/**
 * Publishes what a build makes, whole or not at all: written to temporary files, flushed, renamed, the folder flushed.
 * A crash at any instant leaves the old index or the new one, and a reader never sees half a file.
 */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { requireFolderOrNothing, requireReplaceable } from "../../src/options/regular-file.js";
import { flush, holds, linkOrCopy, writeFlushed } from "./durable-files.js";
import { FolderLock } from "./lock.js";

export const INDEX_FILE = "index.bin";
export const PREVIOUS_INDEX_FILE = "index.previous.bin";
export const REJECTS_FILE = "rejects.csv";
export const REPORT_FILE = "report.json";
export const REPORT_PAGE_FILE = "report.html";

const FILES = [INDEX_FILE, PREVIOUS_INDEX_FILE, REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE];

/** A file with this suffix at the start of a build was left by one that was killed. */
const TEMPORARY_SUFFIX = ".tmp";

export interface Published {
  /** Its bytes, one part after the other. */
  readonly index: readonly Uint8Array[];
  /** The texts of `report.json` and `report.html`. */
  readonly report: string;
  readonly page: string;
}

/** The files of one build; the folder is locked until `end`. */
export class Publication {
  private constructor(
    readonly folder: string,
    readonly lock: FolderLock,
  ) {}

  /**
   * Creates the folder where it is missing, locks it, and removes what killed builds have left.
   * @throws FolderBusyError where another build is running there, FileError where no file stands in a file's place
   */
  static async begin(folder: string): Promise<Publication> {
    requireFolderOrNothing(folder);
    await mkdir(folder, { recursive: true });
    const publication = new Publication(folder, await FolderLock.take(folder));
    try {
      for (const name of FILES)
        for (const path of [join(folder, name), publication.#temporary(name)]) requireReplaceable(path);
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
   * Publishes an index, its reports, and the rejects at `rejectsPath`. The index comes last: until then nothing is
   * published. An index equal to the current one replaces nothing, so that the previous one stays a different one.
   */
  async publish({ index, report, page }: Published): Promise<void> {
    // Compared in all bytes: one that was damaged on disk is not the same.
    const isNew = !(await holds(join(this.folder, INDEX_FILE), index));
    // Whatever may fill the disk comes before anything is replaced.
    if (isNew) await writeFlushed(this.#temporary(INDEX_FILE), index);
    await writeFlushed(this.#temporary(REPORT_FILE), report);
    await writeFlushed(this.#temporary(REPORT_PAGE_FILE), page);
    const hasPrevious = isNew && (await this.#linkCurrent());
    for (const name of [REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE]) await this.#rename(name);
    if (hasPrevious) await this.#rename(PREVIOUS_INDEX_FILE);
    if (isNew) await this.#rename(INDEX_FILE);
    await flush(this.folder);
  }

  /**
   * Swaps the current and the previous index, without reading them.
   * @throws where there is no previous index
   */
  async rollBack(): Promise<void> {
    await linkOrCopy(join(this.folder, PREVIOUS_INDEX_FILE), this.#temporary(INDEX_FILE));
    const hasCurrent = await this.#linkCurrent();
    await this.#rename(INDEX_FILE);
    if (hasCurrent) await this.#rename(PREVIOUS_INDEX_FILE);
    await flush(this.folder);
  }

  /** Removes what was not published, and unlocks the folder. */
  async end(): Promise<void> {
    try {
      await this.#removeTemporary();
    } finally {
      await this.lock.release();
    }
  }

  /** Links the current index to a temporary name, to be renamed in one step; false where there is none. */
  async #linkCurrent(): Promise<boolean> {
    try {
      await linkOrCopy(join(this.folder, INDEX_FILE), this.#temporary(PREVIOUS_INDEX_FILE));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  async #rename(name: string): Promise<void> {
    await rename(this.#temporary(name), join(this.folder, name));
  }

  #temporary(name: string): string {
    return join(this.folder, `${name}${TEMPORARY_SUFFIX}`);
  }

  async #removeTemporary(): Promise<void> {
    for (const name of await readdir(this.folder))
      if (FILES.some((file) => name === `${file}${TEMPORARY_SUFFIX}`))
        await rm(join(this.folder, name), { force: true });
  }
}
