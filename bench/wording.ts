/** Figures to text: as many digits as they are worth, and units that read well. */
import type { Figure } from "./summary.js";
import type { Spread } from "./spread.js";

/** With three digits that count, and thousands in groups. */
export function number(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}

/** @param microseconds any time */
export function time(microseconds: number): string {
  if (microseconds < 1000) return `${number(microseconds)} µs`;
  return microseconds < 1e6 ? `${number(microseconds / 1000)} ms` : `${number(microseconds / 1e6)} s`;
}

export function mebibytes(bytes: number): string {
  return `${number(bytes / 2 ** 20)} MiB`;
}

/** `2.5 (2.1 to 3)`: the median, the least and the most. */
export function spread({ median, least, most }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(least)} to ${format(most)})`;
}

/** `0.92 (0.91 to 0.95)`: the median and the quartiles of the ratios, and whether that is a difference at all. */
export function against({ against }: Figure): string {
  if (against === undefined) return "";
  const { median, lower, upper } = against.ratio;
  const figures = `${ratio(median)} (${ratio(lower)} to ${ratio(upper)})`;
  return against.isDifferent ? figures : `${figures}, no difference`;
}

/** Two decimals, or two digits where these were all 0. */
export function ratio(value: number): string {
  if (value >= 9.995) return number(value);
  return value < 0.095 ? String(Number(value.toPrecision(2))) : value.toFixed(2);
}
