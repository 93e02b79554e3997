/** Builds the same data again and again, and holds every build against what was planted. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { INDEX_FILE } from "../../build/write/publish.js";
import { loadIndex } from "../../src/index/load.js";
import { formatMillionths } from "../../src/index/money.js";
import { environment, machineOf, type Environment } from "../environment.js";
import type { Interruptible } from "../interruptible.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import { mebibytes, spread, whole } from "../report/format.js";
import { spreadOf } from "../statistics.js";
import { EVENT_KINDS, writeEvents, type Amounts, type Expectation } from "./events.js";
import type { Cost, Task } from "./measured-program.js";

const PROGRAM = join(import.meta.dirname, "measured-program.js");

interface BuildBench {
  readonly amounts: Amounts;
  readonly seed: number;
  readonly workers: number;
  readonly rounds: number;
  readonly parent: string;
  readonly keep: boolean;
}

interface Round extends Cost {
  readonly seconds: number;
}

export interface BuildResults {
  readonly environment: Environment;
  readonly data: Amounts & { readonly seed: number; readonly bytes: number };
  readonly workers: number;
  readonly found: Expectation;
  readonly rounds: readonly Round[];
}

/** @throws Error of one line where a build failed or found something else than was planted */
export async function runBuildBench(
  { amounts, seed, workers, rounds: count, parent, keep }: BuildBench,
  { signal, log }: Interruptible,
): Promise<BuildResults> {
  const folder = await mkdtemp(join(parent, "bench-build-")).catch((error: unknown) => {
    throw new Error(`${parent}: cannot be written to: name another folder with --dir`, { cause: error });
  });
  try {
    const [data, out] = [join(folder, "data"), join(folder, "index")];
    log(`making the data in ${data}`);
    const { bytes, expectation } = await writeEvents(data, amounts, seed, signal);
    const rounds: Round[] = [];
    for (let round = 1; round <= count; round++) {
      log(`round ${round} of ${count}`);
      const cost = await measure({ data, out, workers }, signal);
      await requireExpected(expectation, cost, out);
      // The next build would keep it as the previous index, and so write more.
      await rm(out, { recursive: true });
      rounds.push(cost);
    }
    return { environment: environment(), data: { ...amounts, seed, bytes }, workers, found: expectation, rounds };
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function measure(task: Task, signal: AbortSignal): Promise<Round> {
  signal.throwIfAborted();
  const start = performance.now();
  const cost = JSON.parse(await PinnedProcess.ofTask(PROGRAM, task).finish(signal)) as Cost;
  return { seconds: (performance.now() - start) / 1000, ...cost };
}

async function requireExpected({ rows, totals }: Expectation, { rows: got }: Cost, out: string): Promise<void> {
  requireEqual("the build", got, { ...rows, malformed: 0, "duplicate file": 0 });
  const { entryImpressions, entryClicks, entryConversions, entryRevenue } = await loadIndex(join(out, INDEX_FILE));
  const sum = (column: Uint32Array): string => String(column.reduce((sum, count) => sum + count, 0));
  const revenue = formatMillionths(entryRevenue.reduce((sum, revenue) => sum + revenue, 0n));
  const counts = { impressions: sum(entryImpressions), clicks: sum(entryClicks), conversions: sum(entryConversions) };
  requireEqual("the index", { ...counts, revenue }, totals);
}

function requireEqual(
  what: string,
  got: Readonly<Record<string, string | number>>,
  expected: Readonly<Record<string, string | number>>,
): void {
  const wrong = Object.entries(expected).filter(([name, value]) => got[name] !== value);
  if (wrong.length === 0) return;
  const differences = wrong.map(([name, value]) => `${name}: got ${got[name] ?? "nothing"}, expected ${value}`);
  throw new Error(`${what} is not as planted: ${differences.join("; ")}`);
}

export function summaryOf({ environment, data, workers, found, rounds }: BuildResults): string {
  const seconds = (value: number): string => `${value.toFixed(2)} s`;
  const over = (figure: (round: Round) => number, format: (value: number) => string): string =>
    spread(spreadOf(rounds.map(figure)), format);
  const { read, used, duplicate, conflict, orphan } = found.rows;
  const { stages, cells, indexBytes, generation } = rounds[0]!;
  const stageTimes = Object.keys(stages).map((stage) => {
    return `${stage} ${spreadOf(rounds.map((round) => round.stages[stage]! / 1000)).median.toFixed(2)}`;
  });
  const kinds = EVENT_KINDS.map((kind) => `${whole(data[kind])} ${kind}`).join(", ");
  const rejected = `${whole(duplicate)} duplicate, ${whole(conflict)} conflict, ${whole(orphan)} orphan`;
  const rows = {
    "Data:": `${kinds}; ${data.periods} periods, ${whole(data.bytes)} bytes, seed ${data.seed}`,
    "Machine:": `${machineOf(environment)}, Node.js ${environment.versions["Node.js"]!}`,
    "Measured:": `${rounds.length} rounds, ${workers} workers; the median (the least to the most)`,
    "Build:": `${over((round) => round.seconds, seconds)}, whole process`,
    "  rows a second:": over((round) => read / round.seconds, whole),
    "  peak memory:": over((round) => round.peakMemory, mebibytes),
    "  processor time:": over((round) => round.processorTime, seconds),
    "  time by stage:": `${stageTimes.join(", ")} s`,
    "Index:": `${whole(cells)} cells, ${whole(indexBytes)} bytes, generation ${generation}`,
    "Checked:":
      `${whole(read)} rows read, ${whole(used)} used, ${rejected}, ` +
      `revenue ${found.totals.revenue}: as planted, in every build`,
  };
  return Object.entries(rows)
    .map(([label, value]) => `${label.padEnd(24)}${value}\n`)
    .join("");
}
