/** Caches what is computed of a banner. */

/**
 * Slots, a power of two. A cached page takes 0.4 kB, and all that a banner can be asked for 3 kB, so that a worker
 * spends fifty megabytes at most. To make a page takes as long as to serve a cached one.
 */
export const CACHE_SIZE = 16_384;

/** Direct-mapped: slot = banner & (CACHE_SIZE - 1); a miss overwrites. */
export class BannerCache<Entry extends { readonly banner: number }> {
  readonly #make: (banner: number) => Entry;
  readonly #slots: (Entry | undefined)[] = Array<undefined>(CACHE_SIZE).fill(undefined);

  /** @param make must return the same for a banner at any time */
  constructor(make: (banner: number) => Entry) {
    this.#make = make;
  }

  /** @param banner index in `bannerIds` */
  get(banner: number): Entry {
    const slot = banner & (CACHE_SIZE - 1);
    const entry = this.#slots[slot];
    return entry?.banner === banner ? entry : (this.#slots[slot] = this.#make(banner));
  }
}
