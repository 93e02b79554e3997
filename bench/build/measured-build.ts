/** The program of a process that builds once, and says what it found and how long each stage took. */
import type { Account } from "../../build/report/report.js";
import { StageTimes } from "../../build/commands/stage-times.js";
import { build, type Stage } from "../../build/stages.js";
import { report } from "./measured-process.js";

export interface BuildTask {
  readonly data: string;
  readonly out: string;
  readonly workers: number;
}

export interface BuildFindings {
  readonly rows: Account;
  readonly cells: number;
  readonly indexBytes: number;
  readonly generation: string;
  /** Milliseconds, in the order of the stages. */
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
}

const task = JSON.parse(process.argv[2]!) as BuildTask;
const times = new StageTimes();
const { rows, cells_by_rule, index_bytes, generation } = await build(
  { ...task, banners: undefined, onBadRow: "stop" },
  {
    onStage: (stage) => {
      times.begin(stage);
    },
  },
);
const cells = Object.values(cells_by_rule).reduce((sum, count) => sum + count, 0);
const stages = Object.fromEntries(times.finish().stages);
report({ rows, cells, indexBytes: index_bytes, generation, stages } satisfies BuildFindings);
