/** Starts wrk, which asks as fast as a server answers, and reads what it counts. */
import { join } from "node:path";
import { PinnedProcess } from "./pinned-process.js";
import { stateOf, threadCount } from "./process-times.js";

const SCRIPT = join(import.meta.dirname, "../../../bench/measure/visits.lua");
/** wrk counts a response that takes longer as an error; a database that is asked by 64 at once takes its time. */
const TIMEOUT_S = 60;
/** wrk ends by itself after so long, if nobody has it end before. */
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
  /** By what went wrong; `status` are the responses of 400 and above. */
  readonly errors: Readonly<Record<"connect" | "read" | "write" | "timeout" | "status", number>>;
}

/** It asks until it is interrupted, and reports then. */
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

/** It has read its visits then: a thread asks, and the first one sleeps until time is up. */
export function hasBegun({ pid }: PinnedProcess): boolean {
  return threadCount(pid) > 1 && stateOf(pid) === "S";
}

/** Reads the script's line below wrk's report. @throws Error where there is no such line, or anything went wrong */
export function readCount(output: string): WrkCount {
  const line = output.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`wrk: got ${JSON.stringify(line)}, expected a line of counts`);
  const count = JSON.parse(line) as WrkCount;
  const wrong = Object.entries(count.errors)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => (kind === "status" ? `${count} responses of 400 or above` : `${count} ${kind} errors`));
  if (wrong.length > 0) throw new Error(`${wrong.join(", ")} in ${count.requests} responses`);
  if (count.requests === 0) throw new Error("no response at all");
  return count;
}
