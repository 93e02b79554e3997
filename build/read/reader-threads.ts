/** Reads files on several threads, this one among them, ahead of their delivery, which goes file by file in order. */
import { EventEmitter, on, once } from "node:events";
import { join } from "node:path";
import { Worker, type MessagePort, type ResourceLimits } from "node:worker_threads";
import { FileError } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";
import { NO_OPTIONS } from "./event-file.js";
import { InlineReader, type EventReader, type ReadProgress } from "./event-reader.js";
import type { FoundFile } from "./find.js";
import { share, take, type Job, type Jobs } from "./jobs.js";
import type { Reply, Taken, ThreadData } from "./reader-thread.js";
import { deliver, sizeOf, type BatchSink } from "./row-batch.js";
import type { FileSummary } from "./text-file.js";

/** Some 30 million clicks: the next file is read while one is delivered. */
const MAX_AHEAD_BYTES = 512 * 2 ** 20;

export class ReaderThreads implements EventReader {
  readonly #threads: Worker[];
  readonly #here: InlineReader;
  /** The jobs of each file that is announced, and the index of its own. */
  readonly #announced = new Map<FoundFile, { readonly jobs: Jobs; readonly at: number }>();
  #jobs = 0;
  /** Of the jobs that a thread has taken. */
  readonly #ports = new Map<number, MessagePort>();
  readonly #taken = new EventEmitter();
  /** Aborted with the error that ended a thread, or the reason given to `abort`. */
  readonly #failure = new AbortController();
  readonly #counters: Float64Array;

  /**
   * @param count of the threads beside this one
   * @param maxAhead bytes that all of them together may have read and not delivered
   */
  constructor(count: number, options = NO_OPTIONS, maxAhead = MAX_AHEAD_BYTES, resourceLimits: ResourceLimits = {}) {
    this.#here = new InlineReader(options);
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
    const { first } = this.#queue("digest", files);
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
    const jobs = this.#queue("read", files);
    files.forEach((file, at) => this.#announced.set(file, { jobs, at }));
  }

  async read(file: FoundFile, sink: BatchSink): Promise<FileSummary> {
    const announced = this.#announced.get(file);
    if (announced === undefined) throw new Error(`${file.path}: was not announced`);
    this.#announced.delete(file);
    this.#failure.signal.throwIfAborted();
    const { jobs, at } = announced;
    if (take(jobs, at)) return this.#here.read(file, sink);
    for await (const { reply, port } of this.#replies(jobs.first + at)) {
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
    const { rows, bytes } = this.#here.progress();
    return { rows: rows + sum(0), bytes: bytes + sum(1) };
  }

  abort(reason: Error): void {
    this.#failure.abort(reason);
    this.#here.abort(reason);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #queue(task: Job["task"], files: readonly FoundFile[]): Jobs {
    const jobs = files.map(({ kind, path, bytes, modified, digest }): Job => {
      return { task, file: { kind, path, bytes, modified, digest } };
    });
    const shared = share(jobs, this.#jobs);
    this.#jobs += jobs.length;
    for (const thread of this.#threads) thread.postMessage(shared);
    return shared;
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
