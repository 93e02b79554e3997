/** Picks the next banner of a sequence: every place of the collection comes once before any comes again. */
import { NONE, type Catalog } from "../index/catalog.js";
import { below, type Random } from "./pick.js";
import { MAX_PLACES } from "../index/sections.js";
import type { VisitHistory } from "./history.js";

export class Sequence {
  isRepeatAvoided = false;
  readonly #catalog: Catalog;
  readonly #random: Random;
  #start = 0;
  #fixed = 0;
  #drawn = 0;
  #poolSize = 0;
  /** A bit for each fixed place that has come. */
  #taken = 0;
  #takenCount = 0;
  /** Indexes in the pool of the banners that have come, ascending. */
  readonly #takenOfPool = new Uint32Array(MAX_PLACES);
  #takenOfPoolCount = 0;

  constructor(catalog: Catalog, random: Random) {
    this.#catalog = catalog;
    this.#random = random;
  }

  /** An index in `bannerIds`. Leaves in `history` what to remember behind the new banner, the last one first. */
  next(cell: number, history: VisitHistory): number {
    this.#open(cell);
    const last = history.count === 0 ? NONE : this.#catalog.bannerOf(history.ids[0]!);
    this.isRepeatAvoided = this.#forget(history) && this.#fixed + this.#drawn > 1;
    let randomLeft = this.#randomLeft();
    if (this.#takenCount === this.#fixed && randomLeft === 0) {
      // The next sequence must not begin with the banner that this one ends with.
      history.count = 0;
      this.#free();
      if (this.isRepeatAvoided) this.#take(last);
      randomLeft = this.#drawn;
    }
    const drawn = below(this.#fixed - this.#takenCount + randomLeft, this.#random);
    const { entryBanner } = this.#catalog.index;
    const entry = drawn < this.#fixed - this.#takenCount ? this.#freeFixed(drawn) : this.#fixed + this.#freeOfPool();
    return entryBanner[this.#start + entry]!;
  }

  /**
   * Leaves in `history` what to remember behind a banner that comes out of turn. Where it has a place it has come then,
   * and behind the end of a sequence it begins the next.
   */
  interrupt(cell: number, banner: number, history: VisitHistory): void {
    this.#open(cell);
    this.#forget(history);
    if (this.#takenCount === this.#fixed && this.#randomLeft() === 0) history.count = 0;
    else history.forget(this.#catalog.index.bannerIds[banner]!);
  }

  #randomLeft(): number {
    return Math.max(0, this.#drawn - this.#takenOfPoolCount);
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

  /** Drops what has no place here, as period or index may have changed. Returns whether the last banner has one. */
  #forget(history: VisitHistory): boolean {
    let kept = 0;
    let hasLast = false;
    for (let at = 0; at < history.count; at++) {
      const id = history.ids[at]!;
      if (!this.#take(this.#catalog.bannerOf(id))) continue;
      history.ids[kept++] = id;
      hasLast ||= at === 0;
    }
    // With the banner that is shown now, it is as long as a visitor may remember.
    history.count = Math.min(kept, MAX_PLACES - 1);
    return hasLast;
  }

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

  /** A pool is in order of id, since its banners differ by nothing else. */
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
