/** Publishes a build whole or not at all, even if it crashes: files are written aside, flushed, then renamed. */
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
  readonly index: readonly Uint8Array[];
  readonly report: string;
  readonly page: string;
}

/** The folder is locked until `end`. */
export class Publication {
  private constructor(
    readonly folder: string,
    readonly lock: FolderLock,
  ) {}

  /** @throws FolderBusyError where another build is running there, FileError where something else has a file's name */
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

  /** The index is renamed last; not where it equals the current one, so that the previous one stays different. */
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

  /** @throws where there is no previous index */
  async rollBack(): Promise<void> {
    await linkOrCopy(join(this.folder, PREVIOUS_INDEX_FILE), this.#temporary(INDEX_FILE));
    const hasCurrent = await this.#linkCurrent();
    await this.#rename(INDEX_FILE);
    if (hasCurrent) await this.#rename(PREVIOUS_INDEX_FILE);
    await flush(this.folder);
  }

  async end(): Promise<void> {
    try {
      await this.#removeTemporary();
    } finally {
      await this.lock.release();
    }
  }

  /** Under a temporary name, to be renamed in one step; false where there is no current index. */
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
