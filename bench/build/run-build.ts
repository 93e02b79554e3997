/** Has Billboard and DuckDB take turns at the same data, and holds what each makes of it against the other's. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { environment, versionOf, type Environment } from "../environment.js";
import type { Interruptible } from "../interruptible.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import { inOrderOf } from "../measure/turns.js";
import { writeEvents, type Amounts, type Expectation } from "./events.js";

const PROGRAM = join(import.meta.dirname, "measured-program.js");
const ENGINES = ["billboard", "duckdb"] as const;
export type Engine = (typeof ENGINES)[number];

interface BuildBench {
  readonly amounts: Amounts;
  readonly seed: number;
  readonly threads: number;
  readonly rounds: number;
  readonly parent: string;
  readonly keep: boolean;
}

export interface Task {
  readonly engine: Engine;
  readonly data: string;
  readonly out: string;
  readonly threads: number;
}

/** Of a whole process. */
export interface Cost {
  /** Seconds, user and system, of all threads. */
  readonly processorTime: number;
  /** Bytes. */
  readonly peakMemory: number;
  /** Undefined where DuckDB counted. */
  readonly built?: Built;
}

export interface Built {
  readonly rows: Readonly<Record<string, number>>;
  readonly cells: number;
  readonly indexBytes: number;
  readonly generation: string;
  /** Milliseconds, in the order of the stages. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface TimedCost extends Cost {
  readonly seconds: number;
}

export type Round = Readonly<Record<Engine, TimedCost>>;

export interface BuildResults {
  readonly environment: Environment;
  readonly data: Amounts & { readonly seed: number; readonly bytes: number };
  readonly threads: number;
  readonly found: Expectation;
  readonly rounds: readonly Round[];
}

/** @throws Error of one line where a build failed, rejected other rows than planted or counted otherwise */
export async function runBuildBench(
  { amounts, seed, threads, rounds: count, parent, keep }: BuildBench,
  { signal, log }: Interruptible,
): Promise<BuildResults> {
  const folder = await mkdtemp(join(parent, "bench-build-")).catch((error: unknown) => {
    throw new Error(`${parent}: cannot be written to: name another folder with --dir`, { cause: error });
  });
  try {
    const data = join(folder, "data");
    log(`making the data in ${data}`);
    const { bytes, expectation } = await writeEvents(data, amounts, seed, signal);
    const rounds: Round[] = [];
    for (let round = 1; round <= count; round++) {
      log(`round ${round} of ${count}`);
      const out = join(folder, "out");
      rounds.push(await measureRound(inOrderOf(round, ENGINES), { data, out, threads }, expectation, signal));
      // The next build would keep the index as the previous one, and so write more.
      await rm(out, { recursive: true });
    }
    const versions = { "Node.js": process.versions.node, DuckDB: versionOf("@duckdb/node-api") };
    const measured = { threads, found: expectation, rounds };
    return { environment: { ...environment(), versions }, data: { ...amounts, seed, bytes }, ...measured };
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function measureRound(
  engines: readonly Engine[],
  { data, out, threads }: Omit<Task, "engine">,
  expectation: Expectation,
  signal: AbortSignal,
): Promise<Round> {
  const costs = new Map<Engine, TimedCost>();
  for (const engine of engines)
    costs.set(engine, await measure({ engine, data, out: join(out, engine), threads }, signal));
  const round = { billboard: costs.get("billboard")!, duckdb: costs.get("duckdb")! };
  const built = round.billboard.built!;
  requireEqual("the build is not as planted", built.rows, { ...expectation, malformed: 0, "duplicate file": 0 });
  const statistics = { data: join(out, "duckdb/statistics"), out: join(out, "proof"), threads };
  const proof = await measure({ engine: "billboard", ...statistics }, signal);
  const { generation } = built;
  requireEqual("the index is not that of DuckDB's statistics", { generation }, { generation: proof.built!.generation });
  return round;
}

async function measure(task: Task, signal: AbortSignal): Promise<TimedCost> {
  signal.throwIfAborted();
  const start = performance.now();
  const cost = JSON.parse(await PinnedProcess.ofTask(PROGRAM, task).finish(signal)) as Cost;
  return { seconds: (performance.now() - start) / 1000, ...cost };
}

function requireEqual(
  what: string,
  got: Readonly<Record<string, string | number>>,
  expected: Readonly<Record<string, string | number>>,
): void {
  const wrong = Object.entries(expected).filter(([name, value]) => got[name] !== value);
  const differences = wrong.map(([name, value]) => `${name}: got ${got[name] ?? "nothing"}, expected ${value}`);
  if (wrong.length > 0) throw new Error(`${what}: ${differences.join("; ")}`);
}
