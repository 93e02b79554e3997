/** Tells how fast a total grew in each second of the last minute. */

export const MAX_RATES = 60;

export class RequestRate {
  /** Oldest first. */
  readonly rates: number[] = [];
  #total = 0;
  #at: number;

  constructor(start: number) {
    this.#at = start;
  }

  /** Ignores a clock that stands still or was put back. */
  look(total: number, at: number): void {
    const seconds = (at - this.#at) / 1000;
    this.#at = at;
    if (seconds <= 0) return;
    if (this.rates.push((total - this.#total) / seconds) > MAX_RATES) this.rates.shift();
    this.#total = total;
  }
}
