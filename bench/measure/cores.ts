/** Chooses the core that serves and the one that drives. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface Cores {
  readonly serving: number;
  readonly driving: number;
  readonly all: readonly number[];
}

export function readCoreList(list: string): number[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = NaN, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
}

/** The first and the last, which hardly ever are two threads of one core. @throws Error for a single core */
export function chooseCores(all: readonly number[]): Cores {
  const [serving] = all;
  const driving = all.at(-1);
  if (serving === undefined || driving === undefined || serving === driving)
    throw new Error(
      "the benchmark needs two cores, one that serves and one that drives: this process may use one only",
    );
  return { serving, driving, all };
}

export function usableCores(): Cores {
  if (process.platform !== "linux")
    throw new Error(`the benchmark reads /proc and uses taskset, so it needs Linux: this is ${process.platform}`);
  if (!existsSync("/proc/self/schedstat"))
    throw new Error("the benchmark needs a kernel that has /proc/<pid>/schedstat");
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return chooseCores(readCoreList(list!));
}

/** Also moves threads that run already; processes that are started later inherit the cores. */
export function stayOn(cores: readonly number[]): void {
  const args = ["--all-tasks", "--cpu-list", "--pid", cores.join(","), String(process.pid)];
  const { status, error, stderr } = spawnSync("taskset", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`taskset: ${error?.message ?? stderr.trim()}`);
}
