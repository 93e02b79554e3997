/** Draws some decisions from all banners of a cell, so that one behind the cut or without events can earn a place. */
import type { Catalog } from "../index/catalog.js";
import { Decider, type Rotation } from "./decide.js";
import { below, type Random } from "./pick.js";

/** By the share of decisions that the index explores by; where that is 0, nothing is drawn for it. */
export function deciderFor(catalog: Catalog, rotation: Rotation, random: Random): Decider {
  return catalog.index.exploration === 0
    ? new Decider(catalog, rotation, random)
    : new ExploringDecider(catalog, rotation, random);
}

class ExploringDecider extends Decider {
  readonly #catalog: Catalog;
  readonly #random: Random;

  constructor(catalog: Catalog, rotation: Rotation, random: Random) {
    super(catalog, rotation, random);
    this.#catalog = catalog;
    this.#random = random;
  }

  override decide(cell: number): number {
    const share = this.#catalog.explorationOf(cell);
    this.isExplored = share > 0 && this.#random() < share;
    return this.isExplored ? this.#explore(cell) : super.decide(cell);
  }

  #explore(cell: number): number {
    const { cells, index } = this.#catalog;
    const { history } = this;
    const start = cells.startOf(cell);
    const size = cells.sizeOf(cell);
    const last = history.count === 0 ? 0 : history.ids[0]!;
    let place = below(size, this.#random);
    // Only where the last banner is drawn: a search of the cell for it would take longer in a larger one.
    this.isRepeatAvoided = index.bannerIds[index.entryBanner[start + place]!] === last;
    if (this.isRepeatAvoided) {
      const other = below(size - 1, this.#random);
      place = other < place ? other : other + 1;
    }
    const banner = index.entryBanner[start + place]!;
    this.interrupt(cell, banner);
    return banner;
  }
}
