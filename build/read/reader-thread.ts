/** The program of a thread that reads files: jobs in, batches of rows out, and no further ahead than it may be. */
import { EventEmitter, once } from "node:events";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { digestFile } from "./digest.js";
import { readBatches } from "./batches.js";
import type { ReadFile } from "./csv-rows.js";
import type { SourceFile } from "./find.js";
import { buffersOf, sizeOf, type RowBatch } from "./row-batch.js";

export interface ThreadData {
  /** Bytes of batches that were not taken yet. */
  readonly mostAhead: number;
  /** Rows and bytes that were read, for who shows progress. */
  readonly counters: Float64Array;
}

export interface Job {
  readonly task: "digest" | "read";
  readonly file: SourceFile;
  /** Answers go there; the size of each batch comes back from there once it is taken. */
  readonly port: MessagePort;
}

export type Answer =
  | { readonly batch: RowBatch }
  | { readonly read: ReadFile }
  | { readonly digest: string }
  | { readonly error: NodeJS.ErrnoException };

const { mostAhead, counters } = workerData as ThreadData;
/** Bytes of batches that were not taken yet, those of earlier jobs too. */
let ahead = 0;
const taking = new EventEmitter();

async function work({ task, file, port }: Job): Promise<Answer> {
  if (task === "digest") return { digest: await digestFile(file.path) };
  port.on("message", (taken: number) => {
    ahead -= taken;
    taking.emit("taken");
  });
  const read = await readBatches(file, async (batch) => {
    counters[0]! += batch.rows;
    counters[1]! += batch.bytes;
    ahead += sizeOf(batch);
    port.postMessage({ batch } satisfies Answer, buffersOf(batch));
    while (ahead > mostAhead) await once(taking, "taken");
  });
  return { read };
}

parentPort!.on("message", (job: Job) => {
  void work(job)
    .catch((error: unknown) => {
      const { name, message, stack, code, path } = error as NodeJS.ErrnoException;
      return { error: { name, message, stack, code, path } } as Answer;
    })
    .then((answer) => {
      job.port.postMessage(answer);
      parentPort!.postMessage("free");
    });
});
