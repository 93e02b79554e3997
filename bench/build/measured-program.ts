/** Builds an index in a process of its own that nothing has warmed up, and says what that cost. */
import { StageTimes } from "../../build/commands/stage-times.js";
import { build } from "../../build/stages.js";

export interface Task {
  readonly data: string;
  readonly out: string;
  readonly workers: number;
}

export interface Cost {
  /** Seconds, user and system, of all threads. */
  readonly processorTime: number;
  /** Bytes. */
  readonly peakMemory: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly cells: number;
  readonly indexBytes: number;
  readonly generation: string;
  /** Milliseconds, in the order of the stages. */
  readonly stages: Readonly<Record<string, number>>;
}

const times = new StageTimes();
const { rows, cells_by_rule, index_bytes, generation } = await build(
  { ...(JSON.parse(process.argv[2]!) as Task), banners: undefined, onBadRow: "stop" },
  {
    onStage: (stage) => {
      times.begin(stage);
    },
  },
);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const cost: Cost = {
  processorTime: (userCPUTime + systemCPUTime) / 1e6,
  peakMemory: maxRSS * 1024,
  rows: { read: rows.read, used: rows.used, ...rows.rejected },
  cells: Object.values(cells_by_rule).reduce((sum, count) => sum + count, 0),
  indexBytes: index_bytes,
  generation,
  stages: Object.fromEntries(times.finish().stages),
};
process.stdout.write(JSON.stringify(cost));
