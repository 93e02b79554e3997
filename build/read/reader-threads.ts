/** Reads files on several threads, each file on one, ahead of who takes their rows; they are taken file by file in order. */
import { on } from "node:events";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort, type ResourceLimits } from "node:worker_threads";
import { DataError } from "../data-error.js";
import type { EventReader, ReadProgress } from "./event-reader.js";
import type { FoundFile } from "./find.js";
import type { ReadFile } from "./csv-rows.js";
import type { Answer, Job, ThreadData } from "./reader-thread.js";
import { sizeOf, takeBatch, type BatchTaker } from "./row-batch.js";

/** Some 30 million clicks: while those of one file are taken, those of the next are read. */
const MOST_AHEAD = 512 * 2 ** 20;

export class ReaderThreads implements EventReader {
  readonly #threads: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Job[] = [];
  readonly #announced = new Map<FoundFile, MessagePort>();
  /** Aborted with what made a thread end, or the reason given to `abort`. */
  readonly #failure = new AbortController();
  /** Rows and bytes of each thread, which it alone writes. */
  readonly #counters: Float64Array;

  /**
   * @param mostAhead bytes of batches that all threads together may have read and nobody taken
   * @param resourceLimits of each thread
   */
  constructor(count: number, mostAhead = MOST_AHEAD, resourceLimits: ResourceLimits = {}) {
    this.#counters = new Float64Array(new SharedArrayBuffer(count * 2 * Float64Array.BYTES_PER_ELEMENT));
    this.#threads = Array.from({ length: count }, (_, thread) => {
      const workerData: ThreadData = {
        mostAhead: mostAhead / count,
        counters: this.#counters.subarray(thread * 2, thread * 2 + 2),
      };
      const worker = new Worker(join(import.meta.dirname, "reader-thread.js"), {
        workerData,
        resourceLimits,
        // What this process was started with, a loader or an inspector, is not for them.
        execArgv: [],
      });
      worker.on("message", () => {
        this.#give(worker);
      });
      worker.on("error", (error) => {
        this.#failure.abort(error);
      });
      return worker;
    });
    this.#idle = [...this.#threads];
  }

  async digest(files: readonly FoundFile[]): Promise<string[]> {
    const ports = files.map((file) => this.#ask("digest", file));
    const digests: string[] = [];
    for (const port of ports)
      for await (const answer of this.#answers(port)) {
        if (!("digest" in answer)) continue;
        digests.push(answer.digest);
        break;
      }
    return digests;
  }

  announce(files: readonly FoundFile[]): void {
    for (const file of files) this.#announced.set(file, this.#ask("read", file));
  }

  async read(file: FoundFile, taker: BatchTaker): Promise<ReadFile> {
    const port = this.#announced.get(file);
    if (port === undefined) throw new Error(`${file.path}: was not announced`);
    this.#announced.delete(file);
    for await (const answer of this.#answers(port)) {
      if ("read" in answer) return answer.read;
      if (!("batch" in answer)) continue;
      takeBatch(answer.batch, taker);
      port.postMessage(sizeOf(answer.batch));
    }
    throw new Error(`${file.path}: its rows did not come to an end`);
  }

  progress(): ReadProgress {
    const sum = (from: number): number =>
      this.#counters.reduce((sum, count, at) => (at % 2 === from ? sum + count : sum), 0);
    return { rows: sum(0), bytes: sum(1) };
  }

  abort(reason: Error): void {
    this.#failure.abort(reason);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  /** Queues a job; what comes of it waits at the port until it is listened to. */
  #ask(task: Job["task"], { kind, path }: FoundFile): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#waiting.push({ task, file: { kind, path }, port: port2 });
    const thread = this.#idle.pop();
    if (thread !== undefined) this.#give(thread);
    return port1;
  }

  #give(thread: Worker): void {
    const job = this.#waiting.shift();
    if (job === undefined) this.#idle.push(thread);
    else thread.postMessage(job, [job.port]);
  }

  async *#answers(port: MessagePort): AsyncGenerator<Answer> {
    try {
      for await (const [answer] of on(port, "message", { signal: this.#failure.signal }) as AsyncIterable<[Answer]>) {
        if ("error" in answer) throw thrown(answer.error);
        yield answer;
      }
    } catch (error) {
      throw this.#failure.signal.aborted ? this.#failure.signal.reason : error;
    } finally {
      port.close();
    }
  }
}

/** The error that a thread told of: its class does not come along. */
function thrown({ name, message, stack, code, path }: NodeJS.ErrnoException): Error {
  const error = name === "DataError" ? new DataError(message) : new Error(message);
  return Object.assign(error, stack && { stack }, code && { code }, path && { path });
}
