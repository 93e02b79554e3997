/** Measures the latency of a server at a rate, by the load test's open-loop generator on a core of its own. */
import { join } from "node:path";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { systemClock } from "../../tools/load-test/clock.js";
import { requestText } from "../../tools/load-test/connection.js";
import { runOpenLoop } from "../../tools/load-test/open-loop.js";
import { PinnedProcess } from "./pinned-process.js";
import { readVisits } from "./traffic.js";

export interface LatencyLoad {
  readonly port: number;
  readonly visits: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
}

/** Microseconds from the moment a request was due. */
interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface SecondOfLoad extends Percentiles {
  readonly requests: number;
}

export interface Latency extends Percentiles {
  readonly answered: number;
  readonly generatorBusy: number;
  /** How late the generator itself was to send, where a connection was free: p99.9, microseconds. */
  readonly latestSend: number;
  /** When the first request that counts was due: milliseconds since 1970. */
  readonly began: number;
  readonly bySecond: readonly SecondOfLoad[];
}

const PROGRAM = join(import.meta.dirname, "generate-load.js");
const TIMEOUT_MS = 10_000;
/** The generator's code must be compiled before the first request that counts. */
const WARM_UP_SECONDS = 0.5;

/** @throws Error for any status but 200, and for requests without a response */
export async function measureLatency(
  load: Omit<LatencyLoad, "warmUpSeconds">,
  core: number,
  signal?: AbortSignal,
): Promise<Latency> {
  const task: LatencyLoad = { ...load, warmUpSeconds: WARM_UP_SECONDS };
  return JSON.parse(await PinnedProcess.ofTask(PROGRAM, task, [core]).finish(signal)) as Latency;
}

export async function generateLoad(load: LatencyLoad): Promise<Latency> {
  const { port, rate, connections } = load;
  const visits: Buffer[] = [];
  for await (const { path, cookie } of readVisits(load.visits))
    visits.push(Buffer.from(requestText(`127.0.0.1:${port}`, path, cookie), "latin1"));
  const uncounted = Math.round(load.warmUpSeconds * rate);
  const requests = uncounted + Math.max(1, Math.round(load.seconds * rate));
  const all = newHistogram();
  const late = newHistogram();
  const bySecond: RecordableHistogram[] = [];
  let began = NaN;
  const generatorBusy = await runOpenLoop(
    {
      host: "127.0.0.1",
      port,
      requests,
      perSecond: rate,
      opened: connections,
      maxConnections: connections,
      timeoutMs: TIMEOUT_MS,
      clock: systemClock,
      signal: new AbortController().signal,
    },
    {
      request: (number, due, lateMs) => {
        if (number === uncounted) began = performance.timeOrigin + due;
        if (lateMs !== undefined) record(late, lateMs);
        return visits[number % visits.length]!;
      },
      settled: (number, due, outcome) => {
        if (typeof outcome === "string") throw new Error(`a request without a response: ${outcome}`);
        if (outcome.status !== 200) throw new Error(`status ${outcome.status}, expected 200`);
        if (number < uncounted) return;
        const latencyMs = performance.now() - due;
        record(all, latencyMs);
        record((bySecond[Math.floor((number - uncounted) / rate)] ??= newHistogram()), latencyMs);
      },
    },
  );
  return {
    ...percentilesOf(all),
    answered: all.count,
    generatorBusy,
    latestSend: percentilesOf(late).p999,
    began,
    bySecond: bySecond.map((second) => ({ requests: second.count, ...percentilesOf(second) })),
  };
}

function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 6e11, figures: 3 });
}

function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * 1e6)));
}

function percentilesOf(histogram: RecordableHistogram): Percentiles {
  const microseconds = (nanoseconds: number): number => Math.round(nanoseconds / 100) / 10;
  const percentile = (percent: number): number =>
    histogram.count === 0 ? 0 : microseconds(histogram.percentile(percent));
  return { p50: percentile(50), p99: percentile(99), p999: percentile(99.9), max: percentile(100) };
}
