/** The worker threads that serve the public port: start, hand over an index, replace one that has died, drain. */
import { Worker } from "node:worker_threads";
import type { Index } from "../index/format.js";
import { newCounters, type Counters } from "../response/counters.js";
import { CannotListenError } from "./port-claim.js";
import type { FromWorker, ToWorker, WorkerData } from "./messages.js";

const PROGRAM = new URL("worker.js", import.meta.url);

/** A worker that has lived this long has not died "again" when it dies. Milliseconds. */
const SOUND_AFTER = 60_000;
const FIRST_DELAY = 200;
const LONGEST_DELAY = 30_000;

/**
 * Milliseconds until a worker is replaced: none at first, so that a single worker is missed as briefly as can be; then more and more, so
 * that one which cannot live does not keep a core busy with its starts.
 * @param deaths in a row, this one included
 */
export function restartDelay(deaths: number): number {
  return deaths === 1 ? 0 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (deaths - 2));
}

export interface WorkersEvents {
  readonly onDeath: (worker: number, reason: string, restartAfter: number) => void;
  readonly onReplaced: (worker: number) => void;
  readonly onFault: (worker: number, fault: Extract<FromWorker, { kind: "fault" }>) => void;
  readonly onRequest: (worker: number, request: Extract<FromWorker, { kind: "request" }>["request"]) => void;
}

/** What all workers start with, beside what is each one's own. */
export type CommonData = Omit<WorkerData, "counters">;

/** One place among the workers. A thread that dies leaves it to the next, with its counters. */
interface Place {
  /** From 1 on. */
  readonly worker: number;
  readonly counters: Counters;
  thread: Thread | undefined;
  deathsInARow: number;
}

export class Workers {
  readonly #events: WorkersEvents;
  readonly #places: readonly Place[];
  #data: CommonData | undefined;
  #index: Index | undefined;
  #restarts = 0;
  #isEnding = false;

  /** None runs before `start`. */
  constructor(count: number, events: WorkersEvents) {
    this.#events = events;
    this.#places = Array.from({ length: count }, (_, place) => ({
      worker: place + 1,
      counters: newCounters(),
      thread: undefined,
      deathsInARow: 0,
    }));
  }

  /** What each worker has counted, those before it in its place included. */
  get counters(): readonly Counters[] {
    return this.#places.map(({ counters }) => counters);
  }

  /** How many have the port open. */
  get listening(): number {
    return this.#threads.filter(({ isListening }) => isListening).length;
  }

  /** How many have been replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Resolves when all have the port open.
   * @throws CannotListenError
   */
  async start(data: CommonData, index: Index): Promise<void> {
    this.#data = data;
    this.#index = index;
    const threads = this.#places.map((place) => this.#open(place));
    await Promise.all(threads.map(({ opened }) => opened));
    for (const place of this.#places) this.#watch(place);
  }

  /** Hands every worker an index, and resolves when each serves from it. One that is yet to start will start with it. */
  async take(index: Index): Promise<void> {
    this.#index = index;
    await Promise.all(this.#threads.map((thread) => thread.take(index.bytes)));
  }

  /**
   * Has all stop accepting, answer what is in flight and end.
   * @param deadline milliseconds after which connections are cut
   * @returns whether all finished by then
   */
  async drain(deadline: number): Promise<boolean> {
    this.#isEnding = true;
    const finished = await Promise.all(this.#threads.map((thread) => thread.drain(deadline)));
    return finished.every(Boolean);
  }

  /** Has all cut their connections and end. */
  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#threads.map((thread) => thread.leave()));
  }

  /** Those that live. */
  get #threads(): readonly Thread[] {
    return this.#places.flatMap(({ thread }) => thread ?? []);
  }

  #open(place: Place): Thread {
    const { worker, counters } = place;
    const thread = new Thread({ ...this.#data!, counters }, this.#index!.bytes, (message) => {
      if (message.kind === "fault") this.#events.onFault(worker, message);
      else if (message.kind === "request") this.#events.onRequest(worker, message.request);
    });
    place.thread = thread;
    return thread;
  }

  #watch(place: Place): void {
    const thread = place.thread!;
    const start = performance.now();
    void thread.ended.then((reason) => {
      place.thread = undefined;
      if (this.#isEnding) return;
      place.deathsInARow = performance.now() - start < SOUND_AFTER ? place.deathsInARow + 1 : 1;
      const delay = restartDelay(place.deathsInARow);
      this.#events.onDeath(place.worker, reason, delay);
      setTimeout(() => {
        this.#replace(place);
      }, delay);
    });
  }

  #replace(place: Place): void {
    if (this.#isEnding) return;
    this.#restarts++;
    const { opened } = this.#open(place);
    this.#watch(place);
    opened.then(
      () => {
        this.#events.onReplaced(place.worker);
      },
      // It has ended then, and its death is told of.
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
  #onTaken: () => void = () => undefined;

  constructor(data: WorkerData, index: Uint8Array, onMessage: (message: FromWorker) => void) {
    this.#worker = new Worker(PROGRAM, { workerData: data });
    this.#tell({ kind: "take", index });
    let reason: string | undefined;
    this.#worker.on("error", (error) => (reason = error instanceof Error ? error.stack : String(error)));
    this.ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        this.#isListening = false;
        this.#onTaken();
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
        } else if (message.kind === "taken") this.#onTaken();
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

  /** Resolves when it serves from the index, or has ended. */
  take(index: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#onTaken = resolve;
      this.#tell({ kind: "take", index });
    });
  }

  /** Resolves when it has ended: whether all that was in flight was finished. */
  async drain(deadline: number): Promise<boolean> {
    this.#tell({ kind: "drain", deadline });
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
