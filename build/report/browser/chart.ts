/** Draws a chart that follows the size of its element and the colour scheme. */
import type { EChartsOption, GridComponentOption } from "echarts";
import { BarChart, ScatterChart } from "echarts/charts";
import * as components from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { cellAddress, data } from "./cells.js";
import { byId } from "./parts.js";

use([
  BarChart,
  ScatterChart,
  components.GridComponent,
  components.LegendComponent,
  components.TooltipComponent,
  components.DataZoomSliderComponent,
  components.MarkAreaComponent,
  components.MarkLineComponent,
  CanvasRenderer,
]);

export const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** Not seen: its own colour is one of the theme's as the current scheme has it, while a variable has those of both. */
const sample = document.head.appendChild(document.createElement("span"));

export function colour(name: string): string {
  sample.style.color = `var(--${name})`;
  return getComputedStyle(sample).color;
}

export function textStyle(name = "muted"): { color: string; fontFamily: string } {
  return { color: colour(name), fontFamily: "system-ui, sans-serif" };
}

/** @param margin the room at either end of the axis, in campaigns */
export function commonOption(
  campaigns: readonly number[],
  margin = 0,
): Omit<EChartsOption, "grid"> & { readonly grid: GridComponentOption } {
  const isNarrow = innerWidth < 700;
  const window = Math.max(4, Math.min(60, Math.floor(240 / data.periods)) / (isNarrow ? 4 : 1));
  const isZoomed = campaigns.length > window;
  const text = textStyle();
  const noData = { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: isNarrow ? 8 : 16, top: 40, bottom: isZoomed ? 40 : 4, outerBoundsMode: "same" },
    legend: {
      top: 0,
      left: 0,
      type: "scroll",
      itemGap: 16,
      itemWidth: 12,
      itemHeight: 12,
      textStyle: text,
      pageTextStyle: text,
    },
    // Drawn on the canvas: the page's policy allows no style attributes.
    tooltip: {
      renderMode: "richText",
      backgroundColor: colour("card"),
      borderColor: colour("line"),
      textStyle: textStyle("ink"),
    },
    dataZoom: isZoomed
      ? [
          {
            type: "slider",
            startValue: -margin,
            endValue: window - 1 + margin / 2,
            bottom: 6,
            height: 22,
            brushSelect: false,
            showDetail: false,
            borderColor: colour("line"),
            fillerColor: colour("selected"),
            backgroundColor: colour("paper"),
            handleStyle: { color: colour("card"), borderColor: colour("muted") },
            moveHandleStyle: { color: colour("line") },
            dataBackground: noData,
            selectedDataBackground: noData,
          },
        ]
      : [],
  };
}

export interface Chart {
  readonly instance: EChartsType;
  readonly draw: () => void;
}

export function chartAt(
  id: string,
  option: () => EChartsOption,
  cellAt: (series: number, datum: number) => { campaign: number; period: number },
): Chart {
  const parent = byId(id);
  const chart = init(parent, null, { renderer: "canvas" });
  const draw = (): void => {
    chart.setOption(option(), { notMerge: true });
  };
  chart.on("click", ({ componentType, seriesIndex, dataIndex }) => {
    if (componentType !== "series" || seriesIndex === undefined) return;
    const { campaign, period } = cellAt(seriesIndex, dataIndex);
    location.hash = cellAddress(campaign, period);
  });
  draw();
  darkScheme.addEventListener("change", draw);
  new ResizeObserver(() => {
    chart.resize();
  }).observe(parent);
  return { instance: chart, draw };
}
