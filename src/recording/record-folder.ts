/** Prepares the folder in which a server records, and keeps other processes out of it. */
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { FolderBusyError } from "../index/lock/folder-busy.js";
import { lockFolder, type FolderLock } from "../index/lock/folder-lock.js";
import { makeFolder } from "../options/make-folder.js";
import { printable } from "../options/printable.js";
import { FileError, isThere, readFile, replaceFlushed, requireFolderOrNothing } from "../options/regular-file.js";
import { startName } from "./event-kinds.js";
import { recoverFiles, type Recovered } from "./recovery.js";

/** Its message is one line. */
export class RecordFolderError extends Error {
  override readonly name = "RecordFolderError";
}

const SERVER_FILE = "server";

export class RecordFolder {
  readonly path: string;
  readonly #onNote: (note: string) => void;
  #server = "";
  #lock: FolderLock | undefined;

  private constructor(path: string, onNote: (note: string) => void) {
    this.path = path;
    this.#onNote = onNote;
  }

  /** @throws RecordFolderError where it cannot be used, or another process records there */
  static async open(path: string, onNote: (note: string) => void): Promise<RecordFolder> {
    const folder = new RecordFolder(path, onNote);
    await folder.make();
    return folder;
  }

  /** 16 hex digits, drawn when the folder was first used: names of files of two servers never meet. */
  get server(): string {
    return this.#server;
  }

  /** Makes what is missing of it, and locks it. @throws RecordFolderError */
  async make(): Promise<void> {
    try {
      requireFolderOrNothing(this.path);
      makeFolder(this.path);
      // Whoever has removed the folder has removed the lock with it.
      await this.#lock?.release();
      this.#lock = undefined;
      this.#lock = await lockFolder(this.path, this.#onNote);
      this.#server = this.#readServer();
    } catch (error) {
      await this.release();
      throw this.#explained(error);
    }
  }

  #readServer(): string {
    const path = join(this.path, SERVER_FILE);
    if (!isThere(path)) {
      const server = this.#server === "" ? randomBytes(8).toString("hex") : this.#server;
      replaceFlushed(path, `${server}\n`);
      return server;
    }
    const server = readFile(path).toString("latin1").trim();
    if (!/^[\da-f]{16}$/.test(server))
      throw new FileError(`${path}: is not 16 hex digits, the name of a server: remove it, and a new one is drawn`);
    return server;
  }

  /** Closes what a crash has left open. No recorder may be writing there. @throws RecordFolderError */
  async recover(): Promise<Recovered> {
    try {
      await rm(join(this.path, ".probe"), { force: true });
      return await recoverFiles(this.path);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** A name that no file there has, also where the clock was put back. @throws RecordFolderError */
  async newStart(epochMs: number): Promise<string> {
    try {
      const names = await readdir(this.path);
      for (let moment = epochMs; ; moment += 1000) {
        const start = startName(moment);
        if (!names.some((name) => name.includes(start))) return start;
      }
    } catch (error) {
      throw this.#explained(error);
    }
  }

  async release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  #explained(error: unknown): RecordFolderError {
    if (error instanceof RecordFolderError) return error;
    if (error instanceof FolderBusyError) {
      const who = error.holder === undefined ? "another process" : `another process (${error.holder})`;
      const message = `${printable(this.path)}: ${who} records there: give each server a folder of its own`;
      return new RecordFolderError(message, { cause: error });
    }
    const message = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;
    const isNamed = message.includes(this.path);
    return new RecordFolderError(printable(isNamed ? message : `${this.path}: ${message}`), { cause: error });
  }
}
