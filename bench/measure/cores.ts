/** Chooses the core that serves and the one that drives. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface Cores {
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
export function chooseCores(all: readonly number[]): Cores {
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
    throw new Error(`the benchmark reads /proc and uses taskset, so it needs Linux: this is ${process.platform}`);
  if (!existsSync("/proc/self/schedstat"))
    throw new Error("the benchmark needs a kernel that has /proc/<pid>/schedstat");
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return chooseCores(readCoreList(list!));
}

/** Keeps all threads of this process on these cores from now on, and whatever it starts without cores of its own. */
export function stayOn(cores: readonly number[]): void {
  const args = ["--all-tasks", "--cpu-list", "--pid", cores.join(","), String(process.pid)];
  const { status, error, stderr } = spawnSync("taskset", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`taskset: ${error?.message ?? stderr.trim()}`);
}
