/** Builds an index, or has csv-parse count rows, in a process of its own that nothing has warmed up, and says what that cost. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Parser } from "csv-parse";
import { StageTimes } from "../../build/commands/stage-times.js";
import { build } from "../../build/stages.js";

export type Task =
  | { readonly kind: "build"; readonly data: string; readonly out: string; readonly workers: number }
  | { readonly kind: "csv-parse"; readonly files: readonly string[]; readonly workers: number };

export interface BuildFindings {
  readonly rows: Readonly<Record<string, number>>;
  readonly cells: number;
  readonly indexBytes: number;
  readonly generation: string;
  /** Milliseconds, in the order of the stages. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface CountFindings {
  readonly rows: number;
}

export interface Cost<Findings> {
  readonly seconds: number;
  /** Of all threads, user and system, in seconds. */
  readonly processorTime: number;
  /** Bytes. */
  readonly peakMemory: number;
  readonly findings: Findings;
}

const CHUNK = 1 << 18;

/** Of the public ways of csv-parse, none is faster. */
class CountingParser extends Parser {
  rows = 0;

  constructor() {
    super({});
    this.resume();
  }

  override push(row: unknown): boolean {
    if (row === null) return super.push(null);
    this.rows++;
    return true;
  }
}

async function buildIndex({ data, out, workers }: Extract<Task, { kind: "build" }>): Promise<BuildFindings> {
  const times = new StageTimes();
  const options = { data, out, workers, banners: undefined, onBadRow: "stop" } as const;
  const built = await build(options, {
    onStage: (stage) => {
      times.begin(stage);
    },
  });
  const { read, used, rejected } = built.rows;
  const cells = Object.values(built.cells_by_rule).reduce((sum, count) => sum + count, 0);
  const stages = Object.fromEntries(times.finish().stages) as Record<string, number>;
  return {
    rows: { read, used, ...rejected },
    cells,
    indexBytes: built.index_bytes,
    generation: built.generation,
    stages,
  };
}

type Files = Extract<Task, { kind: "csv-parse" }> & {
  /** The number of the next file that no thread has taken. */
  readonly next: Int32Array;
};

async function countRows(task: Extract<Task, { kind: "csv-parse" }>): Promise<CountFindings> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from({ length: Math.min(task.workers, task.files.length) }, async () => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { ...task, next } satisfies Files });
    return ((await once(thread, "message")) as [number])[0];
  });
  const rows = (await Promise.all(threads)).reduce((sum, count) => sum + count, 0);
  return { rows: rows - task.files.length };
}

async function countInThread({ files, next }: Files): Promise<number> {
  let rows = 0;
  for (let file = Atomics.add(next, 0, 1); file < files.length; file = Atomics.add(next, 0, 1)) {
    const parser = new CountingParser();
    await pipeline(createReadStream(files[file]!, { highWaterMark: CHUNK }), parser);
    rows += parser.rows;
  }
  return rows;
}

if (isMainThread) {
  const task = JSON.parse(process.argv[2]!) as Task;
  const findings = await (task.kind === "build" ? buildIndex(task) : countRows(task));
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const processorTime = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(JSON.stringify({ processorTime, peakMemory: maxRSS * 1024, findings }));
} else parentPort!.postMessage(await countInThread(workerData as Files));
