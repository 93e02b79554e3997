/** Draws X by cell: one mark a cell, in the colour and shape of its rule, between the thresholds of the rules. */
import type { EChartsOption } from "echarts";
import { count, moneyText } from "../../../src/index/wording.js";
import { cellOf, data, named, periods, type Cell } from "./cells.js";
import { chartAt, colour, commonOption, textStyle, type Chart } from "./chart.js";

/** `from` is the least X that a rule applies to. */
const ALL_BANDS = [
  { rule: "top-10", from: 10, symbol: "circle" },
  { rule: "top-x", from: 5, symbol: "rect" },
  { rule: "fill-by-clicks", from: 1, symbol: "triangle" },
  { rule: "by-clicks", from: 0, symbol: "diamond" },
  { rule: "default", from: 0, symbol: "emptyCircle" },
] as const;

const BANDS = ALL_BANDS.filter(({ rule }) => rule !== "default" || data.cells_by_rule[rule] !== 0);

const THRESHOLDS = [5, 10];

const LOWEST = -0.35;

/** Logarithmic, since X may be hundreds and the thresholds are 5 and 10; 0 is shown too. */
const heightOf = (x: number): number => Math.log2(1 + x);

const NO_LINES = { axisTick: { show: false }, splitLine: { show: false } };

function cellsByRule(campaigns: readonly number[]): { position: number; cell: Cell }[][] {
  const cells: { position: number; cell: Cell }[][] = BANDS.map(() => []);
  campaigns.forEach((campaign, at) => {
    for (const period of periods) {
      const cell = cellOf(campaign, period);
      if (cell === undefined) continue;
      const position = at + (0.72 * (period - (data.periods + 1) / 2)) / data.periods;
      cells[BANDS.findIndex(({ rule }) => rule === cell.rule)]!.push({ position, cell });
    }
  });
  return cells;
}

function xOption(
  campaigns: readonly number[],
  cells: readonly (readonly { position: number; cell: Cell }[])[],
): EChartsOption {
  const text = textStyle();
  const common = commonOption(campaigns, 1);
  const greatest = Math.max(...cells.flatMap((each) => each.map(({ cell }) => cell.x)), 20);
  const top = heightOf(greatest) * 1.05;
  const ticks = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000];
  const labels = ticks.filter((x) => heightOf(x) <= top).map(heightOf);
  return {
    ...common,
    grid: { ...common.grid, right: 64 },
    xAxis: {
      type: "value",
      min: -1,
      max: campaigns.length,
      interval: 1,
      ...NO_LINES,
      axisLine: { onZero: false, lineStyle: { color: colour("line") } },
      axisLabel: { ...text, hideOverlap: true, formatter: (index: number) => String(campaigns[index] ?? "") },
    },
    yAxis: {
      type: "value",
      axisLine: { show: false },
      min: LOWEST,
      max: top,
      ...NO_LINES,
      axisLabel: { ...text, customValues: labels, formatter: (height: number) => count(Math.round(2 ** height - 1)) },
    },
    series: BANDS.map(({ rule, from, symbol }, at) => ({
      type: "scatter" as const,
      name: rule,
      symbol,
      symbolSize: 9,
      itemStyle: { color: colour(rule), borderColor: colour("card"), borderWidth: 1, opacity: 0.92 },
      emphasis: { scale: 1.5 },
      data: cells[at]!.map(({ position, cell }) => [position, heightOf(cell.x)]),
      markArea: {
        silent: true,
        itemStyle: { color: colour(rule), opacity: 0.07 },
        data:
          rule === "default"
            ? []
            : [[{ yAxis: edgeOf(from) }, { yAxis: at === 0 ? top : edgeOf(BANDS[at - 1]!.from) }]],
      },
      ...(THRESHOLDS.includes(from) && {
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: colour("muted"), type: "dashed" as const, width: 1 },
          label: { align: "left" as const, lineHeight: 15, color: colour("ink"), formatter: `from ${from}:\n${rule}` },
          data: [{ yAxis: heightOf(from) }],
        },
      }),
      tooltip: {
        formatter: (point: unknown) => {
          const { campaign, period, x, revenue } = cells[at]![(point as { dataIndex: number }).dataIndex]!.cell;
          return `Campaign ${campaign}${named(campaign)}, period ${period}\nX = ${count(x)}: ${rule}\nRevenue ${moneyText(revenue)}`;
        },
      },
    })),
  };
}

/** The lower edge of the band that begins at X: the mark of X = 1 lies within its band. */
function edgeOf(from: number): number {
  return from === 0 ? LOWEST : heightOf(from === 1 ? 0.6 : from);
}

export function showXChart(campaigns: () => readonly number[]): Chart {
  let cells = cellsByRule(campaigns());
  return chartAt(
    "x-chart",
    () => {
      cells = cellsByRule(campaigns());
      return xOption(campaigns(), cells);
    },
    (series, datum) => cells[series]![datum]!.cell,
  );
}
