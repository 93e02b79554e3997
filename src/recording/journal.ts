/** Writes the events of one kind, one file after another. */
import { EventFile, type Chunk, type OnWritten } from "./event-file.js";
import { eventFileName, type RecordedKind } from "./event-kinds.js";

/** A disk that confirms nothing for long makes writing wait, rather than memory grow. */
const MAX_UNSYNCED_BYTES = 2 ** 24;

export interface JournalOptions {
  readonly kind: RecordedKind;
  readonly folder: string;
  readonly server: string;
  readonly start: string;
  readonly onWritten: OnWritten;
  readonly onClosed: () => void;
  /** Makes the folder anew where it is gone. */
  readonly makeFolder: () => Promise<void>;
}

export class Journal {
  readonly #options: JournalOptions;
  #file: EventFile | undefined;
  /** When the period of the file ends. */
  #border = NaN;
  #number = 1;
  /** What is in no file yet. */
  readonly #waiting: Chunk[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /**
   * Writes what `next` returns, until that is nothing. A chunk that was taken is never lost: it is in a file, or waits
   * for the next call.
   * @param border when the present period ends; another than that of the file ends the file
   * @throws the system's errors
   */
  write(next: () => Chunk | undefined, border: number): Promise<void> {
    return this.#alone(async () => {
      if (this.#file !== undefined && !(await this.#file.isInPlace())) await this.#leaveFile();
      if (this.#file?.isSound === false) await this.#file.repair();
      // Also where a clock that is put back leads to a former period.
      if (border !== this.#border) await this.#finishFile();
      for (;;) {
        if (this.#waiting.length === 0) {
          const chunk = next();
          if (chunk === undefined) return;
          this.#waiting.push(chunk);
        }
        this.#file ??= await this.#createFile(border);
        await this.#file.write(this.#waiting.shift()!);
        if (this.#file.unsyncedBytes > MAX_UNSYNCED_BYTES) await this.#file.sync();
      }
    });
  }

  /** Resolves when what is written now is on the disk. @throws the system's errors */
  async sync(): Promise<void> {
    if (this.#file?.hasUnsynced === true && this.#file.isSound) await this.#file.sync();
  }

  /** Resolves when it is on the disk; else nothing of it is left. @throws the system's errors */
  async commit(chunk: Chunk, border: number): Promise<void> {
    try {
      let rest: Chunk | undefined = chunk;
      await this.write(() => {
        const next = rest;
        rest = undefined;
        return next;
      }, border);
      await this.sync();
    } catch (error) {
      await this.#alone(async () => {
        this.#waiting.length = 0;
        await this.#file?.discardUnsynced();
      });
      throw error;
    }
  }

  /** Gives the file that is open its final name. @throws the system's errors */
  finish(): Promise<void> {
    return this.#alone(() => this.#finishFile());
  }

  async #finishFile(): Promise<void> {
    if (this.#file === undefined) return;
    const isClosed = await this.#file.finish();
    this.#file = undefined;
    if (isClosed) this.#options.onClosed();
  }

  async #createFile(border: number): Promise<EventFile> {
    const { kind, folder, server, start, onWritten, makeFolder } = this.#options;
    const create = async (): Promise<EventFile> => {
      const name = eventFileName(kind, server, start, this.#number);
      const file = await EventFile.create(folder, name, kind, onWritten);
      this.#number++;
      this.#border = border;
      return file;
    };
    try {
      return await create();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") await makeFolder();
      // Names are of one recorder alone: who copied files there did not ask it.
      else if (code === "EEXIST") this.#number++;
      else throw error;
      return create();
    }
  }

  async #leaveFile(): Promise<void> {
    const file = this.#file!;
    this.#file = undefined;
    this.#waiting.unshift(...(await file.abandon()));
  }

  /** One call after the other: a repair must not meet a write. */
  #alone<Result>(task: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
