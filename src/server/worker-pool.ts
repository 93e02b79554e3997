/** Runs the worker threads of the public port: starts, hands over an index, restarts one that died, drains. */
import { Worker } from "node:worker_threads";
import type { Index, IndexParts } from "../index/format.js";
import { HEARTBEATS, newCounters, type Counters } from "../response/counters.js";
import { CannotListenError } from "./cannot-listen.js";
import { limitConnections, newConnectionCounts, openConnections, type ConnectionCounts } from "./connection-limit.js";
import "./header-limit.js";
import type { FromWorker, ToWorker, WorkerData, WorkerSettings } from "./messages.js";

const PROGRAM = new URL("worker.js", import.meta.url);

/** A worker that has lived this long has not died "again" when it dies. */
const SOUND_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;

const LOOK_EVERY_MS = 1000;
/** A worker has beaten several times between two looks. One without a beat at so many looks in a row hangs. */
const HUNG_AFTER_LOOKS = 3;

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
  readonly onHang: (worker: number) => void;
  /** A worker that hung goes on. */
  readonly onResumed: (worker: number) => void;
  /** A worker has hung for the time that is set; called once. */
  readonly onStuck: (worker: number) => void;
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
  readonly #hangTimeout: number;
  #restarts = 0;
  #hangs = 0;
  #isEnding = false;
  /** Set between `prepare` and its end: workers that are due to restart, which must not start with the index before. */
  #waiting: Slot[] | undefined;

  /**
   * None runs before `start`.
   * @param hangTimeout seconds that a worker may hang before it counts as stuck; 0 for ever
   */
  constructor(count: number, hangTimeout: number, events: PoolEvents) {
    this.#hangTimeout = hangTimeout;
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

  /** Those that hang now, by number. */
  get hung(): readonly number[] {
    return this.#slots.filter(({ thread }) => thread?.isHung === true).map(({ worker }) => worker);
  }

  /** How many times one has begun to hang. */
  get hangs(): number {
    return this.#hangs;
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
    setInterval(() => {
      for (const slot of this.#slots) this.#look(slot);
    }, LOOK_EVERY_MS).unref();
  }

  /**
   * Has every worker let go of all indexes but the one that is served, and resolves when each has.
   * @throws Error where one hangs; its message is one line
   */
  async release(): Promise<void> {
    await this.#ask((thread) => thread.ask({ kind: "release" }, "released"));
  }

  /**
   * Has every worker make ready to serve an index, and resolves when each is. `swap` or `discard` must follow.
   * @throws what the first that failed threw; all go on with the index before
   */
  async prepare(index: Index): Promise<void> {
    this.#waiting = [];
    await this.#ask((thread) => thread.ask({ kind: "prepare", index: index.parts }, "ready"));
  }

  /**
   * Has every worker serve what was prepared; a worker that starts from now on must be given it by `served`. One that
   * hangs serves nothing meanwhile, and does so when it goes on.
   */
  async swap(): Promise<void> {
    const swapped = this.#threads.map((thread) => thread.ask({ kind: "swap" }, "swapped"));
    this.#restartWaiting();
    await Promise.all(swapped);
  }

  /** @throws what the first that failed threw */
  async #ask(question: (thread: Thread) => Promise<Failed | undefined>): Promise<void> {
    const results = await Promise.all(this.#threads.map(question));
    const failed = results.find((result) => result !== undefined);
    if (failed !== undefined) throw failed.error;
  }

  /** Has every worker forget what was prepared. */
  discard(): void {
    for (const thread of this.#threads) thread.discard();
    this.#restartWaiting();
  }

  /**
   * Has all stop accepting, finish what is in flight, and end. Those that hang are not waited for.
   * @param deadlineMs after which connections are cut
   * @returns whether all finished by then
   */
  async drain(deadlineMs: number): Promise<boolean> {
    this.#isEnding = true;
    const finished = await Promise.all(
      this.#threads.map((thread) => {
        const drained = thread.drain(deadlineMs);
        return thread.isHung ? Promise.resolve(false) : drained;
      }),
    );
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

  #look({ worker, thread }: Slot): void {
    if (thread === undefined) return;
    const wasHung = thread.isHung;
    const silentLooks = thread.look();
    const isHung = silentLooks >= HUNG_AFTER_LOOKS;
    if (isHung && !wasHung) {
      this.#hangs++;
      this.#events.onHang(worker);
    }
    if (wasHung && !isHung) this.#events.onResumed(worker);
    if (silentLooks === Math.max(HUNG_AFTER_LOOKS, this.#hangTimeout) && this.#hangTimeout > 0)
      this.#events.onStuck(worker);
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

interface Failed {
  readonly error: unknown;
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
  readonly #number: number;
  readonly #counters: Counters;
  #lastBeat: number;
  #silentLooks = 0;
  /** What is being waited for, and what settles it. */
  #awaited: FromWorker["kind"] | undefined;
  #onReply: (failed?: Failed) => void = () => undefined;

  constructor(data: WorkerData, index: IndexParts, onMessage: (message: FromWorker) => void) {
    this.#number = data.worker;
    this.#counters = data.counters;
    this.#lastBeat = data.counters[HEARTBEATS]!;
    this.#worker = new Worker(PROGRAM, { workerData: data });
    this.#tell({ kind: "start", index });
    let reason: string | undefined;
    this.#worker.on("error", (error) => (reason = error instanceof Error ? error.stack : String(error)));
    this.ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#isListening = false;
        // A worker that has died is not in the way of a reload: the one that replaces it starts with the new index.
        this.#onReply();
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
        } else if (message.kind === this.#awaited) this.#onReply();
        else if (message.kind === "failed" && this.#awaited === "ready") this.#onReply(message);
        else if (message.kind === "drained") this.#finished = message.finished;
        else if (message.kind === "error" || message.kind === "request") onMessage(message);
      });
      void this.ended.then((why) => {
        reject(new Error(`a worker thread ended while it started: ${why}`));
      });
    });
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  get isHung(): boolean {
    return this.#silentLooks >= HUNG_AFTER_LOOKS;
  }

  /**
   * Looks for a beat, which must be done each second: looks are counted, not time, so that a machine that was suspended
   * or a main thread that was busy makes nobody hang. What is waited for fails where it hangs.
   * @returns how many looks in a row have found none
   */
  look(): number {
    const beat = this.#counters[HEARTBEATS]!;
    if (beat !== this.#lastBeat) this.#silentLooks = 0;
    // None beats while it is loaded.
    else if (this.#isListening) this.#silentLooks++;
    this.#lastBeat = beat;
    if (this.isHung) this.#onReply({ error: new Error(`worker ${this.#number} did not answer: it hangs`) });
    return this.#silentLooks;
  }

  /** Resolves when it has replied or ended, or with the error where it failed or hangs. */
  ask(message: ToWorker, reply: FromWorker["kind"]): Promise<Failed | undefined> {
    return new Promise((resolve) => {
      this.#awaited = reply;
      this.#onReply = resolve;
      this.#tell(message);
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
