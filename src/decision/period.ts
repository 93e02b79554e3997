/** Tells the period of the hour from a moment and a time zone. */

/**
 * The period, from 1 to `periods`, of a moment.
 * @param epochMs milliseconds since 1970, as `Date.now()` gives them
 * @param timeZone an IANA name; the minute matters in zones that are not whole hours from UTC
 * @param periods how many equal parts the hour has; divides 60
 * @throws RangeError where the zone is unknown
 */
export function periodAt(epochMs: number, timeZone: string, periods: number): number {
  return new PeriodClock(timeZone, periods).at(epochMs);
}

/** Tells it at every request: a zone's offset changes at whole minutes only, so that one result serves a minute. */
export class PeriodClock {
  readonly #minuteOf: Intl.DateTimeFormat;
  readonly #periods: number;
  /** The minute since 1970 that `#period` was worked out for. */
  #minute = NaN;
  #period = 0;

  constructor(timeZone: string, periods: number) {
    this.#minuteOf = new Intl.DateTimeFormat("en", { timeZone, minute: "numeric" });
    this.#periods = periods;
  }

  /** @param epochMs may also go back, as a clock that is set does */
  at(epochMs: number): number {
    const minute = Math.floor(epochMs / 60_000);
    if (minute !== this.#minute) {
      this.#period = Math.floor((this.minuteAt(epochMs) * this.#periods) / 60) + 1;
      this.#minute = minute;
    }
    return this.#period;
  }

  /** The minute of the hour, from 0 to 59, that the zone's clocks show. */
  minuteAt(epochMs: number): number {
    return Number(this.#minuteOf.format(epochMs));
  }

  /** When the next period begins, or the same one anew where the hour has but one. Milliseconds since 1970. */
  nextAt(epochMs: number): number {
    const length = 60 / this.#periods;
    // Minute by minute, since clocks that are put forward or back leave out some, or show them twice.
    let minute = Math.floor(epochMs / 60_000) + 1;
    while (this.minuteAt(minute * 60_000) % length !== 0) minute++;
    return minute * 60_000;
  }
}
