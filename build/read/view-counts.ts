/** Sums impressions by period, banner and campaign, since no line of a good one is ever asked for. */
import { OUTSIDE } from "./event-time.js";
import { ensureCapacity, IdMap } from "./id-map.js";
import type { TypedRows } from "./typed-rows.js";

class PairViews {
  readonly pairs = new IdMap(2);
  views = new Float64Array(0);

  add(banner: number, campaign: number, count: number): void {
    const pair = this.pairs.add(banner, campaign);
    if (pair === this.views.length) this.views = ensureCapacity(this.views, pair + 1);
    this.views[pair]! += count;
  }
}

export class ViewCounts {
  /** By period; by 0 where the file's period is that of its rows. */
  #sums: PairViews[] = [];
  #pairOfRow = new Uint32Array(0);

  /** Returns how many are outside of the window. */
  add({ length, numbers, hasCounts, clock, periods }: TypedRows): number {
    const [banners, campaigns, counts] = numbers as [Uint32Array, Uint32Array, Uint32Array];
    if (clock === undefined) {
      const sums = this.#sumsOf(0);
      this.#pairOfRow = ensureCapacity(this.#pairOfRow, length);
      const pairOfRow = this.#pairOfRow;
      sums.pairs.addAll(banners, campaigns, length, pairOfRow);
      const views = (sums.views = ensureCapacity(sums.views, sums.pairs.size));
      for (let row = 0; row < length; row++) views[pairOfRow[row]!]! += hasCounts ? counts[row]! : 1;
      return 0;
    }
    let outside = 0;
    for (let row = 0; row < length; row++) {
      const period = periods[row]!;
      if (period === OUTSIDE) outside++;
      else this.#sumsOf(period).add(banners[row]!, campaigns[row]!, hasCounts ? counts[row]! : 1);
    }
    return outside;
  }

  get size(): number {
    return this.#sums.reduce((sum, { pairs }) => sum + pairs.size, 0);
  }

  /** Empties it. */
  take(): {
    readonly banners: Uint32Array;
    readonly campaigns: Uint32Array;
    readonly views: Float64Array;
    readonly periods: Uint8Array;
  } {
    const { size } = this;
    const banners = new Uint32Array(size);
    const campaigns = new Uint32Array(size);
    const views = new Float64Array(size);
    const periods = new Uint8Array(size);
    let at = 0;
    this.#sums.forEach((sums, period) => {
      banners.set(sums.pairs.first, at);
      campaigns.set(sums.pairs.second, at);
      views.set(sums.views.subarray(0, sums.pairs.size), at);
      periods.fill(period, at, (at += sums.pairs.size));
    });
    this.#sums = [];
    return { banners, campaigns, views, periods };
  }

  #sumsOf(period: number): PairViews {
    return (this.#sums[period] ??= new PairViews());
  }
}
