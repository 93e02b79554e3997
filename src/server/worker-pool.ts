/** Runs the worker threads of the public port: starts, hands over an index, restarts one that died, drains. */
import { Worker } from "node:worker_threads";
import type { Index, IndexParts } from "../index/format.js";
import { newCounters, type Counters } from "../response/counters.js";
import { limitConnections, newConnectionCounts, openConnections, type ConnectionCounts } from "./connection-limit.js";
import "./header-limit.js";
import type { FromWorker, ToWorker, WorkerData, WorkerSettings } from "./messages.js";
import { CannotListenError } from "./cannot-listen.js";

const PROGRAM = new URL("worker.js", import.meta.url);

/** A worker that has lived this long has not died "again" when it dies. */
const SOUND_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;

/**
 * Milliseconds until a worker is restarted: none at first, so that a single worker is missed briefly; then more and
 * more, so that one which cannot live does not keep a core busy with its starts.
 * @param deaths in a row, this one included
 */
export function restartDelay(deaths: number): number {
  return deaths === 1 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 2));
}

export interface PoolEvents {
  readonly onDeath: (worker: number, reason: string, restartAfterMs: number) => void;
  readonly onRestarted: (worker: number) => void;
  readonly onError: (worker: number, error: Extract<FromWorker, { kind: "error" }>) => void;
  readonly onRequest: (worker: number, request: Extract<FromWorker, { kind: "request" }>["request"]) => void;
}

/** A worker's number and counters, which a thread that dies leaves to the next. */
interface Slot {
  /** From 1. */
  readonly worker: number;
  readonly counters: Counters;
  thread: Thread | undefined;
  deathsInARow: number;
}

export class WorkerPool {
  readonly #events: PoolEvents;
  readonly #slots: readonly Slot[];
  readonly #connections: ConnectionCounts;
  #settings: WorkerSettings | undefined;
  #served: () => Index = () => {
    throw new Error("the workers are not started");
  };
  #restarts = 0;
  #isEnding = false;
  /** Set between `prepare` and its end: workers that are due to restart, which must not start with the index before. */
  #waiting: Slot[] | undefined;

  /** None runs before `start`. */
  constructor(count: number, events: PoolEvents) {
    this.#events = events;
    this.#connections = newConnectionCounts(count);
    this.#slots = Array.from({ length: count }, (_, at) => ({
      worker: at + 1,
      counters: newCounters(),
      thread: undefined,
      deathsInARow: 0,
    }));
  }

  /** What each worker has counted, with those before it in its slot. */
  get counters(): readonly Counters[] {
    return this.#slots.map(({ counters }) => counters);
  }

  /** How many have the port open. */
  get listening(): number {
    return this.#threads.filter(({ isListening }) => isListening).length;
  }

  /** How many visitors are connected, and how many may be; 0 for no limit. */
  get connections(): { readonly open: number; readonly limit: number } {
    return { open: openConnections(this.#connections), limit: this.#connections[0]! };
  }

  /** How many have been restarted. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Resolves when all have the port open.
   * @param served the index that a worker starts with
   * @param reserve descriptors that visitors' connections leave free
   * @throws CannotListenError
   */
  async start(settings: WorkerSettings, served: () => Index, reserve: number): Promise<void> {
    this.#settings = settings;
    this.#served = served;
    const threads = this.#slots.map((slot) => this.#open(slot));
    await Promise.all(threads.map(({ opened }) => opened));
    limitConnections(this.#connections, reserve);
    for (const slot of this.#slots) this.#watch(slot);
  }

  /**
   * Has every worker make ready to serve an index, and resolves when each is. `swap` or `discard` must follow.
   * @throws what the first that failed threw; all go on with the index before
   */
  async prepare(index: Index): Promise<void> {
    this.#waiting = [];
    const results = await Promise.all(this.#threads.map((thread) => thread.prepare(index.parts)));
    const failed = results.find((result) => result !== undefined);
    if (failed !== undefined) throw failed.error;
  }

  /** Has every worker serve what was prepared; a worker that starts from now on must be given it by `served`. */
  async swap(): Promise<void> {
    const swapped = this.#threads.map((thread) => thread.swap());
    this.#restartWaiting();
    await Promise.all(swapped);
  }

  /** Has every worker forget what was prepared. */
  discard(): void {
    for (const thread of this.#threads) thread.discard();
    this.#restartWaiting();
  }

  /**
   * Has all stop accepting, finish what is in flight, and end.
   * @param deadlineMs after which connections are cut
   * @returns whether all finished by then
   */
  async drain(deadlineMs: number): Promise<boolean> {
    this.#isEnding = true;
    const finished = await Promise.all(this.#threads.map((thread) => thread.drain(deadlineMs)));
    return finished.every(Boolean);
  }

  /** Has all cut their connections and end. */
  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#threads.map((thread) => thread.leave()));
  }

  /** Those that live. */
  get #threads(): readonly Thread[] {
    return this.#slots.flatMap(({ thread }) => thread ?? []);
  }

  #open(slot: Slot): Thread {
    const { worker, counters } = slot;
    const data = { ...this.#settings!, worker, counters, connections: this.#connections };
    const thread = new Thread(data, this.#served().parts, (message) => {
      if (message.kind === "error") this.#events.onError(worker, message);
      else if (message.kind === "request") this.#events.onRequest(worker, message.request);
    });
    slot.thread = thread;
    return thread;
  }

  #watch(slot: Slot): void {
    const start = performance.now();
    void slot.thread!.ended.then((reason) => {
      slot.thread = undefined;
      // They have ended with it, whether it could count that or not.
      this.#connections[slot.worker] = 0;
      if (this.#isEnding) return;
      slot.deathsInARow = performance.now() - start < SOUND_AFTER_MS ? slot.deathsInARow + 1 : 1;
      const delay = restartDelay(slot.deathsInARow);
      this.#events.onDeath(slot.worker, reason, delay);
      setTimeout(() => {
        if (this.#waiting === undefined) this.#restart(slot);
        else this.#waiting.push(slot);
      }, delay);
    });
  }

  #restartWaiting(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const slot of waiting) this.#restart(slot);
  }

  #restart(slot: Slot): void {
    if (this.#isEnding) return;
    this.#restarts++;
    const { opened } = this.#open(slot);
    this.#watch(slot);
    opened.then(
      () => {
        this.#events.onRestarted(slot.worker);
      },
      // It has ended then, which is an event of its own.
      () => undefined,
    );
  }
}

/** One thread, from its start to its end. */
class Thread {
  /** Rejects where it ends before the port is open. */
  readonly opened: Promise<void>;
  /** Resolves with the reason. */
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  #isListening = false;
  #finished = false;
  /** Settles `prepare`, and `swap`. */
  #onPrepared: (failed?: { readonly error: unknown }) => void = () => undefined;
  #onSwapped: () => void = () => undefined;

  constructor(data: WorkerData, index: IndexParts, onMessage: (message: FromWorker) => void) {
    this.#worker = new Worker(PROGRAM, { workerData: data });
    this.#tell({ kind: "start", index });
    let reason: string | undefined;
    this.#worker.on("error", (error) => (reason = error instanceof Error ? error.stack : String(error)));
    this.ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#isListening = false;
        // A worker that has died is not in the way of a reload: the one that replaces it starts with the new index.
        this.#onPrepared();
        this.#onSwapped();
        resolve(reason ?? `it ended with ${code}`);
      });
    });
    this.opened = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: FromWorker) => {
        if (message.kind === "listening") {
          this.#isListening = true;
          resolve();
        } else if (message.kind === "cannot-listen") {
          const error = new CannotListenError(data.host, data.port);
          reason = error.message;
          reject(error);
        } else if (message.kind === "ready") this.#onPrepared();
        else if (message.kind === "failed") this.#onPrepared(message);
        else if (message.kind === "swapped") this.#onSwapped();
        else if (message.kind === "drained") this.#finished = message.finished;
        else onMessage(message);
      });
      void this.ended.then((why) => {
        reject(new Error(`a worker thread ended while it started: ${why}`));
      });
    });
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Resolves when it is ready or has ended, or with the error where it failed. */
  prepare(index: IndexParts): Promise<{ readonly error: unknown } | undefined> {
    return new Promise((resolve) => {
      this.#onPrepared = resolve;
      this.#tell({ kind: "prepare", index });
    });
  }

  /** Resolves when it serves what it prepared, or has ended. */
  swap(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSwapped = resolve;
      this.#tell({ kind: "swap" });
    });
  }

  discard(): void {
    this.#tell({ kind: "discard" });
  }

  /** Resolves when it has ended: whether all that was in flight was finished. */
  async drain(deadlineMs: number): Promise<boolean> {
    this.#tell({ kind: "drain", deadlineMs });
    await this.ended;
    return this.#finished;
  }

  async leave(): Promise<void> {
    this.#tell({ kind: "leave" });
    await this.ended;
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
