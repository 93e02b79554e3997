/** A process and its children to what they do and have cost: processor time and memory, as Linux tells it in /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** By thread: nanoseconds on a processor since it began. */
export type ProcessorTimes = ReadonlyMap<string, number>;

/** Of a tick of /proc/<pid>/stat, in nanoseconds: Linux tells programs of 100 a second, whatever it uses itself. */
const TICK = 1e7;
/** The fields of /proc/<pid>/stat behind the name, which may hold spaces and brackets: state, parent, …, user and system time. */
const STATE = 0;
const PARENT = 1;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Processes and threads come and go while they are looked at: undefined for one that has gone. */
function readGone(path: string): string | undefined {
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

function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** The processes, and all that are children of theirs now. */
export function treeOf(roots: readonly number[]): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readGone(`/proc/${name}/stat`) : undefined;
    if (stat === undefined) continue;
    const parent = Number(fieldsOf(stat)[PARENT]);
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [Number(name)]);
    else siblings.push(Number(name));
  }
  const tree = [...new Set(roots)];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []).filter((child) => !tree.includes(child)));
  return tree;
}

export function threadCount(pid: number): number {
  return threadsOf(pid).length;
}

/** Whether its first thread waits for something. */
export function isAsleep(pid: number): boolean {
  const stat = readGone(`/proc/${pid}/stat`);
  return stat !== undefined && fieldsOf(stat)[STATE] === "S";
}

export function processorTimes(pids: readonly number[]): ProcessorTimes {
  const times = new Map<string, number>();
  for (const pid of pids)
    for (const thread of threadsOf(pid)) {
      const time = threadTime(`/proc/${pid}/task/${thread}`);
      if (time !== undefined) times.set(`${pid}/${thread}`, time);
    }
  return times;
}

/** schedstat is exact; a kernel without it has the time in ticks of 10 ms. */
function threadTime(folder: string): number | undefined {
  const exact = readGone(`${folder}/schedstat`);
  if (exact !== undefined) return Number(exact.split(" ", 1)[0]);
  const stat = readGone(`${folder}/stat`);
  if (stat === undefined) return undefined;
  const fields = fieldsOf(stat);
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK;
}

/** Nanoseconds of all threads from the one moment to the other. What a thread that has ended since has taken is not in it. */
export function timeBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  let sum = 0;
  for (const [thread, time] of after) sum += time - (before.get(thread) ?? 0);
  return sum;
}

/**
 * Bytes of memory in use. Of one process all that is resident; of several, each one's share (Pss) of what they have in common, or
 * PostgreSQL's buffers would count once for each of its processes. Where the shares may not be read, what is resident.
 */
export function memoryOf(pids: readonly number[]): number {
  const alive = pids.map((pid) => ({ pid, status: readGone(`/proc/${pid}/status`) }));
  const resident = sum(alive.map(({ status }) => kibibytes(status, "VmRSS") ?? 0));
  if (alive.filter(({ status }) => status !== undefined).length === 1) return resident * 1024;
  const shares = alive
    .filter(({ status }) => status !== undefined)
    .map(({ pid }) => kibibytes(readGone(`/proc/${pid}/smaps_rollup`), "Pss"));
  return 1024 * (shares.includes(undefined) ? resident : sum(shares.map((share) => share ?? 0)));
}

function kibibytes(text: string | undefined, name: string): number | undefined {
  const [, found] = new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(text ?? "") ?? [];
  return found === undefined ? undefined : Number(found);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((whole, number) => whole + number, 0);
}
