/** Records: takes events out of the rings, and writes them to the files of the folder. */
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { PeriodClock } from "../decision/period.js";
import type { Chunk } from "./event-file.js";
import type { RecordedKind } from "./event-kinds.js";
import {
  BYTES,
  CLOSED_FILES,
  LAST_WRITE,
  PERIODS,
  RECORDED_CLICKS,
  RECORDED_CONVERSIONS,
  RECORDED_IMPRESSIONS,
  REPEATED_CLICKS,
  type Figures,
} from "./figures.js";
import { ImpressionCounts } from "./impression-counts.js";
import { Journal } from "./journal.js";
import { RecentIds } from "./recent-ids.js";
import { RingReader, type Ring, type RingEvents } from "./ring.js";
import { clickRow, conversionRow, impressionRow, type Conversion } from "./rows.js";

/** What waits for a disk that does not write, about 100 MB; then the rings fill, and drop. */
const MAX_WAITING_IMPRESSIONS = 2 ** 20;
const MAX_WAITING_CLICKS = 2 ** 18;
/** About four megabytes: a write that fails is done again whole. */
const CHUNK_ROWS = 65_536;
const REMEMBERED_CLICKS = 100_000;
/** A full disk may have room for a few bytes. */
const PROBE_BYTES = 65_536;
const PROBE = ".probe";
/** No disk that works takes as long: of a network, say, whose server is away. */
const HANG_MS = 10_000;

export interface RecordingOptions {
  readonly folder: string;
  readonly server: string;
  readonly start: string;
  readonly syncMs: number;
  readonly timeZone: string;
  readonly rings: readonly Ring[];
  readonly figures: Figures;
}

export interface RecordingEvents {
  /** Makes the folder anew. */
  readonly makeFolder: () => Promise<void>;
  /** Once a change. */
  readonly onFailing: (reason: string) => void;
  readonly onWorks: () => void;
}

interface WaitingConversions {
  readonly rows: readonly Conversion[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Recording {
  readonly #options: RecordingOptions;
  readonly #events: RecordingEvents;
  readonly #now: () => number;
  readonly #readers: readonly RingReader[];
  readonly #journals: Readonly<Record<RecordedKind, Journal>>;
  readonly #recentIds = new RecentIds(REMEMBERED_CLICKS);
  /** Two take turns: one counts while the other is written. */
  #counting = new ImpressionCounts();
  #writing = new ImpressionCounts();
  #clicks: string[] = [];
  #conversions: WaitingConversions[] = [];
  #committing: Promise<void> | undefined;
  #flushing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  #lastSyncMs = -Infinity;
  #failure: string | undefined;
  #isFolderMissing = false;
  /** When each of what the disk has not done yet began. */
  readonly #begun = new Set<{ readonly atMs: number }>();
  readonly #hangMs: number;
  #clock: PeriodClock;
  #clockPeriods: number;

  /** @param now milliseconds since 1970 */
  constructor(options: RecordingOptions, events: RecordingEvents, now: () => number = Date.now, hangMs = HANG_MS) {
    this.#hangMs = hangMs;
    this.#options = options;
    this.#events = events;
    this.#now = now;
    this.#readers = options.rings.map((ring) => new RingReader(ring));
    this.#clockPeriods = options.figures[PERIODS]!;
    this.#clock = new PeriodClock(options.timeZone, this.#clockPeriods);
    this.#journals = {
      impressions: this.#journalOf("impressions", RECORDED_IMPRESSIONS),
      clicks: this.#journalOf("clicks", RECORDED_CLICKS),
      conversions: this.#journalOf("conversions", RECORDED_CONVERSIONS),
    };
  }

  #journalOf(kind: RecordedKind, recorded: number): Journal {
    const { folder, server, start, figures } = this.#options;
    return new Journal({
      kind,
      folder,
      server,
      start,
      makeFolder: () => this.#makeFolder(),
      onWritten: (events, bytes) => {
        figures[recorded]! += events;
        figures[BYTES]! += bytes;
        figures[LAST_WRITE] = this.#now();
      },
      onClosed: () => {
        figures[CLOSED_FILES]!++;
      },
    });
  }

  /** Again and again until it succeeds: a folder that somebody else has made meanwhile is not locked. */
  async #makeFolder(): Promise<void> {
    this.#isFolderMissing = true;
    await this.#events.makeFolder();
    this.#isFolderMissing = false;
  }

  /** Takes what is in the rings, as far as there is room for it. @returns whether all is taken */
  drain(): boolean {
    let isAll = true;
    for (const reader of this.#readers) {
      const room = this.#room();
      const taken = reader.read(this.#ringEvents, room);
      if (taken === room) isAll = false;
    }
    return isAll;
  }

  #room(): number {
    const impressions = MAX_WAITING_IMPRESSIONS - this.#counting.size - this.#writing.size;
    return Math.max(0, Math.min(impressions, MAX_WAITING_CLICKS - this.#clicks.length));
  }

  readonly #ringEvents: RingEvents = {
    impression: (seconds, campaign, banner) => {
      this.#counting.add(seconds, campaign, banner);
    },
    click: (seconds, campaign, banner, words) => {
      let id = "";
      for (const word of words) id += word.toString(16).padStart(8, "0");
      if (this.#recentIds.add(id)) this.#clicks.push(clickRow(seconds, id, campaign, banner));
      else this.#options.figures[REPEATED_CLICKS]!++;
    },
  };

  /** Writes what was taken; one call serves all that come while it runs. Errors are told as events. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#watched(this.#flush()).finally(() => {
      this.#flushing = undefined;
    }));
  }

  async #flush(): Promise<void> {
    try {
      if (this.#isFolderMissing) await this.#makeFolder();
      if (this.#failure !== undefined) await this.#probe();
      await this.#write();
      if (this.#options.syncMs === 0) await this.#sync();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#failure !== undefined) {
      this.#failure = undefined;
      this.#events.onWorks();
    }
    if (performance.now() - this.#lastSyncMs >= this.#options.syncMs) this.#beginSync();
  }

  /** All kinds at once, so that none waits for the end of another's file. */
  async #write(): Promise<void> {
    const { impressions, clicks, conversions } = this.#journals;
    const border = this.#border();
    const results = await Promise.allSettled([
      impressions.write(() => this.#nextImpressions(), border),
      clicks.write(() => this.#nextClicks(), border),
      conversions.write(() => undefined, border),
    ]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  /** Without it, a recorder that has nothing to write took a full disk for one that works. */
  async #probe(): Promise<void> {
    const path = join(this.#options.folder, PROBE);
    try {
      const file = await open(path, "w");
      try {
        await file.writeFile(Buffer.alloc(PROBE_BYTES));
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await this.#makeFolder();
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Beside the writes that follow, so that a slow disk keeps none of them waiting. */
  #beginSync(): void {
    this.#syncing ??= this.#watched(this.#sync())
      .catch((error: unknown) => {
        this.#fail(error);
      })
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  async #sync(): Promise<void> {
    this.#lastSyncMs = performance.now();
    for (const journal of [this.#journals.impressions, this.#journals.clicks])
      await journal.sync().catch((error: unknown) => {
        // The next write finds that the folder is gone, and takes these rows elsewhere.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      });
  }

  #nextImpressions(): Chunk | undefined {
    if (this.#writing.size === 0) {
      if (this.#counting.size === 0) return undefined;
      [this.#counting, this.#writing] = [this.#writing, this.#counting];
    }
    let rows = "";
    let events = 0;
    this.#writing.take(CHUNK_ROWS, (seconds, campaign, banner, count) => {
      rows += impressionRow(seconds, campaign, banner, count);
      events += count;
    });
    return { rows: Buffer.from(rows), events, isCounted: false };
  }

  #nextClicks(): Chunk | undefined {
    if (this.#clicks.length === 0) return undefined;
    const rows = this.#clicks.splice(0, CHUNK_ROWS);
    return { rows: Buffer.from(rows.join("")), events: rows.length, isCounted: false };
  }

  /** When the present period ends; it is another in each. */
  #border(): number {
    const periods = this.#options.figures[PERIODS]!;
    if (periods !== this.#clockPeriods) {
      this.#clock = new PeriodClock(this.#options.timeZone, periods);
      this.#clockPeriods = periods;
    }
    return this.#clock.nextAt(this.#now());
  }

  /** Resolves when the rows are on the disk, with those of others that came meanwhile. @throws the system's errors */
  commit(rows: readonly Conversion[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#conversions.push({ rows, resolve, reject });
      this.#committing ??= this.#commit().finally(() => {
        this.#committing = undefined;
      });
    });
  }

  async #commit(): Promise<void> {
    while (this.#conversions.length > 0) {
      // The click before its conversion: a build that comes between the two would take that for an orphan.
      this.drain();
      await this.flush();
      const waiting = this.#conversions;
      this.#conversions = [];
      const seconds = Math.floor(this.#now() / 1000);
      const rows = waiting.flatMap((each) => each.rows.map((row) => conversionRow(seconds, row)));
      const chunk = { rows: Buffer.from(rows.join("")), events: rows.length, isCounted: false };
      try {
        await this.#watched(this.#journals.conversions.commit(chunk, this.#border()));
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        this.#fail(error);
        for (const { reject } of waiting) reject(error);
      }
    }
  }

  #watched<Result>(task: Promise<Result>): Promise<Result> {
    const begun = { atMs: performance.now() };
    this.#begun.add(begun);
    return task.finally(() => this.#begun.delete(begun));
  }

  /** A disk that hangs tells of no error. To be called now and then. */
  noticeHang(): void {
    const latestMs = performance.now() - this.#hangMs;
    if (this.#failure === undefined && [...this.#begun].some(({ atMs }) => atMs <= latestMs))
      this.#fail(new Error(`the disk has not answered for ${this.#hangMs / 1000} s`));
  }

  #fail(error: unknown): void {
    const isNew = this.#failure === undefined;
    this.#failure = String(error instanceof Error ? error.message : error).split("\n", 1)[0]!;
    if (isNew) this.#events.onFailing(this.#failure);
  }

  /** Writes and closes all that is there. @returns false where it failed: then it may be called again */
  async finish(): Promise<boolean> {
    await this.#committing;
    const isAll = this.drain();
    // A call that runs may have begun before.
    await this.#flushing;
    await this.flush();
    await this.#syncing;
    if (this.#failure !== undefined || !isAll) return false;
    try {
      for (const journal of Object.values(this.#journals)) await journal.finish();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }
}
