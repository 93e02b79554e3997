/** Describes the figures of a campaign or a banner with their ratios as columns, and adds them up. */
import { formatMillionths, millionthsOf } from "../src/index/money.js";
import { FEW_CLICKS, ratiosOf, type Ratio } from "../src/view/ratios.js";
import type { JsonFigures } from "../src/view/rows.js";
import type { Column } from "./column.js";

export type FigureName = keyof JsonFigures | Ratio;
type Figure = Column<JsonFigures, FigureName>;

const sum = (id: keyof JsonFigures, head: string, as: "count" | "money" = "count"): Figure => {
  return { id, head, as, sorts: "descending", value: (row) => row[id] };
};
const ratio = (id: Ratio, head: string, title: string, as: "percent" | "money"): Figure => {
  const isUncertain = ({ clicks }: JsonFigures): boolean => clicks < FEW_CLICKS;
  return { id, head, title, as, isUncertain, sorts: "descending", value: (row) => ratiosOf(row)[id] };
};

export const FIGURES: readonly Figure[] = [
  sum("impressions", "Impressions"),
  sum("clicks", "Clicks"),
  sum("conversions", "Conversions"),
  sum("revenue", "Revenue", "money"),
  ratio("ctr", "CTR", "Clicks per impression", "percent"),
  ratio("conversion_rate", "Conversion rate", "Conversions per click", "percent"),
  ratio("revenue_per_click", "Revenue per click", "Revenue divided by clicks", "money"),
  ratio("revenue_per_mille", "Revenue per 1,000", "Revenue per thousand impressions", "money"),
];

export function sumOf(rows: readonly JsonFigures[]): JsonFigures {
  const total = (name: "impressions" | "clicks" | "conversions"): number =>
    rows.reduce((before, row) => before + row[name], 0);
  return {
    impressions: total("impressions"),
    clicks: total("clicks"),
    conversions: total("conversions"),
    revenue: formatMillionths(rows.reduce((before, { revenue }) => before + millionthsOf(revenue), 0n)),
  };
}
