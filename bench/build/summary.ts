/** Figures to text for people. */
import { EVENT_KINDS } from "./amounts.js";
import type { Spread } from "../spread.js";
import type { Figures, ProcessFigures } from "./figures.js";

/** The whole report, each line with its line ending. Of each figure: the median, and the least and the most of the rounds. */
export function summary(figures: Figures): string {
  const { data, machine, workers, rounds, build, csv_parse_alone, ratio, found } = figures;
  const { read, used, duplicate, conflict, orphan } = found.rows;
  const kinds = EVENT_KINDS.map((kind) => `${whole(data[kind])} ${kind}`);
  const stages = Object.entries(build.stage_seconds).map(([stage, { median }]) => `${stage} ${median.toFixed(2)}`);
  return [
    row("Data:", `${kinds.join(", ")}; ${data.periods} periods, ${whole(data.bytes)} bytes, seed ${data.seed}`),
    row(
      "Machine:",
      `${machine.processor}, ${machine.cores} cores, ${bytes(machine.memory_bytes)}, Node.js ${machine.node}`,
    ),
    row("Measured:", `${rounds} rounds, ${workers} workers; the median (the least to the most)`),
    row("Build:", `${seconds(build.seconds)}, whole process`),
    ...processRows(build),
    row("  time by stage:", `${stages.join(", ")} s`),
    row("csv-parse alone:", `${seconds(csv_parse_alone.seconds)}, whole process`),
    ...processRows(csv_parse_alone),
    row(
      "Build by csv-parse:",
      spread(ratio.seconds, (value) => value.toFixed(2)),
    ),
    row(
      "  processor time:",
      spread(ratio.processor_seconds, (value) => value.toFixed(2)),
    ),
    row("Index:", `${whole(found.cells)} cells, ${whole(found.index_bytes)} bytes, generation ${found.generation}`),
    row(
      "Checked:",
      `${whole(read)} rows read, ${whole(used)} used, ${whole(duplicate)} duplicate, ${whole(conflict)} conflict, ` +
        `${whole(orphan)} orphan, revenue ${found.totals.revenue}: as planted, in every build`,
    ),
  ].join("");
}

function processRows({ rows_per_second, peak_memory_bytes, processor_seconds }: ProcessFigures): string[] {
  return [
    row("  rows a second:", spread(rows_per_second, whole)),
    row("  peak memory:", spread(peak_memory_bytes, bytes)),
    row("  processor time:", seconds(processor_seconds)),
  ];
}

function row(label: string, value: string): string {
  return `${label.padEnd(24)}${value}\n`;
}

/** `2.5 (2.1 to 3)`. */
export function spread({ median, least, most }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(least)} to ${format(most)})`;
}

function seconds(values: Spread): string {
  return spread(values, (value) => `${value.toFixed(2)} s`);
}

function bytes(value: number): string {
  return `${whole(Math.round(value / 2 ** 20))} MiB`;
}

/** With thousands in groups, in the same way everywhere. */
function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
