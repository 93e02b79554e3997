/** Writes one event file: whole lines, which it keeps in memory until they are on the disk. */
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder } from "../index/durable-files.js";
import { HEADERS, openName, type RecordedKind } from "./event-kinds.js";

/** Whole lines. */
export interface Chunk {
  readonly rows: Buffer;
  readonly events: number;
  /** Once, however often it has to be written. */
  isCounted: boolean;
}

export type OnWritten = (events: number, bytes: number) => void;

const LINE_END = 10;

export class EventFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #path: string;
  readonly #finalPath: string;
  readonly #kind: RecordedKind;
  readonly #onWritten: OnWritten;
  #file: FileHandle | undefined;
  /** Those that the disk has not confirmed; the first `#written` of them are in the file. */
  readonly #unsynced: Chunk[] = [];
  #written = 0;
  #end = 0;
  #syncedEnd = 0;
  /** False after an error: what is in the file beyond `#syncedEnd` is unknown. */
  #isSound = true;
  #isNameSynced = false;
  #isRenamed = false;
  #syncing: Promise<void> | undefined;

  private constructor(folder: string, name: string, kind: RecordedKind, file: FileHandle, onWritten: OnWritten) {
    this.#folder = folder;
    this.#name = name;
    this.#path = join(folder, openName(name));
    this.#finalPath = join(folder, name);
    this.#kind = kind;
    this.#file = file;
    this.#onWritten = onWritten;
  }

  /** Empty, so that there is none without a row after a crash. @throws the system's errors, EEXIST too */
  static async create(folder: string, name: string, kind: RecordedKind, onWritten: OnWritten): Promise<EventFile> {
    return new EventFile(folder, name, kind, await open(join(folder, openName(name)), "wx"), onWritten);
  }

  get isSound(): boolean {
    return this.#isSound;
  }

  get hasUnsynced(): boolean {
    return this.#unsynced.length > 0;
  }

  get unsyncedBytes(): number {
    return this.#unsynced.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  /** False where the file or its folder was removed or moved: what is written goes nowhere then. */
  async isInPlace(): Promise<boolean> {
    const here = await stat(this.#isRenamed ? this.#finalPath : this.#path).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw error;
    });
    if (here === undefined || this.#file === undefined) return here !== undefined;
    const opened = await this.#file.stat();
    return here.ino === opened.ino && here.dev === opened.dev;
  }

  /** The chunk is this file's from now on, also where it fails. @throws the system's errors */
  async write(chunk: Chunk): Promise<void> {
    this.#unsynced.push(chunk);
    await this.#writeRest();
  }

  async #writeRest(): Promise<void> {
    while (this.#written < this.#unsynced.length) {
      const chunk = this.#unsynced[this.#written]!;
      const bytes = this.#end === 0 ? this.#firstBytes(chunk.rows) : chunk.rows;
      try {
        await writeAll(this.#file!, bytes, this.#end);
      } catch (error) {
        this.#isSound = false;
        throw error;
      }
      this.#end += bytes.length;
      this.#written++;
      if (chunk.isCounted) continue;
      chunk.isCounted = true;
      this.#onWritten(chunk.events, bytes.length);
    }
  }

  /**
   * The first row of impressions has the file's name: two servers that showed the same at the same time would else
   * write the same bytes, which a build takes for one file twice.
   */
  #firstBytes(rows: Buffer): Buffer {
    const header = `${HEADERS[this.#kind]}\n`;
    const at = rows.indexOf(LINE_END);
    const name = this.#kind === "impressions" ? this.#name : "";
    return Buffer.concat([Buffer.from(header), rows.subarray(0, at), Buffer.from(name), rows.subarray(at)]);
  }

  /** Resolves when what is written now is on the disk. Writes may go on meanwhile. @throws the system's errors */
  sync(): Promise<void> {
    return (this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = undefined;
    }));
  }

  async #sync(): Promise<void> {
    const end = this.#end;
    const written = this.#written;
    try {
      await this.#file!.datasync();
      if (!this.#isNameSynced) await flushFolder(this.#folder);
    } catch (error) {
      this.#isSound = false;
      throw error;
    }
    this.#isNameSynced = true;
    this.#syncedEnd = end;
    this.#unsynced.splice(0, written);
    this.#written -= written;
  }

  /**
   * After an error: cuts what may be torn, and writes anew what the disk has not confirmed, since after a failed
   * fdatasync the system takes lost pages for written ones. @throws the system's errors
   */
  async repair(): Promise<void> {
    await this.#settled();
    if (this.#isSound) return;
    await this.#file!.truncate(this.#syncedEnd);
    this.#end = this.#syncedEnd;
    this.#written = 0;
    await this.#writeRest();
    await this.sync();
    this.#isSound = true;
  }

  /** Forgets what the disk has not confirmed: `repair` cuts it. */
  async discardUnsynced(): Promise<void> {
    await this.#settled();
    this.#unsynced.length = 0;
    this.#written = 0;
    this.#isSound = false;
  }

  /**
   * Gives it its final name, all of it on the disk; may be called again where it failed.
   * @returns false where it has no row, and is removed
   * @throws the system's errors
   */
  async finish(): Promise<boolean> {
    if (this.#file !== undefined) {
      await this.repair();
      await this.sync();
      const file = this.#file;
      this.#file = undefined;
      await file.close();
    }
    if (!this.#isRenamed) {
      if (this.#end === 0) {
        await rm(this.#path, { force: true });
        return false;
      }
      await rename(this.#path, this.#finalPath);
      this.#isRenamed = true;
    }
    await flushFolder(this.#folder);
    return true;
  }

  /** Leaves a file that is not in its place. @returns what the disk has not confirmed, which is cut from it */
  async abandon(): Promise<readonly Chunk[]> {
    await this.#settled();
    // Of a disk that is gone it fails, and must not keep the next file waiting.
    await this.#file?.truncate(this.#syncedEnd).catch(() => undefined);
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    return this.#unsynced;
  }

  /** Whoever started the call that is running hears of its error. */
  async #settled(): Promise<void> {
    await this.#syncing?.catch(() => undefined);
  }
}

/** A write may end early, as on a disk that is nearly full. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}
