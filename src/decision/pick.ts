/** Draws the banners that one request may show, and picks the one that it shows. */
import { NONE, type Catalog } from "../index/catalog.js";

/** A number of [0, 1), as `Math.random` gives them. */
export type Random = () => number;

/** A whole number from 0 to before `limit`. */
export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

/** Fills `places`, at least MAX_PLACES long: the fixed ones, then those drawn from the pool. Returns how many. */
export function fillPlaces(catalog: Catalog, cell: number, random: Random, places: Uint32Array): number {
  const { cells } = catalog;
  const { entryBanner } = catalog.index;
  const start = cells.startOf(cell);
  const fixed = cells.fixedOf(cell);
  for (let place = 0; place < fixed; place++) places[place] = entryBanner[start + place]!;
  const drawn = cells.randomOf(cell);
  if (drawn === 0) return fixed;
  // Robert Floyd's sampling (Bentley, CACM 30:9, 1987): as many draws as places, and no list of the pool.
  const pool = start + fixed;
  const poolSize = cells.sizeOf(cell) - fixed;
  let count = fixed;
  for (let last = poolSize - drawn; last < poolSize; last++) {
    const candidate = entryBanner[pool + below(last + 1, random)]!;
    places[count] = contains(places, fixed, count, candidate) ? entryBanner[pool + last]! : candidate;
    count++;
  }
  return count;
}

function contains(places: Uint32Array, from: number, to: number, banner: number): boolean {
  for (let place = from; place < to; place++) if (places[place] === banner) return true;
  return false;
}

export function placeOf(banner: number, places: Uint32Array, count: number): number {
  for (let place = 0; place < count; place++) if (places[place] === banner) return place;
  return NONE;
}

/** Each is as likely as the other, but never the one at `last`, an index or NONE, where there is another. */
export function choose(places: Uint32Array, count: number, last: number, random: Random): number {
  if (last === NONE || count === 1) return places[below(count, random)]!;
  // Drawn among the others: the last place stands in for the one that is left out.
  const drawn = below(count - 1, random);
  return places[drawn === last ? count - 1 : drawn]!;
}
