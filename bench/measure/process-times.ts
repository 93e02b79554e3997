/** Reads from /proc what processes and their children have cost: processor time and memory. */
import { readdirSync, readFileSync } from "node:fs";

/** Nanoseconds on a processor, by thread. */
export type ProcessorTimes = ReadonlyMap<string, number>;

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces and brackets: see proc(5). */
const STATE = 0;
const PARENT = 1;

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return undefined;
    throw error;
  }
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function statOf(pid: number | string): string[] | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

export function treeOf(roots: readonly number[]): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statOf(name)?.[PARENT])] as const);
  const tree = [...new Set(roots)];
  // Grows while it is walked through.
  for (const pid of tree)
    tree.push(...parents.filter(([child, parent]) => parent === pid && !tree.includes(child)).map(([child]) => child));
  return tree;
}

export function threadCount(pid: number): number {
  return threadsOf(pid).length;
}

export function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[STATE];
}

export function processorTimes(pids: readonly number[]): ProcessorTimes {
  const times = new Map<string, number>();
  for (const pid of pids)
    for (const thread of threadsOf(pid)) {
      const schedstat = readProc(`/proc/${pid}/task/${thread}/schedstat`);
      if (schedstat !== undefined) times.set(`${pid}/${thread}`, Number(schedstat.split(" ", 1)[0]));
    }
  return times;
}

/** Nanoseconds, without those of threads that ended in between. */
export function timeBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  let sum = 0;
  for (const [thread, time] of after) sum += time - (before.get(thread) ?? 0);
  return sum;
}

/** Bytes: what is resident for one process; the shares (Pss) for several, or PostgreSQL's buffers count in each. */
export function memoryOf(pids: readonly number[]): number {
  const alive = pids.filter((pid) => threadCount(pid) > 0);
  const resident = alive.map((pid) => kibibytes(readProc(`/proc/${pid}/status`), "VmRSS") ?? 0);
  const shares =
    alive.length < 2 ? [undefined] : alive.map((pid) => kibibytes(readProc(`/proc/${pid}/smaps_rollup`), "Pss"));
  const counted = shares.includes(undefined) ? resident : (shares as number[]);
  return 1024 * counted.reduce((sum, number) => sum + number, 0);
}

export function kibibytes(text: string | undefined, name: string): number | undefined {
  const [, found] = new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(text ?? "") ?? [];
  return found === undefined ? undefined : Number(found);
}
