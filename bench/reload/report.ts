/** The figures of a reload to a table and a chart. */
import * as echarts from "echarts";
import { onPaper } from "../chart.js";
import { markdownTable } from "../markdown.js";
import { mebibytes, time } from "../wording.js";
import type { ReloadResults } from "./run-reload.js";

/** Seconds that are shown before and after those of the reload. */
const AROUND_RELOAD = 2;

/** What it comes to, and the seconds around the reload. */
export function tableOf(results: ReloadResults): string {
  const { campaigns, rate, reloadBegan, reloadEnded, memory, seconds } = results;
  const shown = seconds
    .map((second, at) => ({ ...second, at }))
    .filter(({ at }) => at >= Math.floor(reloadBegan) - AROUND_RELOAD && at <= Math.floor(reloadEnded) + AROUND_RELOAD);
  const rows = shown.map(({ at, requests, p50, p99, max }) => [
    `${at} to ${at + 1}${at + 1 > reloadBegan && at < reloadEnded ? ", reloading" : ""}`,
    requests.toLocaleString("en-US"),
    time(p50),
    time(p99),
    time(max),
  ]);
  const table = markdownTable(
    [{ heading: "second" }, ...["requests", "p50", "p99", "most"].map((heading) => ({ heading, isNumber: true }))],
    rows,
  );
  return `${campaigns.toLocaleString("en-US")} campaigns, ${rate.toLocaleString("en-US")} requests a second, one worker on one core: taken up in ${time(
    (reloadEnded - reloadBegan) * 1e6,
  )}, no request failed.
Resident memory: ${mebibytes(memory.before)} before, ${mebibytes(memory.peak)} at most, ${mebibytes(memory.after)} after.

${table}`;
}

const WIDTH = 800;
const HEIGHT = 360;
const INK = "#1f2937";
const FAINT = "#e5e7eb";
const LINES = [
  ["p50", "#0f766e"],
  ["p99", "#b45309"],
  ["max", "#b91c1c"],
] as const;

/** As SVG, with a line ending. */
export function chartOf({ campaigns, rate, reloadBegan, reloadEnded, seconds }: ReloadResults): string {
  const title = `Latency while an index of ${campaigns.toLocaleString("en-US")} campaigns is taken up`;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  const label = { color: INK, fontSize: 12 };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: INK },
    title: {
      text: title,
      subtext: `${rate.toLocaleString("en-US")} requests a second, from the moment each was due`,
      left: 20,
      top: 12,
      textStyle: { fontSize: 15, fontWeight: 600, color: INK },
      subtextStyle: label,
    },
    grid: { top: 78, right: 60, bottom: 52, left: 76 },
    xAxis: {
      type: "value",
      min: 0,
      max: seconds.length,
      name: "seconds",
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: label,
      axisLabel: label,
      splitLine: { show: false },
    },
    yAxis: {
      type: "log",
      axisLabel: { ...label, formatter: time },
      splitLine: { lineStyle: { color: FAINT } },
    },
    series: LINES.map(([name, color], at) => ({
      type: "line",
      name,
      symbolSize: 4,
      labelLayout: { moveOverlap: "shiftY" },
      itemStyle: { color },
      lineStyle: { color, width: 2 },
      endLabel: { show: true, formatter: name === "max" ? "most" : name, color, fontSize: 12, fontWeight: 600 },
      data: seconds.map((second, number) => [number + 0.5, second[name]]),
      ...(at === 0 && {
        markArea: {
          silent: true,
          itemStyle: { color: "#cbd5e1", opacity: 0.6 },
          label: { position: "insideTop", color: INK, fontSize: 12 },
          data: [[{ name: "reload", xAxis: reloadBegan }, { xAxis: reloadEnded }]],
        },
      }),
    })),
  } as echarts.EChartsCoreOption);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return onPaper(svg, { width: WIDTH, height: HEIGHT }, `${title}: ${tellOf(seconds)}`);
}

function tellOf(seconds: ReloadResults["seconds"]): string {
  const most = Math.max(...seconds.map(({ max }) => max));
  return `half of the requests take less than ${time(Math.max(...seconds.map(({ p50 }) => p50)))} in any second, and none more than ${time(most)}`;
}
