/** Publishes a build whole or not at all, even if it crashes: files are written aside, flushed, then renamed. */
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../src/options/make-folder.js";
import { requireFolderOrNothing, requireReplaceable } from "../../src/options/regular-file.js";
import { flushFolder, holds, linkOrCopy, writeFlushed } from "../../src/index/durable-files.js";
import { REPORT_PAGE_FILE } from "../../src/view/report-file.js";
import { lockFolder, type FolderLock } from "../../src/index/lock/folder-lock.js";

export const INDEX_FILE = "index.bin";
export const PREVIOUS_INDEX_FILE = "index.previous.bin";
export const REJECTS_FILE = "rejects.csv";
export const REPORT_FILE = "report.json";

/** By the name of a report: that of a build that was refused. */
export const REFUSED = {
  [REJECTS_FILE]: "rejects.refused.csv",
  [REPORT_FILE]: "report.refused.json",
  [REPORT_PAGE_FILE]: "report.refused.html",
} as const;

const FILES = [INDEX_FILE, PREVIOUS_INDEX_FILE, REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE];

/** A file with this suffix at the start of a build was left by one that was killed. */
const TEMPORARY_SUFFIX = ".tmp";

export interface Reports {
  readonly report: string;
  readonly page: string;
}

export interface Published extends Reports {
  readonly index: readonly Uint8Array[];
}

/** The folder is locked until `end`. */
export class Publication {
  private constructor(
    readonly folder: string,
    readonly lock: FolderLock,
  ) {}

  /** @throws FolderBusyError where another build is running there, FileError where something else has a file's name */
  static async begin(folder: string, onNote?: (note: string) => void): Promise<Publication> {
    requireFolderOrNothing(folder);
    makeFolder(folder);
    const publication = new Publication(folder, await lockFolder(folder, onNote));
    try {
      for (const name of FILES) requireReplaceable(publication.#temporary(name));
      for (const name of [...FILES, ...Object.values(REFUSED)]) requireReplaceable(join(folder, name));
      await publication.#removeTemporary();
      // Also where this build stops without a report, whose reader would take those for its own.
      for (const name of Object.values(REFUSED)) await rm(join(folder, name), { force: true });
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
    await this.#writeReports({ report, page });
    const hasPrevious = isNew && (await this.#linkCurrent());
    for (const name of [REJECTS_FILE, REPORT_FILE, REPORT_PAGE_FILE]) await this.#rename(name);
    if (hasPrevious) await this.#rename(PREVIOUS_INDEX_FILE);
    if (isNew) await this.#rename(INDEX_FILE);
    await flushFolder(this.folder);
  }

  /** Puts the reports of a build that is not published beside those of the one that is. */
  async refuse(reports: Reports): Promise<void> {
    await this.#writeReports(reports);
    for (const [name, refused] of Object.entries(REFUSED)) await this.#rename(name, refused);
    await flushFolder(this.folder);
  }

  /** @throws where there is no previous index */
  async rollBack(): Promise<void> {
    await linkOrCopy(join(this.folder, PREVIOUS_INDEX_FILE), this.#temporary(INDEX_FILE));
    const hasCurrent = await this.#linkCurrent();
    await this.#rename(INDEX_FILE);
    if (hasCurrent) await this.#rename(PREVIOUS_INDEX_FILE);
    await flushFolder(this.folder);
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

  async #writeReports({ report, page }: Reports): Promise<void> {
    await writeFlushed(this.#temporary(REPORT_FILE), report);
    await writeFlushed(this.#temporary(REPORT_PAGE_FILE), page);
  }

  async #rename(name: string, as = name): Promise<void> {
    await rename(this.#temporary(name), join(this.folder, as));
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
