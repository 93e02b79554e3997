/** Makes banners whose true earnings nobody is told, and visitors who click and buy by them. */
import { seededFractions } from "../fleet/fractions.js";

export interface Earning {
  readonly banner: number;
  /** Of impressions. */
  readonly clicks: number;
  /** Of clicks. */
  readonly conversions: number;
  /** Of a conversion: millionths. */
  readonly revenue: bigint;
}

/** Up to six times the clicks of another, five times the conversions, ten times the price. */
export function earningsOf(banners: number, seed: string): Earning[] {
  const random = seededFractions(`earnings ${seed}`);
  const between = (from: number, to: number): number => from + random() * (to - from);
  return Array.from({ length: banners }, (_, at) => ({
    banner: at + 1,
    clicks: between(0.005, 0.03),
    conversions: between(0.02, 0.1),
    revenue: BigInt(Math.round(between(2, 20) * 100)) * 10_000n,
  }));
}

export function bestOf(earnings: readonly Earning[], count: number): Set<number> {
  const rateOf = ({ clicks, conversions, revenue }: Earning): number => clicks * conversions * Number(revenue);
  const sorted = earnings.toSorted((a, b) => rateOf(b) - rateOf(a));
  return new Set(sorted.slice(0, count).map(({ banner }) => banner));
}
