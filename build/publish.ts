/**
 * An index into its folder, whole or not at all: written beside, flushed to disk, renamed over, the folder flushed. A crash at any
 * instant leaves the old index or the new one; a reader never sees half a file.
 */
import { copyFile, link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export const INDEX_FILE = "index.bin";
export const PREVIOUS_INDEX_FILE = "index.previous.bin";
export const REJECTS_FILE = "rejects.csv";

/** The files of one build until they are published, named so that two builds do not write to the same. */
export class Publication {
  readonly #folder: string;
  readonly #suffix = `.${process.pid}.tmp`;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async begin(folder: string): Promise<Publication> {
    await mkdir(folder, { recursive: true });
    return new Publication(folder);
  }

  get rejectsPath(): string {
    return this.#temporary(REJECTS_FILE);
  }

  /**
   * Publishes the index, and the rejects, which are written to `rejectsPath` and closed. The same index again replaces nothing, so
   * that the previous one stays another.
   */
  async publish(index: Uint8Array): Promise<void> {
    if (!(await this.#isPublished(index))) {
      await writeFlushed(this.#temporary(INDEX_FILE), index);
      await this.#keepPrevious();
      await rename(this.#temporary(INDEX_FILE), join(this.#folder, INDEX_FILE));
    }
    await rename(this.rejectsPath, join(this.#folder, REJECTS_FILE));
    await flushFolder(this.#folder);
  }

  /** Leaves nothing behind; after `publish` there is nothing to remove. */
  async end(): Promise<void> {
    for (const name of [INDEX_FILE, PREVIOUS_INDEX_FILE, REJECTS_FILE])
      await rm(this.#temporary(name), { force: true });
  }

  /** By all its bytes: one that was damaged on disk is not the same. */
  async #isPublished(index: Uint8Array): Promise<boolean> {
    const current = join(this.#folder, INDEX_FILE);
    const size = await stat(current).then(
      (entry) => entry.size,
      () => -1,
    );
    return size === index.length && (await readFile(current)).equals(index);
  }

  /** A second name for the index that is about to be replaced, put over the older one in one step. */
  async #keepPrevious(): Promise<void> {
    const current = join(this.#folder, INDEX_FILE);
    const temporary = this.#temporary(PREVIOUS_INDEX_FILE);
    try {
      // Not every file system has hard links.
      await link(current, temporary).catch(() => copyFile(current, temporary));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    await rename(temporary, join(this.#folder, PREVIOUS_INDEX_FILE));
  }

  #temporary(name: string): string {
    return join(this.#folder, `${name}${this.#suffix}`);
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
