/** Writes numbers, money and periods as text for people, the same on every page. It runs in browsers too. */
import { formatMillionths } from "./money.js";

const GROUPED = new Intl.NumberFormat("en-US");

/** With thousands in groups. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** A count and what it counts, with an "s" where it is not one. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** All six decimals, with thousands in groups and a minus sign as wide as a digit. */
export function moneyText(millionths: bigint): string {
  const [whole = "", fraction = ""] = formatMillionths(millionths).split(".");
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",").replace("-", "−")}.${fraction}`;
}

/** The minutes of the hour that a period has: `15–29`. */
export function minutesOf(period: number, periods: number): string {
  const length = 60 / periods;
  const minute = (value: number): string => String(value).padStart(2, "0");
  const first = minute((period - 1) * length);
  return length === 1 ? first : `${first}–${minute(period * length - 1)}`;
}
