/** The program of a process that has csv-parse count the rows of files, on several threads, and does nothing else with them. */
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Way } from "./csv-parse-ways.js";
import { WAYS } from "./csv-parse-ways.js";
import { report } from "./measured-process.js";

export interface CountTask {
  /** In the order in which a build reads them. */
  readonly files: readonly string[];
  readonly workers: number;
  readonly way: Way;
}

/** Without the header rows. */
export interface CountFindings {
  readonly rows: number;
}

interface ThreadData extends CountTask {
  /** The number of the next file that no thread has taken. */
  readonly next: Int32Array;
}

async function countAll(): Promise<void> {
  const task = JSON.parse(process.argv[2]!) as CountTask;
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from({ length: Math.min(task.workers, task.files.length) }, async () => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { ...task, next } satisfies ThreadData });
    const [rows] = (await once(thread, "message")) as [number];
    return rows;
  });
  const rows = (await Promise.all(threads)).reduce((sum, count) => sum + count, 0);
  report({ rows: rows - task.files.length } satisfies CountFindings);
}

async function countSome({ files, way, next }: ThreadData): Promise<void> {
  let rows = 0;
  for (let file = Atomics.add(next, 0, 1); file < files.length; file = Atomics.add(next, 0, 1))
    rows += await WAYS[way](files[file]!);
  parentPort!.postMessage(rows);
}

if (isMainThread) await countAll();
else await countSome(workerData as ThreadData);
