/** Tells the period of the hour from a moment and a time zone. */

/** From 1. The zone matters: some are not whole hours from UTC. @throws RangeError where it is unknown */
export function periodAt(epochMs: number, timeZone: string, periods: number): number {
  return new PeriodClock(timeZone, periods).at(epochMs);
}

/** Tells the time of a clock that stands still in this period. @param period from 1 to `periods` */
export function clockStandingIn(period: number, timeZone: string, periods: number): () => number {
  const clock = new PeriodClock(timeZone, periods);
  let moment = 0;
  while (clock.at(moment) !== period) moment += 60_000;
  return () => moment;
}

/** For every request: a zone's offset changes at whole minutes only, so that one result serves a minute. */
export class PeriodClock {
  readonly #minuteOf: Intl.DateTimeFormat;
  readonly #periods: number;
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

  minuteAt(epochMs: number): number {
    return Number(this.#minuteOf.format(epochMs));
  }

  /** Milliseconds since 1970; where the hour has one period, when that begins anew. */
  nextAt(epochMs: number): number {
    const length = 60 / this.#periods;
    // Minute by minute, since clocks that are put forward or back leave out some, or show them twice.
    let minute = Math.floor(epochMs / 60_000) + 1;
    while (this.minuteAt(minute * 60_000) % length !== 0) minute++;
    return minute * 60_000;
  }
}
