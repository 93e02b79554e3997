/** Writes the figures of a reload as a table and a chart. */
import { drawn, INK } from "../report/charts.js";
import { markdownTable, mebibytes, time, whole } from "../report/format.js";
import type { ReloadResults } from "./run-reload.js";

const AROUND_RELOAD = 2;
const HEIGHT = 360;
const LINES = [
  ["p50", "#0f766e"],
  ["p99", "#b45309"],
  ["max", "#b91c1c"],
] as const;

export function tableOf({ campaigns, rate, reloadBegan, reloadEnded, memory, seconds }: ReloadResults): string {
  const shown = seconds
    .map((second, at) => ({ ...second, at }))
    .filter(({ at }) => at >= Math.floor(reloadBegan) - AROUND_RELOAD && at <= Math.floor(reloadEnded) + AROUND_RELOAD);
  const isReloading = (at: number): boolean => at + 1 > reloadBegan && at < reloadEnded;
  const table = markdownTable(
    [
      { heading: "second", of: ({ at }) => `${at} to ${at + 1}${isReloading(at) ? ", reloading" : ""}` },
      { heading: "requests", isNumber: true, of: ({ requests }) => whole(requests) },
      { heading: "p50", isNumber: true, of: ({ p50 }) => time(p50) },
      { heading: "p99", isNumber: true, of: ({ p99 }) => time(p99) },
      { heading: "most", isNumber: true, of: ({ max }) => time(max) },
    ],
    shown,
  );
  const took = time((reloadEnded - reloadBegan) * 1e6);
  return `${whole(campaigns)} campaigns, ${whole(rate)} requests a second, one worker on one core: reloaded in ${took}, no request failed.
Resident memory: ${mebibytes(memory.before)} before, ${mebibytes(memory.peak)} at most, ${mebibytes(memory.after)} after.

${table}`;
}

export function chartOf({ campaigns, rate, reloadBegan, reloadEnded, seconds }: ReloadResults): string {
  const label = { color: INK, fontSize: 12 };
  return drawn(
    {
      title: {
        text: `Latency while an index of ${whole(campaigns)} campaigns is loaded`,
        subtext: `${whole(rate)} requests a second, from the moment each was due`,
        left: 20,
        top: 12,
        textStyle: { fontSize: 15, color: INK },
        subtextStyle: label,
      },
      grid: { top: 78, right: 60, bottom: 52, left: 76 },
      xAxis: {
        type: "value",
        max: seconds.length,
        axisLabel: label,
        name: "seconds",
        nameLocation: "middle",
        nameGap: 28,
      },
      yAxis: { type: "log", axisLabel: { ...label, formatter: time } },
      series: LINES.map(([name, color]) => ({
        type: "line",
        name,
        color,
        symbolSize: 4,
        labelLayout: { moveOverlap: "shiftY" },
        endLabel: { show: true, formatter: name === "max" ? "most" : name, color },
        data: seconds.map((second, number) => [number + 0.5, second[name]]),
        markArea: {
          itemStyle: { color: "#cbd5e1", opacity: 0.2 },
          label: { position: "insideTop", color: INK },
          data: [[{ name: name === "p50" ? "reload" : "", xAxis: reloadBegan }, { xAxis: reloadEnded }]],
        },
      })),
    },
    HEIGHT,
  );
}
