/**
 * Sums of 64-bit integers: exact, and without an object for each, since there may be tens of millions of addends. A sum is
 * `high * 2^32 + low`, where `low` is from 0 to 2^32 - 1 and `high` a whole number that a double holds exactly.
 */
export class ExactSums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  /** All are zero. */
  constructor(length: number) {
    this.#high = new Float64Array(length);
    this.#low = new Float64Array(length);
  }

  /** @param low the lower 32 bits, unsigned @param high the upper 32 bits, signed */
  add(place: number, low: number, high: number): void {
    const sum = this.#low[place]! + low;
    const carries = sum >= 2 ** 32;
    this.#low[place] = carries ? sum - 2 ** 32 : sum;
    this.#high[place]! += carries ? high + 1 : high;
  }

  get(place: number): bigint {
    return (BigInt(this.#high[place]!) << 32n) + BigInt(this.#low[place]!);
  }

  /** Puts the place of the greater sum first, and of two that are equal the lower place. */
  byGreatest(a: number, b: number): number {
    return this.#high[b]! - this.#high[a]! || this.#low[b]! - this.#low[a]! || a - b;
  }

  /** The places of the `most` greatest sums, greatest first. Only so many are ever sorted at a time, however many there are. */
  greatest(most: number): number[] {
    const byGreatest = (a: number, b: number): number => this.byGreatest(a, b);
    let best: number[] = [];
    let isFull = false;
    for (let place = 0; place < this.#high.length; place++) {
      if (isFull && byGreatest(place, best[most - 1]!) > 0) continue;
      best.push(place);
      if (best.length < 2 * most) continue;
      best = best.sort(byGreatest).slice(0, most);
      isFull = true;
    }
    return best.sort(byGreatest).slice(0, most);
  }
}
