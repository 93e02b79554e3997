/** Reads files in a thread of its own, no further ahead of their delivery than a bound. */
import { EventEmitter, once } from "node:events";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { readBatches, type ReadOptions } from "./event-file.js";
import type { SourceFile } from "./find.js";
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

export interface Job {
  readonly task: "digest" | "read";
  readonly file: SourceFile;
  /** Replies go there; the size of each batch comes back from there once it is delivered. */
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

async function work({ task, file, port }: Job): Promise<Reply> {
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

parentPort!.on("message", (job: Job) => {
  void work(job)
    .catch((error: unknown) => {
      const { name, message, stack, code, path } = error as NodeJS.ErrnoException;
      return { error: { name, message, stack, code, path } } as Reply;
    })
    .then((reply) => {
      job.port.postMessage(reply);
      parentPort!.postMessage("free");
    });
});
