/** Results to the charts that documents show. */
import { drawn, type Bar, type Chart } from "./chart.js";
import type { Group, Results } from "./results.js";
import type { Spread } from "./spread.js";
import { rowsOf, type Row } from "./summary.js";
import { number, time } from "./wording.js";

/** By the name of the file, without its ending. */
export function chartsOf({ groups }: Results): [name: string, svg: string][] {
  return groups.map((group) =>
    group.comparisons[0]?.part === "side-by-side"
      ? ["side-by-side", drawn(sideBySide(group))]
      : ["growth", drawn(growth(group))],
  );
}

function sideBySide(group: Group): Chart {
  return {
    title: "Requests a second",
    axis: "log",
    format: number,
    bars: rowsOf(group, group.comparisons[0]!).map((row) =>
      bar(row, row.requestsPerSecond, row.name.startsWith("billboard")),
    ),
  };
}

function growth(group: Group): Chart {
  const rows = group.comparisons.flatMap((comparison) => rowsOf(group, comparison));
  return {
    title: "Processor time a request, as the work grows",
    axis: "linear",
    format: time,
    bars: rows.map((row) => bar(row, row.processorTime, !row.name.endsWith("nginx"))),
  };
}

function bar({ label }: Row, { least, lower, median, upper, most }: Spread, isOurs: boolean): Bar {
  return { label, isOurs, least, lower, median, upper, most };
}
