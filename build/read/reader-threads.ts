/** Reads files on several threads, each file on one, ahead of their delivery, which goes file by file in order. */
import { EventEmitter, on, once } from "node:events";
import { join } from "node:path";
import { Worker, type MessagePort, type ResourceLimits } from "node:worker_threads";
import { FileError } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";
import { NO_OPTIONS } from "./event-file.js";
import type { EventReader, ReadProgress } from "./event-reader.js";
import type { FoundFile } from "./find.js";
import type { Job, Jobs, Reply, Taken, ThreadData } from "./reader-thread.js";
import { deliver, sizeOf, type BatchSink } from "./row-batch.js";
import type { FileSummary } from "./text-file.js";

/** Some 30 million clicks: the next file is read while one is delivered. */
const MAX_AHEAD_BYTES = 512 * 2 ** 20;

export class ReaderThreads implements EventReader {
  readonly #threads: Worker[];
  /** The job of each file that is announced, by its number. */
  readonly #announced = new Map<FoundFile, number>();
  #jobs = 0;
  /** Of the jobs that a thread has taken. */
  readonly #ports = new Map<number, MessagePort>();
  readonly #taken = new EventEmitter();
  /** Aborted with the error that ended a thread, or the reason given to `abort`. */
  readonly #failure = new AbortController();
  readonly #counters: Float64Array;

  /** @param maxAhead bytes that all threads together may have read and not delivered */
  constructor(count: number, options = NO_OPTIONS, maxAhead = MAX_AHEAD_BYTES, resourceLimits: ResourceLimits = {}) {
    this.#counters = new Float64Array(new SharedArrayBuffer(count * 2 * Float64Array.BYTES_PER_ELEMENT));
    this.#threads = Array.from({ length: count }, (_, thread) => {
      const workerData: ThreadData = {
        options,
        maxAhead: maxAhead / count,
        counters: this.#counters.subarray(thread * 2, thread * 2 + 2),
      };
      const worker = new Worker(join(import.meta.dirname, "../read/reader-thread.js"), {
        workerData,
        resourceLimits,
        // Without the loader or the inspector that this process may have been started with.
        execArgv: [],
      });
      worker.on("message", ({ job, port }: Taken) => {
        this.#ports.set(job, port);
        this.#taken.emit("taken");
      });
      worker.on("error", (error) => {
        this.#failure.abort(error);
      });
      return worker;
    });
  }

  async digest(files: readonly FoundFile[]): Promise<string[]> {
    const first = this.#queue("digest", files);
    const digests: string[] = [];
    for (let job = first; job < first + files.length; job++)
      for await (const { reply } of this.#replies(job)) {
        if (!("digest" in reply)) continue;
        digests.push(reply.digest);
        break;
      }
    return digests;
  }

  announce(files: readonly FoundFile[]): void {
    const first = this.#queue("read", files);
    files.forEach((file, at) => this.#announced.set(file, first + at));
  }

  async read(file: FoundFile, sink: BatchSink): Promise<FileSummary> {
    const job = this.#announced.get(file);
    if (job === undefined) throw new Error(`${file.path}: was not announced`);
    this.#announced.delete(file);
    for await (const { reply, port } of this.#replies(job)) {
      if ("summary" in reply) return reply.summary;
      if (!("batch" in reply)) continue;
      deliver(reply.batch, sink);
      port.postMessage(sizeOf(reply.batch));
    }
    throw new Error(`${file.path}: its rows did not end`);
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

  /** Returns the number of the first job. */
  #queue(task: Job["task"], files: readonly FoundFile[]): number {
    const jobs = files.map(({ kind, path, bytes, modified, digest }): Job => {
      return { task, file: { kind, path, bytes, modified, digest } };
    });
    const first = this.#jobs;
    this.#jobs += jobs.length;
    // Threads take them by themselves: this one may be busy with what they have read.
    const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    for (const thread of this.#threads) thread.postMessage({ jobs, first, taken } satisfies Jobs);
    return first;
  }

  async *#replies(job: number): AsyncGenerator<{ readonly reply: Reply; readonly port: MessagePort }> {
    const { signal } = this.#failure;
    let port: MessagePort | undefined;
    try {
      while ((port = this.#ports.get(job)) === undefined) await once(this.#taken, "taken", { signal });
      for await (const [reply] of on(port, "message", { signal }) as AsyncIterable<[Reply]>) {
        if ("error" in reply) throw restored(reply.error);
        yield { reply, port };
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      port?.close();
    }
  }
}

/** Restores the class of an error, which is lost between threads. */
function restored({ name, message, stack, code, path }: NodeJS.ErrnoException): Error {
  const kind = { DataError, FileError }[name] ?? Error;
  const error = new kind(message);
  return Object.assign(error, stack && { stack }, code && { code }, path && { path });
}
