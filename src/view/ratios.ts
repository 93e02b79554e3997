/** Works out the ratios that an ad manager decides by. It runs in browsers too. */
import type { JsonFigures } from "./rows.js";

/** Figures of fewer clicks say little: their ratios are marked. */
export const FEW_CLICKS = 30;

export const RATIOS = ["ctr", "conversion_rate", "revenue_per_click", "revenue_per_mille"] as const;
export type Ratio = (typeof RATIOS)[number];

export interface RatioFigures {
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths, rounded to a double once: so are quotients of them, which order exactly as long as these are exact. */
  readonly revenue: number;
}

const QUOTIENTS: Readonly<Record<Ratio, (figures: RatioFigures) => number>> = {
  ctr: ({ clicks, impressions }) => clicks / impressions,
  conversion_rate: ({ conversions, clicks }) => conversions / clicks,
  revenue_per_click: ({ revenue, clicks }) => revenue / (clicks * 1e6),
  revenue_per_mille: ({ revenue, impressions }) => revenue / (impressions * 1e3),
};

/** Undefined where it would be divided by 0. */
export function ratioOf(ratio: Ratio, figures: RatioFigures): number | undefined {
  const quotient = QUOTIENTS[ratio](figures);
  return Number.isFinite(quotient) ? quotient : undefined;
}

export function ratiosOf(figures: JsonFigures): Readonly<Record<Ratio, number | undefined>> {
  const numbers = { ...figures, revenue: millionthsOf(figures.revenue) };
  return Object.fromEntries(RATIOS.map((ratio) => [ratio, ratioOf(ratio, numbers)])) as Record<
    Ratio,
    number | undefined
  >;
}

/** Undefined where there is nothing to share, or less. */
export function shareOf(revenue: string, ofAll: string): number | undefined {
  const all = millionthsOf(ofAll);
  return all > 0 ? millionthsOf(revenue) / all : undefined;
}

/** Of an exact decimal with six places. */
function millionthsOf(revenue: string): number {
  return Number(revenue.replace(".", ""));
}
