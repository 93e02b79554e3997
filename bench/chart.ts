/** Figures to a chart for documents: a bar for each, its value written at it, and how far its rounds spread. */
import * as echarts from "echarts";
import { escapeHtml } from "../src/response/html.js";
import type { Spread } from "./spread.js";

export interface Bar extends Spread {
  readonly label: string;
  /** Whether it is of Billboard, and not of another server. */
  readonly isOurs: boolean;
}

export interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Where the longest bar is many times the shortest, it takes a logarithmic axis to show both. */
  readonly axis: "log" | "linear";
  readonly format: (value: number) => string;
}

const WIDTH = 800;
const ROW = 34;
const AROUND = { top: 44, right: 90, bottom: 40, left: 250 };
const FONT = "system-ui, sans-serif";
const INK = "#1f2937";
const FAINT = "#e5e7eb";
const OURS = "#5fbdb1";
const THEIRS = "#cbd5e1";

/** The chart as SVG, with a line ending. */
export function drawn({ title, bars, axis, format }: Chart): string {
  const height = AROUND.top + bars.length * ROW + AROUND.bottom;
  // Without an element to draw on, echarts makes text.
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    title: { text: title, left: 20, top: 12, textStyle: { fontSize: 15, fontWeight: 600, color: INK } },
    grid: AROUND,
    yAxis: {
      type: "category",
      inverse: true,
      data: bars.map(({ label }) => label),
      axisLine: { lineStyle: { color: INK } },
      axisTick: { show: false },
      axisLabel: { color: INK, fontSize: 12, width: AROUND.left - 24, overflow: "truncate" },
    },
    xAxis: {
      ...(axis === "log" ? { type: "log", min: startOf(bars) } : { type: "value", min: 0 }),
      splitLine: { lineStyle: { color: FAINT } },
      axisLabel: { color: INK, fontSize: 12, formatter: format },
    },
    series: [
      {
        type: "bar",
        barWidth: "60%",
        data: bars.map(({ median, isOurs }) => ({
          value: median,
          itemStyle: { color: isOurs ? OURS : THEIRS, borderRadius: [0, 3, 3, 0] },
        })),
      },
      {
        type: "custom",
        z: 3,
        data: bars.map(({ least, most, median }, at) => [least, at, most, median]),
        encode: { x: [0, 2], y: 1 },
        renderItem: (_: unknown, api: Coordinates) => {
          const [from = 0, y = 0] = api.coord([api.value(0), api.value(1)]);
          const [to = 0] = api.coord([api.value(2), api.value(1)]);
          const line = (x1: number, y1: number, x2: number, y2: number): object => ({
            type: "line",
            shape: { x1, y1, x2, y2 },
            style: { stroke: INK, lineWidth: 1.2 },
          });
          return {
            type: "group",
            children: [
              line(from, y, to, y),
              line(from, y - 4, from, y + 4),
              line(to, y - 4, to, y + 4),
              {
                type: "text",
                x: to + 8,
                y: y - 6,
                style: { text: format(api.value(3)), fill: INK, fontFamily: FONT, fontSize: 12, fontWeight: 600 },
              },
            ],
          };
        },
      },
    ],
  } as echarts.EChartsCoreOption);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return onPaper(
    svg,
    { width: WIDTH, height },
    `${title}: ${bars.map(({ label, median }) => `${label} ${format(median)}`).join("; ")}`,
  );
}

/** A power of ten well below the least, so that its bar can be seen. */
function startOf(bars: readonly Bar[]): number {
  return 10 ** Math.floor(Math.log10(Math.min(...bars.map(({ least }) => least))) - 0.3);
}

interface Coordinates {
  value(dimension: number): number;
  coord(point: readonly number[]): number[];
}

/** With a ground of its own, so that it can be read on a dark page too, and with a text for those who do not see it. */
export function onPaper(svg: string, { width, height }: { width: number; height: number }, text: string): string {
  const paper = `<rect width="${width}" height="${height}" rx="12" fill="#fff"/>`;
  // The library goes on counting from chart to chart in the names that it gives; the same chart is to be the same text.
  const names = new Map<string, string>();
  const named = svg.replaceAll(/\bzr\d+-[a-z]+-?\d+/g, (name) => {
    const own = names.get(name) ?? `part-${names.size}`;
    names.set(name, own);
    return own;
  });
  return `${named.replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img" aria-label="${escapeHtml(text)}">${paper}`)}\n`;
}
