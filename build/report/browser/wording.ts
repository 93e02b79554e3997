/** Numbers, revenue and periods to text for people. */

/** With thousands in groups, in the same way everywhere. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A count and what it counts, which adds an "s" where it is not one. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** Exact decimal text, with thousands in groups; no digit goes through a number. */
export function revenueText(exact: string): string {
  const [whole = "", fraction = ""] = exact.split(".");
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",").replace("-", "−")}.${fraction}`;
}

/** Exact decimal text to millionths. */
export function millionths(exact: string): bigint {
  return BigInt(exact.replace(".", ""));
}

/** Millionths to exact decimal text; takes no negative ones. */
export function exactText(positive: bigint): string {
  const digits = String(positive).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  const [unit, size] = bytes < 1e6 ? ["kB", bytes / 1e3] : bytes < 1e9 ? ["MB", bytes / 1e6] : ["GB", bytes / 1e9];
  return `${size.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${unit}`;
}

/** The minutes of the hour that a period has: `15–29`. */
export function minutesOf(period: number, periods: number): string {
  const length = 60 / periods;
  const minute = (value: number): string => String(value).padStart(2, "0");
  const first = minute((period - 1) * length);
  return length === 1 ? first : `${first}–${minute(period * length - 1)}`;
}
