/** Runs one worker thread, from its start to its end, and tells whether it hangs. */
import { Worker } from "node:worker_threads";
import type { IndexParts } from "../index/format.js";
import { HEARTBEATS, type Counters } from "../response/counters.js";
import { CannotListenError } from "./cannot-listen.js";
import type { FromWorker, ToWorker, WorkerData } from "./messages.js";

const PROGRAM = new URL("worker.js", import.meta.url);

/** A worker beats several times between two looks, and hangs after so many looks without a beat. */
const HUNG_AFTER_LOOKS = 3;
/** One that does not listen yet: threads start slowly on a busy machine. */
const HUNG_AFTER_LOOKS_AT_START = 10;

export interface Failed {
  readonly error: unknown;
}

export class WorkerThread {
  /** Rejects where the thread ends before the port is open. */
  readonly opened: Promise<void>;
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  #isListening = false;
  #finished = false;
  readonly #number: number;
  readonly #counters: Counters;
  #lastBeat: number;
  #silentLooks = 0;
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
        // A reload does not wait for a worker that has died: its successor starts with the new index.
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
        else if (message.kind === "failed") this.#onReply(message);
        else if (message.kind === "drained") this.#finished = message.finished;
        else if (message.kind === "error" || message.kind === "request" || message.kind === "turned-away")
          onMessage(message);
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
    return this.#silentLooks >= (this.#isListening ? HUNG_AFTER_LOOKS : HUNG_AFTER_LOOKS_AT_START);
  }

  /** Counts looks, not time: neither a suspended machine nor a busy main thread makes a worker hang. */
  look(): number {
    const beat = this.#counters[HEARTBEATS]!;
    if (beat !== this.#lastBeat) this.#silentLooks = 0;
    else this.#silentLooks++;
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
