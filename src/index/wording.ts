/** Writes numbers, money, periods and durations as text for people, the same on every page. It runs in browsers too. */
import { formatMillionths, millionthsOf } from "./money.js";

/** Of a whole number. `Intl` takes 10 ms of every command to load. */
export function count(value: number): string {
  return grouped(String(value));
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ",");
}

export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** Of a share, with at most two decimals. */
export function percentText(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** The first of them, and how many more there are. */
export function named(items: readonly (string | number)[], most = 10, of = items.length): string {
  const first = items.slice(0, most).join(", ");
  return of > most ? `${first} and ${count(of - most)} more` : first;
}

/** The minus sign U+2212 is as wide as a digit. */
export function moneyText(millionths: bigint): string {
  const [whole = "", fraction = ""] = formatMillionths(millionths).split(".");
  return `${grouped(whole).replace("-", "−")}.${fraction}`;
}

/** A sum in a report, which has six decimals and may exceed 64 bits. */
export function sumText(revenue: string): string {
  return moneyText(millionthsOf(revenue));
}

export function minutesOf(period: number, periods: number): string {
  const length = 60 / periods;
  const minute = (value: number): string => String(value).padStart(2, "0");
  const first = minute((period - 1) * length);
  return length === 1 ? first : `${first}–${minute(period * length - 1)}`;
}

/** In its two greatest units. */
export function durationText(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const parts = Object.entries({ d: s / 86_400, h: (s / 3600) % 24, min: (s / 60) % 60, s: s % 60 });
  const first = parts.findIndex(([, amount]) => amount >= 1);
  const known = parts.slice(first, first + 2).filter(([, amount]) => amount >= 1);
  return known.map(([unit, amount]) => `${Math.floor(amount)} ${unit}`).join(" ") || "0 s";
}
