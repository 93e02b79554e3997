/** A total that grows, looked at now and then, to how fast it grew: the requests a second of the last minute. */

/** How many looks are remembered: at one a second, a minute. */
export const LOOKS = 60;

export class RequestRate {
  readonly #rates: number[] = [];
  #total = 0;
  #at: number;

  /** @param start milliseconds, when the total was 0 */
  constructor(start: number) {
    this.#at = start;
  }

  /** A look. Of two at the same moment, or where the clock was put back, the second tells nothing. */
  look(total: number, at: number): void {
    const seconds = (at - this.#at) / 1000;
    this.#at = at;
    if (seconds <= 0) return;
    if (this.#rates.push((total - this.#total) / seconds) > LOOKS) this.#rates.shift();
    this.#total = total;
  }

  /** The oldest first. */
  get rates(): readonly number[] {
    return this.#rates;
  }
}
