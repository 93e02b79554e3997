/** Builds an index, or has DuckDB count, in a process of its own that nothing has warmed up, and says the cost. */
import { readFileSync } from "node:fs";
import type { BuildReport } from "../../build/report/report.js";
import type { Built, Cost, Engine, Task } from "./run-build.js";

/** Each engine is loaded only where it works, since a library takes memory. */
const RUN: Readonly<Record<Engine, (task: Task) => Promise<Built | undefined>>> = {
  billboard: async ({ data, out, threads }) => {
    const { runWatched } = await import("../../build/commands/build.js");
    const { report, times } = await runWatched({ data, out, workers: threads, banners: undefined, onBadRow: "stop" });
    return builtOf(report, Object.fromEntries(times.stages));
  },
  duckdb: async (task) => {
    const { countByDuckDB } = await import("./duckdb.js");
    await countByDuckDB(task);
    return undefined;
  },
};

function builtOf({ rows, cells_by_rule, index_bytes, generation }: BuildReport, stages: Built["stages"]): Built {
  return {
    rows: { read: rows.read, used: rows.used, ...rows.rejected },
    cells: Object.values(cells_by_rule).reduce((sum, count) => sum + count, 0),
    indexBytes: index_bytes,
    generation,
    stages,
  };
}

const task = JSON.parse(process.argv[2]!) as Task;
const built = await RUN[task.engine](task);
const { userCPUTime, systemCPUTime } = process.resourceUsage();
// Linux counts what the parent had at the start into maxRSS.
const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
const cost: Cost = {
  processorTime: (userCPUTime + systemCPUTime) / 1e6,
  peakMemory: Number(peak) * 1024,
  ...(built && { built }),
};
process.stdout.write(JSON.stringify(cost));
