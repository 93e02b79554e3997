/** Visits to what wrk counts when it asks for them as fast as the server answers. */
import { join } from "node:path";
import { PinnedProcess } from "./pinned-process.js";
import { isAsleep, threadCount } from "./process-times.js";

const SCRIPT = join(import.meta.dirname, "../../bench/visits.lua");
/** wrk counts an answer that takes longer as an error; a database that is asked by 64 at once takes its time. Seconds. */
const PATIENCE = 60;
/** wrk ends by itself after so long, if nobody has it end before. Seconds. */
const LONGEST = 600;

export interface WrkLoad {
  readonly port: number;
  /** The file of visits, one a line: path, tab, cookies. */
  readonly visits: string;
  readonly connections: number;
  /** The core that wrk runs on. */
  readonly core: number;
  /** Whether each request asks for the end of its connection. */
  readonly closes?: boolean;
}

export interface WrkCount {
  readonly requests: number;
  /** Microseconds. */
  readonly duration: number;
  /** Of all answers, with their headers. */
  readonly bytes: number;
  /** By what went wrong; `status` are the answers of 400 and above. */
  readonly errors: Readonly<Record<"connect" | "read" | "write" | "timeout" | "status", number>>;
}

/** It asks until it is interrupted, and reports then. */
export function startWrk({ port, visits, connections, core, closes = false }: WrkLoad): PinnedProcess {
  return new PinnedProcess(
    {
      command: "wrk",
      args: [
        "--threads=1",
        `--connections=${connections}`,
        `--duration=${LONGEST}s`,
        `--timeout=${PATIENCE}s`,
        `--script=${SCRIPT}`,
        `http://127.0.0.1:${port}`,
        "--",
        visits,
        ...(closes ? ["close"] : []),
      ],
    },
    [core],
  );
}

/** Whether it asks: it then has read its visits, has a thread that does so, and its first one sleeps until time is up. */
export function hasBegun({ pid }: PinnedProcess): boolean {
  return threadCount(pid) > 1 && isAsleep(pid);
}

/** What wrk's script writes below wrk's own report. @throws Error where there is no such line */
export function readCount(output: string): WrkCount {
  const line = output.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`wrk: got ${JSON.stringify(line)}, expected a line of counts`);
  return JSON.parse(line) as WrkCount;
}

/** @throws Error that says what went wrong, and how often, where anything but `allowed` read errors did */
export function requireNoErrors(
  { requests, errors }: WrkCount,
  allowed: { readonly read: number } = { read: 0 },
): void {
  const wrong = Object.entries({ ...errors, read: Math.max(0, errors.read - allowed.read) })
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => (kind === "status" ? `${count} answers of 400 or above` : `${count} ${kind} errors`));
  if (wrong.length > 0) throw new Error(`${wrong.join(", ")} in ${requests} answers`);
  if (requests === 0) throw new Error("no answer at all");
}
