/** Decides which banner of its collection a cell shows to a visitor, by each of the rotations. */
import { NONE, type Catalog } from "../index/catalog.js";
import { choose, fillPlaces, placeOf, type Random } from "./pick.js";
import { MAX_PLACES } from "../index/sections.js";
import { VisitHistory } from "./history.js";
import { Sequence } from "./sequence.js";

/** no-repeat: never the same banner twice in a row; sequence: each of the collection once before any comes again. */
export const ROTATIONS = ["no-repeat", "sequence", "independent"] as const;
export type Rotation = (typeof ROTATIONS)[number];

const HISTORY_CAPACITY: Readonly<Record<Rotation, number>> = { "no-repeat": 1, sequence: MAX_PLACES, independent: 0 };

/** One object serves all requests, so that none allocates. */
export class Decider {
  /** Before a decision, what the visitor remembers; after it, what is remembered behind the banner that is shown. */
  readonly history: VisitHistory;
  /** Whether the last decision left out the banner that the visitor was shown before. */
  isRepeatAvoided = false;
  /** Whether the last decision drew from all banners of the cell, not from its collection. */
  isExplored = false;
  readonly #catalog: Catalog;
  readonly #random: Random;
  readonly #places = new Uint32Array(MAX_PLACES);
  readonly #sequence: Sequence | undefined;

  constructor(catalog: Catalog, rotation: Rotation, random: Random) {
    this.#catalog = catalog;
    this.#random = random;
    this.history = new VisitHistory(HISTORY_CAPACITY[rotation]);
    if (rotation === "sequence") this.#sequence = new Sequence(catalog, random);
  }

  /** The index in `bannerIds`. */
  decide(cell: number): number {
    return this.#sequence === undefined ? this.#decideByLast(cell) : this.#decideInSequence(cell, this.#sequence);
  }

  /** For a banner that comes out of turn: leaves in `history` what is remembered behind it. */
  protected interrupt(cell: number, banner: number): void {
    if (this.#sequence === undefined) this.history.count = 0;
    else this.#sequence.interrupt(cell, banner, this.history);
  }

  #decideByLast(cell: number): number {
    const { history } = this;
    const count = fillPlaces(this.#catalog, cell, this.#random, this.#places);
    const last = history.count === 0 ? NONE : placeOf(this.#catalog.bannerOf(history.ids[0]!), this.#places, count);
    this.isRepeatAvoided = last !== NONE && count > 1;
    history.count = 0;
    return choose(this.#places, count, last, this.#random);
  }

  #decideInSequence(cell: number, sequence: Sequence): number {
    const banner = sequence.next(cell, this.history);
    this.isRepeatAvoided = sequence.isRepeatAvoided;
    return banner;
  }
}
