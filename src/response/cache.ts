/** Caches what is computed of a banner, within a bound in bytes. */

/** Slots; a power of two, since a mask finds them. */
export const CACHE_SIZE = 16_384;

/** Of all caches of one index in one worker. A page takes 0.3 kB, and all that a banner can be asked for 4 kB. */
export const MAX_CACHED_BYTES = 48 * 2 ** 20;

/** Counts what is made, not what is in use: a block of small buffers stays as long as one of them does. */
export class CacheMemory {
  readonly #caches: { clear(): void }[] = [];
  readonly #most: number;
  #spent = 0;

  constructor(most = MAX_CACHED_BYTES) {
    this.#most = most;
  }

  add(cache: { clear(): void }): void {
    this.#caches.push(cache);
  }

  /** Call before the bytes are cached, since it may clear all caches. */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#most) return;
    this.#spent = bytes;
    for (const cache of this.#caches) cache.clear();
  }
}

export interface CacheEntry {
  readonly banner: number;
  /** Of memory, with what the engine needs; may be too many, not too few. */
  readonly bytes: number;
}

/** Direct-mapped: slot = banner & (CACHE_SIZE - 1); a miss overwrites. */
export class BannerCache<Entry extends CacheEntry> {
  readonly #make: (banner: number) => Entry;
  readonly #memory: CacheMemory;
  readonly #slots: (Entry | undefined)[] = Array<undefined>(CACHE_SIZE).fill(undefined);

  /** @param make must return the same for a banner at any time */
  constructor(make: (banner: number) => Entry, memory: CacheMemory) {
    this.#make = make;
    this.#memory = memory;
    memory.add(this);
  }

  get(banner: number): Entry {
    const entry = this.#slots[banner & (CACHE_SIZE - 1)];
    return entry?.banner === banner ? entry : this.#add(banner);
  }

  clear(): void {
    this.#slots.fill(undefined);
  }

  #add(banner: number): Entry {
    const entry = this.#make(banner);
    this.#memory.spend(entry.bytes);
    return (this.#slots[banner & (CACHE_SIZE - 1)] = entry);
  }
}
