/** Numbers, money, times and periods to text for people. */
import { formatMillionths } from "../../index/money.js";

const GROUPED = new Intl.NumberFormat("en-US");

/** With thousands in groups. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** A count and what it counts, which adds an "s" where it is not one. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** All six decimals, with thousands in groups and a minus sign that is as wide as a digit. */
export function moneyText(millionths: bigint): string {
  const [whole = "", fraction = ""] = formatMillionths(millionths).split(".");
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",").replace("-", "−")}.${fraction}`;
}

/** A share from 0 to 1, in percent. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The minutes of the hour that a period has: `15–29`. */
export function minutesOf(period: number, periods: number): string {
  const length = 60 / periods;
  const minute = (value: number): string => String(value).padStart(2, "0");
  const first = minute((period - 1) * length);
  return length === 1 ? first : `${first}–${minute(period * length - 1)}`;
}

const STEPS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** In its two largest units: `6 min 12 s`. */
export function durationText(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const first = STEPS.findIndex(([, length]) => rest >= length);
  if (first === -1) return "0 s";
  const parts = STEPS.slice(first, first + 2).map(([unit, length]) => {
    const whole = Math.floor(rest / length);
    rest %= length;
    return whole === 0 ? "" : `${whole} ${unit}`;
  });
  return parts.filter(Boolean).join(" ");
}

/** Moments as the clocks of one time zone show them. */
export class ZoneClock {
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;

  /** @param timeZone an IANA name */
  constructor(readonly timeZone: string) {
    this.#time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
    this.#day = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" });
  }

  /** `15:23:48` */
  time(epochMs: number): string {
    return this.#time.format(epochMs);
  }

  /** The same, with the day where that is not the day of `now`. */
  moment(epochMs: number, now: number): string {
    const day = this.#day.format(epochMs);
    return day === this.#day.format(now) ? this.time(epochMs) : `${day}, ${this.time(epochMs)}`;
  }
}
