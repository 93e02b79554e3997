/** Starts wrk, which asks as fast as a server answers, and reads what it counts. */
import { join } from "node:path";
import { PinnedProcess } from "./pinned-process.js";
import { stateOf, threadCount } from "./process-times.js";

const SCRIPT = join(import.meta.dirname, "../../../bench/measure/visits.lua");
/** wrk counts slower responses as errors, and a database that is asked by 64 at once takes its time. */
const TIMEOUT_S = 60;
const MAX_DURATION_S = 600;

export interface WrkLoad {
  readonly port: number;
  readonly visits: string;
  readonly connections: number;
  readonly core: number;
}

export interface WrkCount {
  readonly requests: number;
  /** Microseconds. */
  readonly duration: number;
  readonly errors: Readonly<Record<"connect" | "read" | "write" | "timeout" | "status", number>>;
}

export function startWrk({ port, visits, connections, core }: WrkLoad): PinnedProcess {
  const args = [
    "--threads=1",
    `--connections=${connections}`,
    `--duration=${MAX_DURATION_S}s`,
    `--timeout=${TIMEOUT_S}s`,
    `--script=${SCRIPT}`,
    `http://127.0.0.1:${port}`,
    "--",
    visits,
  ];
  return new PinnedProcess({ command: "wrk", args }, [core]);
}

/** wrk has read its visits once a second thread runs and the first one sleeps. */
export function hasBegun({ pid }: PinnedProcess): boolean {
  return threadCount(pid) > 1 && stateOf(pid) === "S";
}

export function readCount(output: string): WrkCount {
  const line = output.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`wrk: got ${JSON.stringify(line)}, expected a line of counts`);
  const count = JSON.parse(line) as WrkCount;
  const wrong = Object.entries(count.errors)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => (kind === "status" ? `${count} responses of 400 or above` : `${count} ${kind} errors`));
  if (wrong.length > 0) throw new Error(`${wrong.join(", ")} in ${count.requests} responses`);
  return count;
}
