/** Reads files in a thread of its own, no further ahead of their delivery than a bound. */
import { EventEmitter, once } from "node:events";
import { MessageChannel, parentPort, workerData, type MessagePort } from "node:worker_threads";
import { readBatches, type ReadOptions } from "./event-file.js";
import { orderOf, take, type Job, type Jobs } from "./jobs.js";
import { buffersOf, sizeOf, type RowBatch } from "./row-batch.js";
import { digestOf } from "./source.js";
import type { FileSummary } from "./text-file.js";

export interface ThreadData {
  readonly options: ReadOptions;
  /** Bytes of batches sent and not yet delivered. */
  readonly maxAhead: number;
  /** Rows and bytes read, in shared memory. */
  readonly counters: Float64Array;
}

export interface Taken {
  /** The number of the job. */
  readonly job: number;
  /** Replies come from there; the size of each batch goes back once it is delivered. */
  readonly port: MessagePort;
}

export type Reply =
  | { readonly batch: RowBatch }
  | { readonly summary: FileSummary }
  | { readonly digest: string }
  | { readonly error: NodeJS.ErrnoException };

const { options, maxAhead, counters } = workerData as ThreadData;
let ahead = 0;
const deliveries = new EventEmitter();

async function work({ task, file }: Job, port: MessagePort): Promise<Reply> {
  if (task === "digest") return { digest: digestOf(file) };
  port.on("message", (delivered: number) => {
    ahead -= delivered;
    deliveries.emit("delivered");
  });
  const onBatch = async (batch: RowBatch): Promise<void> => {
    counters[0]! += batch.rows;
    counters[1]! += batch.bytes;
    const size = sizeOf(batch);
    // As of impressions, until the last of a file.
    if (size === 0 && batch.rows === 0) return;
    ahead += size;
    port.postMessage({ batch } satisfies Reply, buffersOf(batch));
    while (ahead > maxAhead) await once(deliveries, "delivered");
  };
  return { summary: await readBatches(file, onBatch, options) };
}

async function takeJobs(shared: Jobs): Promise<void> {
  const { jobs, first } = shared;
  for (const at of orderOf(shared)) {
    if (!take(shared, at)) continue;
    const { port1: port, port2 } = new MessageChannel();
    parentPort!.postMessage({ job: first + at, port: port2 } satisfies Taken, [port2]);
    const reply = await work(jobs[at]!, port).catch((error: unknown) => {
      const { name, message, stack, code, path } = error as NodeJS.ErrnoException;
      return { error: { name, message, stack, code, path } } as Reply;
    });
    port.postMessage(reply);
  }
}

parentPort!.on("message", (jobs: Jobs) => {
  void takeJobs(jobs);
});
