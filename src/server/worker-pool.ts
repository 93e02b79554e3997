/** Runs the worker threads of the public port: starts, hands over an index, restarts one that died, drains. */
import type { Index } from "../index/format.js";
import { newCounters, type Counters } from "../response/counters.js";
import { LastTurnedAway, type TurnedAwayOrigin } from "../response/turned-away.js";
import { limitConnections, newConnectionCounts, openConnections, type ConnectionCounts } from "./connection-limit.js";
import "./header-limit.js";
import type { FromWorker, WorkerSettings } from "./messages.js";
import { WorkerThread, type Failed } from "./worker-thread.js";

/** A death after so long a life begins a new row of deaths. */
const SOUND_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;

const LOOK_EVERY_MS = 1000;

/** In ms: 0 at first, so that a worker is missed briefly; then more, lest one that cannot live keep a core busy. */
export function restartDelay(deaths: number): number {
  return deaths === 1 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (deaths - 2));
}

export interface PoolEvents {
  readonly onDeath: (worker: number, reason: string, restartAfterMs: number) => void;
  readonly onRestarted: (worker: number) => void;
  readonly onHang: (worker: number) => void;
  readonly onResumed: (worker: number) => void;
  /** Called each second once a worker has hung for `hangTimeout`. */
  readonly onStuck: (worker: number) => void;
  readonly onError: (worker: number, error: Extract<FromWorker, { kind: "error" }>) => void;
  readonly onRequest: (worker: number, request: Extract<FromWorker, { kind: "request" }>["request"]) => void;
}

/** The counters outlive the thread, which leaves them to the next. */
interface Slot {
  readonly worker: number;
  readonly counters: Counters;
  thread: WorkerThread | undefined;
  deathsInARow: number;
}

export class WorkerPool {
  readonly #events: PoolEvents;
  readonly #slots: readonly Slot[];
  readonly #connections: ConnectionCounts;
  readonly #turnedAway = new LastTurnedAway();
  #settings: WorkerSettings | undefined;
  #served: () => Index = () => {
    throw new Error("the workers are not started");
  };
  readonly #hangTimeout: number;
  #restarts = 0;
  #hangs = 0;
  #isEnding = false;
  /** Workers due to restart after `prepare`, which wait for its end so as not to start with the old index. */
  #waiting: Slot[] | undefined;

  /** @param hangTimeout seconds that a worker may hang before it counts as stuck; 0 for ever */
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

  get counters(): readonly Counters[] {
    return this.#slots.map(({ counters }) => counters);
  }

  get listening(): number {
    return this.#threads.filter(({ isListening }) => isListening).length;
  }

  get connections(): { readonly open: number; readonly limit: number } {
    return { open: openConnections(this.#connections), limit: this.#connections[0]! };
  }

  get turnedAway(): readonly TurnedAwayOrigin[] {
    return this.#turnedAway.origins;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get hung(): readonly number[] {
    return this.#slots.filter(({ thread }) => thread?.isHung === true).map(({ worker }) => worker);
  }

  get hangs(): number {
    return this.#hangs;
  }

  /** Resolves when all have the port open; a worker starts with what `served` returns. @throws CannotListenError */
  async start(settings: WorkerSettings, served: () => Index, reserve: number): Promise<void> {
    this.#settings = settings;
    this.#served = served;
    const threads = this.#slots.map((slot) => this.#open(slot));
    setInterval(() => {
      for (const slot of this.#slots) this.#look(slot);
    }, LOOK_EVERY_MS).unref();
    await Promise.all(threads.map(({ opened }) => opened));
    limitConnections(this.#connections, reserve);
    for (const slot of this.#slots) this.#watch(slot);
  }

  /** Resolves when all have let go of old indexes. @throws Error, whose message is one line, where one hangs */
  async release(): Promise<void> {
    await this.#ask((thread) => thread.ask({ kind: "release" }, "released"));
  }

  /** `swap` or `discard` must follow. @throws what the first that failed threw; all go on with the old index */
  async prepare(index: Index): Promise<void> {
    this.#waiting = [];
    await this.#ask((thread) => thread.ask({ kind: "prepare", index: index.parts }, "ready"));
  }

  /** `served` must return the new index from now on. A worker that hangs swaps when it goes on. */
  async swap(): Promise<void> {
    const swapped = this.#threads.map((thread) => thread.ask({ kind: "swap" }, "swapped"));
    this.#restartWaiting();
    await Promise.all(swapped);
  }

  async #ask(question: (thread: WorkerThread) => Promise<Failed | undefined>): Promise<void> {
    const results = await Promise.all(this.#threads.map(question));
    const failed = results.find((result) => result !== undefined);
    if (failed !== undefined) throw failed.error;
  }

  discard(): void {
    for (const thread of this.#threads) thread.discard();
    this.#restartWaiting();
  }

  /** Cuts what is left after the deadline, and does not wait for workers that hang; returns whether all finished. */
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

  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#threads.map((thread) => thread.leave()));
  }

  get #threads(): readonly WorkerThread[] {
    return this.#slots.flatMap(({ thread }) => thread ?? []);
  }

  #open(slot: Slot): WorkerThread {
    const { worker, counters } = slot;
    const data = { ...this.#settings!, worker, counters, connections: this.#connections };
    const thread = new WorkerThread(data, this.#served().parts, (message) => {
      if (message.kind === "error") this.#events.onError(worker, message);
      else if (message.kind === "request") this.#events.onRequest(worker, message.request);
      else if (message.kind === "turned-away") this.#turnedAway.add(message.origins);
    });
    slot.thread = thread;
    return thread;
  }

  #watch(slot: Slot): void {
    const start = performance.now();
    void slot.thread!.ended.then((reason) => {
      slot.thread = undefined;
      // Its connections have ended with it, whether it could count that or not.
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
    const { isHung } = thread;
    if (isHung && !wasHung) {
      this.#hangs++;
      this.#events.onHang(worker);
    }
    if (wasHung && !isHung) this.#events.onResumed(worker);
    if (isHung && this.#hangTimeout > 0 && silentLooks >= this.#hangTimeout) this.#events.onStuck(worker);
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
      // It has ended then, which `#watch` reports.
      () => undefined,
    );
  }
}
