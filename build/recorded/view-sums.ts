/** Sums impressions by occurrence of a period, campaign and banner. */
import { mix } from "../read/id-map.js";

export interface ViewSum {
  /** Seconds since 1970, at which the occurrence begins. */
  readonly seconds: number;
  readonly campaign: number;
  readonly banner: number;
  readonly count: number;
}

/** The keys lie in the slots. Open addressing, linear probing; at most half of the slots are used. */
export class ViewSums {
  size = 0;
  #seconds = new Uint32Array(1024);
  #campaigns = new Uint32Array(1024);
  /** 0 where a slot is empty, which is no id. */
  #banners = new Uint32Array(1024);
  #counts = new Float64Array(1024);

  add(seconds: number, campaign: number, banner: number, count: number): void {
    const slot = this.#slotFor(seconds, campaign, banner);
    this.#counts[slot]! += count;
    if (this.#banners[slot] !== 0) return;
    this.#put(slot, seconds, campaign, banner);
    if (++this.size * 2 > this.#banners.length) this.#rehash();
  }

  addAll(others: ViewSums): void {
    others.#banners.forEach((banner, slot) => {
      if (banner !== 0) this.add(others.#seconds[slot]!, others.#campaigns[slot]!, banner, others.#counts[slot]!);
    });
  }

  /** By occurrence, then campaign, then banner, so that the same rows give the same file in any order. */
  *sorted(): Generator<ViewSum> {
    const [seconds, campaigns, banners] = [this.#seconds, this.#campaigns, this.#banners];
    const slots = new Uint32Array(this.size);
    let length = 0;
    banners.forEach((banner, slot) => {
      if (banner !== 0) slots[length++] = slot;
    });
    slots.sort((a, b) => seconds[a]! - seconds[b]! || campaigns[a]! - campaigns[b]! || banners[a]! - banners[b]!);
    for (const slot of slots)
      yield {
        seconds: seconds[slot]!,
        campaign: campaigns[slot]!,
        banner: banners[slot]!,
        count: this.#counts[slot]!,
      };
  }

  #slotFor(seconds: number, campaign: number, banner: number): number {
    const mask = this.#banners.length - 1;
    let slot = mix(mix(seconds, campaign), banner) & mask;
    while (
      this.#banners[slot] !== 0 &&
      (this.#banners[slot] !== banner || this.#campaigns[slot] !== campaign || this.#seconds[slot] !== seconds)
    )
      slot = (slot + 1) & mask;
    return slot;
  }

  #put(slot: number, seconds: number, campaign: number, banner: number): void {
    this.#seconds[slot] = seconds;
    this.#campaigns[slot] = campaign;
    this.#banners[slot] = banner;
  }

  #rehash(): void {
    const [seconds, campaigns, banners, counts] = [this.#seconds, this.#campaigns, this.#banners, this.#counts];
    const length = banners.length * 2;
    this.#seconds = new Uint32Array(length);
    this.#campaigns = new Uint32Array(length);
    this.#banners = new Uint32Array(length);
    this.#counts = new Float64Array(length);
    banners.forEach((banner, at) => {
      if (banner === 0) return;
      const slot = this.#slotFor(seconds[at]!, campaigns[at]!, banner);
      this.#put(slot, seconds[at]!, campaigns[at]!, banner);
      this.#counts[slot] = counts[at]!;
    });
  }
}
