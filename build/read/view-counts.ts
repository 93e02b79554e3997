/** Sums impressions by period, banner and campaign, since no line of a good one is ever asked for. */
import { OUTSIDE } from "./event-time.js";
import { mix } from "./id-map.js";
import type { TypedRows } from "./typed-rows.js";

/** Sums by pair. The keys lie in the slots, since an index, as `IdMap` gives, takes twice the time. Linear probing. */
class PairViews {
  size = 0;
  /** 0 where a slot is empty, which is no id. The length is a power of two; at most half of it is used. */
  #banners = new Uint32Array(2048);
  #campaigns = new Uint32Array(2048);
  #views = new Float64Array(2048);

  add(banner: number, campaign: number, count: number): void {
    const slot = this.#slotFor(banner, campaign);
    this.#views[slot]! += count;
    if (this.#banners[slot] !== 0) return;
    this.#banners[slot] = banner;
    this.#campaigns[slot] = campaign;
    if (++this.size * 2 > this.#banners.length) this.#rehash();
  }

  copyTo(banners: Uint32Array, campaigns: Uint32Array, views: Float64Array, start: number): void {
    let at = start;
    for (let slot = 0; slot < this.#banners.length; slot++) {
      if (this.#banners[slot] === 0) continue;
      banners[at] = this.#banners[slot]!;
      campaigns[at] = this.#campaigns[slot]!;
      views[at++] = this.#views[slot]!;
    }
  }

  #slotFor(banner: number, campaign: number): number {
    const banners = this.#banners;
    const mask = banners.length - 1;
    let slot = mix(banner, campaign) & mask;
    while (banners[slot] !== 0 && (banners[slot] !== banner || this.#campaigns[slot] !== campaign))
      slot = (slot + 1) & mask;
    return slot;
  }

  #rehash(): void {
    const [banners, campaigns, views] = [this.#banners, this.#campaigns, this.#views];
    this.#banners = new Uint32Array(banners.length * 2);
    this.#campaigns = new Uint32Array(banners.length * 2);
    this.#views = new Float64Array(banners.length * 2);
    for (let at = 0; at < banners.length; at++) {
      if (banners[at] === 0) continue;
      const slot = this.#slotFor(banners[at]!, campaigns[at]!);
      this.#banners[slot] = banners[at]!;
      this.#campaigns[slot] = campaigns[at]!;
      this.#views[slot] = views[at]!;
    }
  }
}

export class ViewCounts {
  /** By period; by 0 where the file's period is that of its rows. */
  #sums: PairViews[] = [];

  /** Returns how many are outside of the window. */
  add({ length, numbers, hasCounts, clock, periods }: TypedRows): number {
    const [banners, campaigns, counts] = numbers as [Uint32Array, Uint32Array, Uint32Array];
    let outside = 0;
    let sums = this.#sumsOf(0);
    for (let row = 0; row < length; row++) {
      if (clock !== undefined) {
        const period = periods[row]!;
        if (period === OUTSIDE) {
          outside++;
          continue;
        }
        sums = this.#sumsOf(period);
      }
      sums.add(banners[row]!, campaigns[row]!, hasCounts ? counts[row]! : 1);
    }
    return outside;
  }

  get size(): number {
    return this.#sums.reduce((sum, { size }) => sum + size, 0);
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
      sums.copyTo(banners, campaigns, views, at);
      periods.fill(period, at, (at += sums.size));
    });
    this.#sums = [];
    return { banners, campaigns, views, periods };
  }

  #sumsOf(period: number): PairViews {
    return (this.#sums[period] ??= new PairViews());
  }
}
