/** The next banner of a visitor's sequence, in which every place of the collection comes once, in random order, before any comes again. */
import { NONE, type Catalog } from "../index/catalog.js";
import { below, type Random } from "./pick.js";
import { MAX_PLACES } from "../index/sections.js";
import type { Seen } from "./history.js";

export class Sequence {
  /** Whether the last call left out the banner that was shown before. */
  isRepeatAvoided = false;
  readonly #catalog: Catalog;
  readonly #random: Random;
  /** Of the cell at hand: where its entries start, how many of them always have a place, how many places are random, and the pool's size. */
  #start = 0;
  #fixed = 0;
  #drawn = 0;
  #poolSize = 0;
  /** A bit for each fixed place that is not to come. */
  #taken = 0;
  #takenCount = 0;
  /** Places in the pool that are not to come, ascending. */
  readonly #takenOfPool = new Uint32Array(MAX_PLACES);
  #takenOfPoolCount = 0;

  constructor(catalog: Catalog, random: Random) {
    this.#catalog = catalog;
    this.#random = random;
  }

  /**
   * A place in `bannerIds`. A banner of the pool that has come in the sequence fills one of its random places, and the others are
   * drawn anew from the rest of the pool.
   * @param seen the banners of the running sequence, the last first; afterwards those of them that are remembered behind the new one
   */
  next(cell: number, seen: Seen): number {
    this.#open(cell);
    const last = seen.count === 0 ? NONE : this.#catalog.bannerOf(seen.ids[0]!);
    this.isRepeatAvoided = this.#forget(seen) && this.#fixed + this.#drawn > 1;
    let randomLeft = Math.max(0, this.#drawn - this.#takenOfPoolCount);
    if (this.#takenCount === this.#fixed && randomLeft === 0) {
      // Every place has come. The next sequence begins, and not with the banner that this one has ended with.
      seen.count = 0;
      this.#free();
      if (this.isRepeatAvoided) this.#take(last);
      randomLeft = this.#drawn;
    }
    const drawn = below(this.#fixed - this.#takenCount + randomLeft, this.#random);
    const { entryBanner } = this.#catalog.index;
    const entry = drawn < this.#fixed - this.#takenCount ? this.#freeFixed(drawn) : this.#fixed + this.#freeOfPool();
    return entryBanner[this.#start + entry]!;
  }

  #open(cell: number): void {
    const { cells } = this.#catalog;
    this.#start = cells.startOf(cell);
    this.#fixed = cells.fixedOf(cell);
    this.#drawn = cells.randomOf(cell);
    this.#poolSize = this.#drawn === 0 ? 0 : cells.sizeOf(cell) - this.#fixed;
    this.#free();
  }

  #free(): void {
    this.#taken = 0;
    this.#takenCount = 0;
    this.#takenOfPoolCount = 0;
  }

  /**
   * Leaves in `seen` what has a place in this cell; the period or the index may be another by now.
   * @returns whether that is so of the banner that was shown last
   */
  #forget(seen: Seen): boolean {
    let kept = 0;
    let hasLast = false;
    for (let at = 0; at < seen.count; at++) {
      const id = seen.ids[at]!;
      if (!this.#take(this.#catalog.bannerOf(id))) continue;
      seen.ids[kept++] = id;
      hasLast ||= at === 0;
    }
    // With the banner that is shown now, there are no more than a visitor may remember.
    seen.count = Math.min(kept, MAX_PLACES - 1);
    return hasLast;
  }

  /** @returns false where the banner has no place here, or is taken already */
  #take(banner: number): boolean {
    if (banner === NONE) return false;
    const { entryBanner } = this.#catalog.index;
    for (let place = 0; place < this.#fixed; place++) {
      if (entryBanner[this.#start + place] !== banner) continue;
      const isNew = (this.#taken & (1 << place)) === 0;
      this.#taken |= 1 << place;
      this.#takenCount += Number(isNew);
      return isNew;
    }
    return this.#takeOfPool(banner);
  }

  #takeOfPool(banner: number): boolean {
    const place = this.#placeInPool(banner);
    if (place === NONE) return false;
    const taken = this.#takenOfPool;
    let at = this.#takenOfPoolCount;
    while (at > 0 && taken[at - 1]! > place) at--;
    if (at > 0 && taken[at - 1] === place) return false;
    taken.copyWithin(at + 1, at, this.#takenOfPoolCount);
    taken[at] = place;
    this.#takenOfPoolCount++;
    return true;
  }

  /** The banners of a pool differ by nothing but their ids, so that the order of the cut has them ascend. */
  #placeInPool(banner: number): number {
    const { entryBanner } = this.#catalog.index;
    const pool = this.#start + this.#fixed;
    let low = 0;
    let high = this.#poolSize;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entryBanner[pool + middle]! < banner) low = middle + 1;
      else high = middle;
    }
    return low < this.#poolSize && entryBanner[pool + low] === banner ? low : NONE;
  }

  /** @param nth from 0 */
  #freeFixed(nth: number): number {
    let place = 0;
    for (let left = nth; ; place++) {
      if ((this.#taken & (1 << place)) !== 0) continue;
      if (left === 0) return place;
      left--;
    }
  }

  #freeOfPool(): number {
    let place = below(this.#poolSize - this.#takenOfPoolCount, this.#random);
    for (let at = 0; at < this.#takenOfPoolCount; at++) place += Number(place >= this.#takenOfPool[at]!);
    return place;
  }
}
