/** The cores that this process may use to the one that serves and the one that drives. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Cores {
  /** One, so that every contender has the same. */
  readonly serving: number;
  /** The load generators', and this process's own while it measures. */
  readonly driving: number;
  readonly all: readonly number[];
}

/** `0,2-5`, as the kernel writes a list of cores. */
export function readCoreList(list: string): number[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = NaN, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
}

/**
 * The first and the last: on processors that run two threads on a core, these two are hardly ever the same one.
 * @throws Error where there is only one core
 */
export function sharedOut(all: readonly number[]): Cores {
  const [serving] = all;
  const driving = all.at(-1);
  if (serving === undefined || driving === undefined || serving === driving)
    throw new Error(
      "the benchmark needs two cores, one that serves and one that drives: this process may use one only",
    );
  return { serving, driving, all };
}

/** @throws Error where there is only one core, or where the system is not Linux */
export function usableCores(): Cores {
  if (process.platform !== "linux")
    throw new Error(
      `the benchmark needs Linux, whose /proc it reads and whose taskset it uses: this is ${process.platform}`,
    );
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return sharedOut(readCoreList(list!));
}

/** Keeps this process and all its threads on these from now on, and with it whatever it starts without cores of its own. */
export function stayOn(cores: readonly number[]): void {
  const { status, error, stderr } = spawnSync(
    "taskset",
    ["--all-tasks", "--cpu-list", "--pid", cores.join(","), String(process.pid)],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`taskset: ${error?.message ?? stderr.trim()}`);
}
