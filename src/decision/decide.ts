/** What a visitor remembers, a cell and chance to the banner of one request, by each of the rotations. */
import { NONE, type Catalog } from "../index/catalog.js";
import { choose, fillPlaces, placeOf, type Random } from "./pick.js";
import { MAX_PLACES } from "../index/sections.js";
import { Seen } from "./history.js";
import { Sequence } from "./sequence.js";

/**
 * How a visitor's banners follow each other: never the same one twice in a row; each of the collection once before any comes again; or
 * without regard to those before.
 */
export const ROTATIONS = ["no-repeat", "sequence", "independent"] as const;
export type Rotation = (typeof ROTATIONS)[number];

const MOST_SEEN: Readonly<Record<Rotation, number>> = { "no-repeat": 1, sequence: MAX_PLACES, independent: 0 };

/** One for all requests, so that none allocates. */
export class Decider {
  /** Filled before each decision with what the visitor remembers; after it, what is remembered behind the banner that is shown. */
  readonly seen: Seen;
  /** Whether the last decision left out the banner that the visitor was shown before. */
  isRepeatAvoided = false;
  readonly #catalog: Catalog;
  readonly #random: Random;
  readonly #places = new Uint32Array(MAX_PLACES);
  readonly #sequence: Sequence | undefined;

  constructor(catalog: Catalog, rotation: Rotation, random: Random) {
    this.#catalog = catalog;
    this.#random = random;
    this.seen = new Seen(MOST_SEEN[rotation]);
    if (rotation === "sequence") this.#sequence = new Sequence(catalog, random);
  }

  /** The place in `bannerIds` of the banner that is shown. */
  decide(cell: number): number {
    return this.#sequence === undefined ? this.#decideByLast(cell) : this.#decideInSequence(cell, this.#sequence);
  }

  #decideByLast(cell: number): number {
    const { seen } = this;
    const count = fillPlaces(this.#catalog, cell, this.#random, this.#places);
    const last = seen.count === 0 ? NONE : placeOf(this.#catalog.bannerOf(seen.ids[0]!), this.#places, count);
    this.isRepeatAvoided = last !== NONE && count > 1;
    seen.count = 0;
    return choose(this.#places, count, last, this.#random);
  }

  #decideInSequence(cell: number, sequence: Sequence): number {
    const banner = sequence.next(cell, this.seen);
    this.isRepeatAvoided = sequence.isRepeatAvoided;
    return banner;
  }
}
