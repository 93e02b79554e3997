/** Draws revenue by campaign and period: one bar a campaign, one part of it a period. */
import type { EChartsOption } from "echarts";
import { minutesOf, moneyText } from "../../../src/index/wording.js";
import { cellOf, data } from "./cells.js";
import { chartAt, colour, commonOption, textStyle, type Chart } from "./chart.js";

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** From pale to dark, since periods have an order. */
function periodColour(period: number): string {
  const from = Number(colour("period-from"));
  const to = Number(colour("period-to"));
  const share = data.periods === 1 ? 1 : (period - 1) / (data.periods - 1);
  return `hsl(218, ${30 + 10 * share}%, ${from + (to - from) * share}%)`;
}

function revenueOption(campaigns: readonly number[]): EChartsOption {
  const text = textStyle();
  return {
    ...commonOption(campaigns),
    xAxis: {
      type: "category",
      data: campaigns.map(String),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line") } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      axisLabel: { ...text, formatter: (value: number) => compact.format(value) },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    series: Array.from({ length: data.periods }, (_, at) => ({
      type: "bar" as const,
      name: `Period ${at + 1} (${minutesOf(at + 1, data.periods)})`,
      stack: "revenue",
      barMaxWidth: 34,
      barCategoryGap: "28%",
      itemStyle: { color: periodColour(at + 1), borderColor: colour("card"), borderWidth: data.periods > 12 ? 0 : 1 },
      data: campaigns.map((campaign) => Number(cellOf(campaign, at + 1)?.revenue ?? 0) / 1e6),
      tooltip: {
        formatter: (point: unknown) => {
          const campaign = campaigns[(point as { dataIndex: number }).dataIndex]!;
          const revenue = cellOf(campaign, at + 1)?.revenue ?? 0n;
          return `Campaign ${campaign}, period ${at + 1}\nRevenue ${moneyText(revenue)}`;
        },
      },
    })),
  };
}

/** @param campaigns called at each drawing: their order */
export function showRevenueChart(campaigns: () => readonly number[]): Chart {
  return chartAt(
    "revenue-chart",
    () => revenueOption(campaigns()),
    (series, datum) => ({ campaign: campaigns()[datum]!, period: series + 1 }),
  );
}
