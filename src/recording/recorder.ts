/** Starts the recorder thread, restarts it when it dies, and tells how recording goes. */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import {
  BYTES,
  CLOSED_FILES,
  LAST_WRITE,
  newFigures,
  PERIODS,
  RECORDED_CLICKS,
  RECORDED_CONVERSIONS,
  RECORDED_IMPRESSIONS,
  REPEATED_CLICKS,
} from "./figures.js";
import type { FromRecorder, RecorderData, ToRecorder } from "./messages.js";
import { RecordFolder } from "./record-folder.js";
import { RecorderLog } from "./recorder-log.js";
import { RingReader, type Ring } from "./ring.js";
import type { Conversion } from "./rows.js";
import { RecordingUnavailableError } from "./unavailable.js";

const PROGRAM = new URL("recorder-thread.js", import.meta.url);

const LOOK_MS = 1000;
/** Without drops for so long, they have ended. */
const QUIET_LOOKS = 10;
const MAX_WAITING_CONVERSIONS = 10_000;
/** A thread that is not in a call of the system is terminated sooner. */
const TERMINATE_MS = 500;
/** The thread keeps the process running meanwhile, and nothing once it has ended. */
const UNHEEDED = { ref: false };

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;
/** A death after so long a life begins a new row of deaths. */
const SOUND_AFTER_MS = 60_000;

/** In ms, twice as long after each death in a row, lest a thread that cannot live keeps a core busy. */
export function restartDelayMs(deaths: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 1));
}

export interface RecorderOptions {
  readonly folder: string;
  /** Seconds between two calls of fdatasync; 0: one after each write. */
  readonly syncSeconds: number;
  readonly timeZone: string;
  /** Of the index that is served. */
  readonly periods: () => number;
  readonly rings: readonly Ring[];
  readonly log: Logger;
}

export interface RecordingState {
  readonly folder: string;
  /** Written since the start. */
  readonly recorded: { readonly impressions: number; readonly clicks: number; readonly conversions: number };
  /** Clicks that are known already, and not written again. */
  readonly repeatedClicks: number;
  readonly dropped: { readonly impressions: number; readonly clicks: number };
  /** Since the start. */
  readonly closedFiles: number;
  /** Written since the start. */
  readonly bytes: number;
  /** One line, while it cannot write. */
  readonly failure: string | undefined;
  /** Milliseconds since 1970. */
  readonly lastWrite: number | undefined;
}

interface WaitingCommit {
  readonly rows: number;
  readonly resolve: () => void;
  readonly reject: (error: RecordingUnavailableError) => void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #folder: RecordFolder;
  readonly #log: RecorderLog;
  readonly #figures = newFigures();
  readonly #readers: readonly RingReader[];
  readonly #looking: NodeJS.Timeout;
  #thread: Worker | undefined;
  #starting: Promise<void> | undefined;
  #ended: Promise<string> = Promise.resolve("it was not started");
  #deathsInARow = 0;
  #restart: NodeJS.Timeout | undefined;
  #failure: string | undefined;
  readonly #waiting = new Map<number, WaitingCommit>();
  #waitingRows = 0;
  #commits = 0;
  #seenDropped = 0;
  #saidDropped = 0;
  #quietLooks = QUIET_LOOKS;
  #closed: Promise<boolean> | undefined;
  /** The deadline of `close` has passed. */
  #isOver = false;

  private constructor(options: RecorderOptions, folder: RecordFolder, log: RecorderLog) {
    this.#options = options;
    this.#folder = folder;
    this.#log = log;
    this.#readers = options.rings.map((ring) => new RingReader(ring));
    this.#look();
    this.#looking = setInterval(() => {
      this.#look();
    }, LOOK_MS).unref();
  }

  /**
   * Resolves when it records.
   * @throws RecordFolderError, whose message is one line, where the folder cannot be used, or another process records
   * there
   */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const log = new RecorderLog(options.log, options.folder);
    const folder = await RecordFolder.open(options.folder, (note) => {
      log.note(note);
    });
    const recorder = new Recorder(options, folder, log);
    try {
      await recorder.#start();
    } catch (error) {
      clearInterval(recorder.#looking);
      await folder.release();
      throw error;
    }
    log.begun(folder.server);
    return recorder;
  }

  get state(): RecordingState {
    const figures = this.#figures;
    const lastWrite = figures[LAST_WRITE]!;
    return {
      folder: this.#options.folder,
      recorded: {
        impressions: figures[RECORDED_IMPRESSIONS]!,
        clicks: figures[RECORDED_CLICKS]!,
        conversions: figures[RECORDED_CONVERSIONS]!,
      },
      repeatedClicks: figures[REPEATED_CLICKS]!,
      dropped: this.#dropped(),
      closedFiles: figures[CLOSED_FILES]!,
      bytes: figures[BYTES]!,
      failure: this.#failure,
      lastWrite: lastWrite === 0 ? undefined : lastWrite,
    };
  }

  #dropped(): { impressions: number; clicks: number } {
    const dropped = { impressions: 0, clicks: 0 };
    for (const reader of this.#readers) {
      dropped.impressions += reader.dropped.impressions;
      dropped.clicks += reader.dropped.clicks;
    }
    return dropped;
  }

  /**
   * Resolves when the rows are on the disk.
   * @throws RecordingUnavailableError where recording fails now, or too many wait: then they may be sent again
   */
  conversions(rows: readonly Conversion[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined || this.#thread === undefined || this.#closed !== undefined) {
        reject(new RecordingUnavailableError(this.#failure ?? "recording has ended"));
      } else if (this.#waitingRows + rows.length > MAX_WAITING_CONVERSIONS) {
        reject(new RecordingUnavailableError(`${this.#waitingRows} conversions wait for the disk`));
      } else {
        const number = ++this.#commits;
        this.#waiting.set(number, { rows: rows.length, resolve, reject });
        this.#waitingRows += rows.length;
        this.#tell({ kind: "commit", number, rows });
      }
    });
  }

  /**
   * Writes and closes all that is there, once the workers have ended: they write no more into the rings then.
   * @returns false where the thread cannot be ended, as in a call to a disk that hangs: nor can the process by itself
   */
  close(deadlineMs: number): Promise<boolean> {
    return (this.#closed ??= this.#close(deadlineMs));
  }

  async #close(deadlineMs: number): Promise<boolean> {
    clearInterval(this.#looking);
    clearTimeout(this.#restart);
    const ended = this.#end().then(() => true);
    let isEnded = await Promise.race([ended, sleep(deadlineMs, false, UNHEEDED)]);
    if (!isEnded) {
      this.#isOver = true;
      this.#log.unfinished(deadlineMs);
      void this.#thread?.terminate();
      isEnded = await Promise.race([ended, sleep(TERMINATE_MS, false, UNHEEDED)]);
    }
    this.#rejectWaiting("recording has ended");
    return isEnded;
  }

  async #end(): Promise<void> {
    try {
      // One that died has left its events in the rings.
      if (this.#thread === undefined) await this.#start();
      this.#tell({ kind: "close" });
      if (this.#isOver) void this.#thread?.terminate();
    } catch (error) {
      this.#log.failing(messageOf(error));
    }
    await this.#ended;
    await this.#folder.release();
  }

  /** Resolves when the thread is ready. @throws RecordFolderError, or Error where it ended before */
  #start(): Promise<void> {
    return (this.#starting ??= this.#startThread().finally(() => {
      this.#starting = undefined;
    }));
  }

  async #startThread(): Promise<void> {
    const { folder, timeZone, syncSeconds, rings } = this.#options;
    this.#log.recovered(await this.#folder.recover());
    const data: RecorderData = {
      folder,
      server: this.#folder.server,
      start: await this.#folder.newStart(Date.now()),
      syncMs: syncSeconds * 1000,
      timeZone,
      rings,
      figures: this.#figures,
    };
    const thread = new Worker(PROGRAM, { workerData: data });
    this.#thread = thread;
    let reason: string | undefined;
    thread.on("error", (error) => (reason = error instanceof Error ? error.stack : String(error)));
    const begun = performance.now();
    this.#ended = new Promise((resolve) => {
      thread.once("exit", (code) => {
        this.#thread = undefined;
        resolve(reason ?? `it ended with ${code}`);
      });
    });
    await new Promise<void>((resolve, reject) => {
      thread.on("message", (message: FromRecorder) => {
        if (message.kind === "ready") resolve();
        else this.#handle(message);
      });
      void this.#ended.then((why) => {
        reject(new Error(`the recorder thread ended while it started: ${why}`));
      });
    });
    void this.#ended.then((why) => {
      this.#onDeath(why, performance.now() - begun);
    });
  }

  #onDeath(reason: string, lifeMs: number): void {
    if (this.#closed !== undefined) return;
    this.#failure = "the recorder thread died";
    this.#rejectWaiting(this.#failure);
    this.#deathsInARow = lifeMs < SOUND_AFTER_MS ? this.#deathsInARow + 1 : 1;
    const delay = restartDelayMs(this.#deathsInARow);
    this.#log.died(reason, delay);
    this.#startLater(delay);
  }

  #startLater(delay: number): void {
    this.#restart = setTimeout(() => {
      this.#start().then(
        () => {
          this.#failure = undefined;
          this.#log.restarted();
        },
        (error: unknown) => {
          if (this.#closed !== undefined) return;
          this.#failure = messageOf(error);
          const next = restartDelayMs(++this.#deathsInARow);
          this.#log.died(this.#failure, next);
          this.#startLater(next);
        },
      );
    }, delay);
  }

  #handle(message: Exclude<FromRecorder, { kind: "ready" }>): void {
    switch (message.kind) {
      case "committed":
        this.#settle(message.number)?.resolve();
        break;
      case "refused":
        this.#settle(message.number)?.reject(new RecordingUnavailableError(this.#failure ?? "it could not be written"));
        break;
      case "make-folder":
        void this.#makeFolder();
        break;
      case "failing":
        this.#failure = message.reason;
        this.#log.failing(message.reason);
        // The disk may never answer; what it writes nevertheless is a duplicate once it is sent again.
        this.#rejectWaiting(message.reason);
        break;
      case "works":
        this.#failure = undefined;
        this.#log.works();
    }
  }

  #settle(number: number): WaitingCommit | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    this.#waitingRows -= waiting?.rows ?? 0;
    return waiting;
  }

  #rejectWaiting(reason: string): void {
    for (const number of [...this.#waiting.keys()]) this.#settle(number)!.reject(new RecordingUnavailableError(reason));
  }

  async #makeFolder(): Promise<void> {
    try {
      await this.#folder.make();
      this.#log.folderMade();
      this.#tell({ kind: "folder-made", reason: undefined });
    } catch (error) {
      this.#tell({ kind: "folder-made", reason: messageOf(error) });
    }
  }

  #look(): void {
    this.#figures[PERIODS] = this.#options.periods();
    const { impressions, clicks } = this.#dropped();
    const dropped = impressions + clicks;
    const isDropping = dropped !== this.#seenDropped;
    this.#seenDropped = dropped;
    if (isDropping) {
      if (this.#quietLooks >= QUIET_LOOKS) this.#log.dropping();
      this.#quietLooks = 0;
    } else if (this.#quietLooks < QUIET_LOOKS && ++this.#quietLooks === QUIET_LOOKS) {
      this.#log.dropped(dropped - this.#saidDropped);
      this.#saidDropped = dropped;
    }
  }

  #tell(message: ToRecorder): void {
    this.#thread?.postMessage(message);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
