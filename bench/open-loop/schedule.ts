/** When each request is due: evenly spaced, whether those before are answered or not. */

export class Schedule {
  /** How many there are, those that do not count included. */
  readonly count: number;
  readonly #start: number;
  readonly #interval: number;
  readonly #uncounted: number;

  /**
   * Times are milliseconds of one clock.
   * @param rate requests a second
   * @param warmUp seconds before those that count
   */
  constructor(start: number, rate: number, { warmUp, seconds }: { warmUp: number; seconds: number }) {
    this.#start = start;
    this.#interval = 1000 / rate;
    this.#uncounted = Math.round(warmUp * rate);
    this.count = this.#uncounted + Math.max(1, Math.round(seconds * rate));
  }

  /** The moment of a request, from 0 on. */
  due(request: number): number {
    return this.#start + request * this.#interval;
  }

  counts(request: number): boolean {
    return request >= this.#uncounted;
  }

  /** The second of a request that counts, from 0 on. */
  secondOf(request: number): number {
    return Math.floor(((request - this.#uncounted) * this.#interval) / 1000);
  }
}
