/** Says what recording costs: of each figure the median of the rounds' ratios, beside what is noise. */
import { markdownTable, number, ratio, time, type Column } from "../report/format.js";
import { machineOf } from "../environment.js";
import type { Measurement } from "../measure/rounds.js";
import { compare, noiseOf, spreadOf, type Ratio } from "../statistics.js";
import { AGAIN, LEVEL, OFF, ON, type RecordingResults } from "./run-recording.js";

interface Row {
  readonly heading: string;
  readonly format: (value: number) => string;
  readonly off: number;
  readonly on: number;
  readonly ratio: Ratio;
  readonly noise: number;
}

const FIGURES: readonly (Pick<Row, "heading" | "format"> & { readonly of: (measured: Measurement) => number })[] = [
  { heading: "requests a second", format: number, of: ({ saturation }) => saturation.requestsPerSecond },
  { heading: "processor time a request", format: time, of: ({ saturation }) => saturation.processorTime },
  { heading: `p50 at a load of ${LEVEL}`, format: time, of: ({ latency: [at] }) => at!.p50 },
  { heading: `p99 at a load of ${LEVEL}`, format: time, of: ({ latency: [at] }) => at!.p99 },
];

const COLUMNS: readonly Column<Row>[] = [
  { heading: "", of: ({ heading }) => heading },
  { heading: "not recording", isNumber: true, of: ({ off, format }) => format(off) },
  { heading: "recording", isNumber: true, of: ({ on, format }) => format(on) },
  {
    heading: "ratio (least to most)",
    of: ({ ratio: { median, least, most } }) => `${ratio(median)} (${ratio(least)} to ${ratio(most)})`,
  },
  { heading: "noise", isNumber: true, of: ({ noise }) => ratio(noise) },
];

export function tableOf({ environment, plan, rounds }: RecordingResults): string {
  const rows = FIGURES.map(({ of, ...figure }): Row => {
    const [off, again, on] = [OFF, AGAIN, ON].map((name) => rounds.map((round) => of(round[name]!)));
    const noise = noiseOf(again!, off!);
    return {
      ...figure,
      off: spreadOf(off!).median,
      on: spreadOf(on!).median,
      ratio: compare(on!, off!, noise),
      noise,
    };
  });
  return (
    `${plan.rounds} rounds of ${plan.seconds} s, medians; a ratio is of one round, and the noise is the largest factor ` +
    `between a server and the same once more in any round. ${machineOf(environment)}, ` +
    `Node.js ${environment.versions["Node.js"]}, ${environment.date}.\n\n${markdownTable(COLUMNS, rows)}`
  );
}
