/** Draws the charts that documents show, as SVG by ECharts. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as echarts from "echarts";
import type { Group, Results } from "../results.js";
import { number, time } from "./format.js";
import { noiseOfGroup, rowsOf, type Row } from "./rows.js";
import { isSideBySide } from "./tables.js";

const WIDTH = 800;
const ROW = 34;
export const INK = "#1f2937";
const OURS = "#5fbdb1";
const THEIRS = "#cbd5e1";

export async function writeCharts(results: Results, folder: string): Promise<void> {
  for (const [name, svg] of chartsOf(results)) await writeFile(join(folder, `${name}.svg`), svg);
}

export function chartsOf({ groups }: Results): [name: string, svg: string][] {
  return groups.map((group) => (isSideBySide(group) ? ["side-by-side", sideBySide(group)] : ["growth", growth(group)]));
}

export function drawn(option: object, height: number): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({ animation: false, backgroundColor: "#fff", textStyle: { color: INK }, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // ECharts numbers parts across charts; numbered anew, the same option gives the same text.
  const names = [...new Set(svg.match(/\bzr\d+-[a-z]+-?\d+/g))];
  return `${svg.replaceAll(/\bzr\d+-[a-z]+-?\d+/g, (name) => `part-${names.indexOf(name)}`)}\n`;
}

function sideBySide(group: Group): string {
  const rows = rowsOf(group, group.comparisons[0]!);
  return bars("Requests a second, of one core (logarithmic)", "log", number, rows, (row) => {
    return { value: row.requestsPerSecond.median, isOurs: [group.reference, group.again].includes(row.name) };
  });
}

function growth(group: Group): string {
  const rows = group.comparisons.flatMap((comparison) => rowsOf(group, comparison));
  const noise = number((noiseOfGroup(group).processorTime - 1) * 100);
  const title = `Processor time a request, as the work grows (noise: ${noise} %)`;
  return bars(title, "value", time, rows, (row) => ({ value: row.processorTime.median, isOurs: true }));
}

function bars(
  title: string,
  axis: "log" | "value",
  format: (value: number) => string,
  rows: readonly Row[],
  barOf: (row: Row) => { readonly value: number; readonly isOurs: boolean },
): string {
  const labels = { color: INK, fontSize: 12 };
  const option = {
    title: { text: title, left: 20, top: 12, textStyle: { fontSize: 15, color: INK } },
    grid: { top: 44, right: 90, bottom: 40, left: 250 },
    yAxis: { type: "category", inverse: true, data: rows.map(({ label }) => label), axisLabel: labels },
    xAxis: { type: axis, axisLabel: { ...labels, formatter: format } },
    series: {
      type: "bar",
      label: { show: true, position: "right", color: INK, formatter: ({ value }: { value: number }) => format(value) },
      data: rows.map(barOf).map(({ value, isOurs }) => ({ value, itemStyle: { color: isOurs ? OURS : THEIRS } })),
    },
  };
  return drawn(option, 84 + rows.length * ROW);
}
