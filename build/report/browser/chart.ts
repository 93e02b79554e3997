/** A chart's place on the page to a chart that keeps its size and follows the colour scheme. */
import type * as ECharts from "echarts";
import { cellAddress, data } from "./cells.js";
import { byId } from "./element.js";

/** The library, which the page has as a script of its own. */
declare const echarts: typeof ECharts;

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** A colour of the page's style, as it is now. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** One grid. */
type CommonOption = Omit<ECharts.EChartsOption, "grid"> & { grid: ECharts.GridComponentOption };

/** What both charts have alike. @param margin the campaigns’ room at either end of the axis, in campaigns */
export function commonOption(campaigns: readonly number[], margin = 0): CommonOption {
  const isNarrow = innerWidth < 700;
  // As many campaigns at first as leave a few pixels to each cell.
  const window = Math.max(4, Math.min(60, Math.floor(240 / data.periods)) / (isNarrow ? 4 : 1));
  const isZoomed = campaigns.length > window;
  const text = { color: colour("muted"), fontFamily: "system-ui, sans-serif" };
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
    // Drawn on the canvas rather than as HTML.
    tooltip: {
      renderMode: "richText",
      backgroundColor: colour("card"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink"), fontFamily: "system-ui, sans-serif" },
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
            fillerColor: colour("zoom"),
            backgroundColor: colour("paper"),
            handleStyle: { color: colour("card"), borderColor: colour("muted") },
            moveHandleStyle: { color: colour("line") },
            dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
            selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          },
        ]
      : [],
  };
}

export interface Chart {
  /** Draws anew, where what it shows has changed. */
  readonly draw: () => void;
}

/** @param option is asked for at each drawing @param cellAt the cell of one of the chart's points */
export function chartAt(
  id: string,
  option: () => ECharts.EChartsOption,
  cellAt: (series: number, datum: number) => { campaign: number; period: number },
): Chart {
  const place = byId(id);
  const chart = echarts.init(place, null, { renderer: "canvas" });
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
  }).observe(place);
  return { draw };
}
