/** Writes shares, durations and times as text for people. */

export { count, counted, minutesOf, moneyText } from "../../index/wording.js";

export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const STEPS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

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

export class ZoneClock {
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(readonly timeZone: string) {
    this.#time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
    this.#day = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" });
  }

  time(epochMs: number): string {
    return this.#time.format(epochMs);
  }

  /** With the day where that is not the day of `now`. */
  moment(epochMs: number, now: number): string {
    const day = this.#day.format(epochMs);
    return day === this.#day.format(now) ? this.time(epochMs) : `${day}, ${this.time(epochMs)}`;
  }
}
