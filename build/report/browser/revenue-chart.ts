/** Draws revenue by campaign and period: one bar a campaign, one part of it a period. */
import type { EChartsOption } from "echarts";
import { minutesOf, moneyText } from "../../../src/index/wording.js";
import { cellOf, data, named, periods } from "./cells.js";
import { chartAt, colour, commonOption, darkScheme, textStyle, type Chart } from "./chart.js";

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** From near the paper to far from it, since periods have an order. */
function periodColour(period: number): string {
  const [from, to] = darkScheme.matches ? [36, 78] : [80, 34];
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
    series: periods.map((period) => ({
      type: "bar" as const,
      name: `Period ${period} (${minutesOf(period, data.periods)})`,
      stack: "revenue",
      barMaxWidth: 34,
      barCategoryGap: "28%",
      itemStyle: { color: periodColour(period), borderColor: colour("card"), borderWidth: data.periods > 12 ? 0 : 1 },
      data: campaigns.map((campaign) => Number(cellOf(campaign, period)?.revenue ?? 0) / 1e6),
      tooltip: {
        formatter: (point: unknown) => {
          const campaign = campaigns[(point as { dataIndex: number }).dataIndex]!;
          const revenue = cellOf(campaign, period)?.revenue ?? 0n;
          return `Campaign ${campaign}${named(campaign)}, period ${period}\nRevenue ${moneyText(revenue)}`;
        },
      },
    })),
  };
}

export function showRevenueChart(campaigns: () => readonly number[]): Chart {
  return chartAt(
    "revenue-chart",
    () => revenueOption(campaigns()),
    (series, datum) => ({ campaign: campaigns()[datum]!, period: series + 1 }),
  );
}
