/** Works out the share of a visitor's requests that each banner of a cell gets in the long run. */
import type { Rotation } from "../../decision/decide.js";

/** Numbers of banners: those always in the collection, those drawn from the pool for each request, and the pool's. */
export interface Places {
  readonly fixed: number;
  readonly drawn: number;
  readonly pool: number;
}

export interface Shares {
  readonly eachFixed: number;
  readonly wholePool: number;
}

export function expectedShares(places: Places, rotation: Rotation): Shares {
  const { fixed, drawn } = places;
  if (fixed === 0) return { eachFixed: 0, wholePool: 1 };
  if (drawn === 0) return { eachFixed: 1 / fixed, wholePool: 0 };
  // Without a memory all places are equally likely; in a sequence each comes once.
  const ofFixed = rotation === "no-repeat" ? shareOfFixed(places) : fixed / (fixed + drawn);
  return { eachFixed: ofFixed / fixed, wholePool: 1 - ofFixed };
}

/** In the long run, a visitor goes from a fixed banner to one of the pool as often as back. */
function shareOfFixed({ fixed, drawn, pool }: Places): number {
  const all = fixed + drawn;
  // After a fixed banner, which is left out: any of the others.
  const toPool = drawn / (all - 1);
  // A banner of the pool is left out only where it is drawn again.
  const again = drawn / pool;
  const toFixed = (again * fixed) / (all - 1) + ((1 - again) * fixed) / all;
  return toFixed / (toFixed + toPool);
}
