/** Reads files on several threads, each file on one, ahead of their delivery, which goes file by file in order. */
import { on } from "node:events";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort, type ResourceLimits } from "node:worker_threads";
import { FileError } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";
import { NO_OPTIONS } from "./event-file.js";
import type { EventReader, ReadProgress } from "./event-reader.js";
import type { FoundFile } from "./find.js";
import type { Job, Reply, ThreadData } from "./reader-thread.js";
import { deliver, sizeOf, type BatchSink } from "./row-batch.js";
import type { FileSummary } from "./text-file.js";

/** Some 30 million clicks: the next file is read while one is delivered. */
const MAX_AHEAD_BYTES = 512 * 2 ** 20;

export class ReaderThreads implements EventReader {
  readonly #threads: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Job[] = [];
  readonly #announced = new Map<FoundFile, MessagePort>();
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
    const ports = files.map((file) => this.#queue("digest", file));
    const digests: string[] = [];
    for (const port of ports)
      for await (const reply of this.#replies(port)) {
        if (!("digest" in reply)) continue;
        digests.push(reply.digest);
        break;
      }
    return digests;
  }

  announce(files: readonly FoundFile[]): void {
    for (const file of files) this.#announced.set(file, this.#queue("read", file));
  }

  async read(file: FoundFile, sink: BatchSink): Promise<FileSummary> {
    const port = this.#announced.get(file);
    if (port === undefined) throw new Error(`${file.path}: was not announced`);
    this.#announced.delete(file);
    for await (const reply of this.#replies(port)) {
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

  #queue(task: Job["task"], { kind, path, bytes, modified, digest }: FoundFile): MessagePort {
    const file = { kind, path, bytes, modified, digest };
    const { port1, port2 } = new MessageChannel();
    this.#waiting.push({ task, file, port: port2 });
    const thread = this.#idle.pop();
    if (thread !== undefined) this.#give(thread);
    return port1;
  }

  #give(thread: Worker): void {
    const job = this.#waiting.shift();
    if (job === undefined) this.#idle.push(thread);
    else thread.postMessage(job, [job.port]);
  }

  async *#replies(port: MessagePort): AsyncGenerator<Reply> {
    try {
      for await (const [reply] of on(port, "message", { signal: this.#failure.signal }) as AsyncIterable<[Reply]>) {
        if ("error" in reply) throw restored(reply.error);
        yield reply;
      }
    } catch (error) {
      throw this.#failure.signal.aborted ? this.#failure.signal.reason : error;
    } finally {
      port.close();
    }
  }
}

/** Restores the class of an error, which is lost between threads. */
function restored({ name, message, stack, code, path }: NodeJS.ErrnoException): Error {
  const kind = { DataError, FileError }[name] ?? Error;
  const error = new kind(message);
  return Object.assign(error, stack && { stack }, code && { code }, path && { path });
}
