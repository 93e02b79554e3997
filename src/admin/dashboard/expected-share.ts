/** How many banners a cell chooses from, and how, to the share of a visitor's requests that each of them gets in the long run. */
import type { Rotation } from "../../decision/decide.js";

/** The places of a collection. */
export interface Places {
  /** Banners that always have a place. */
  readonly fixed: number;
  /** Places that are drawn from the pool at each request, and how many banners the pool has. 0 and 0 where there are none. */
  readonly drawn: number;
  readonly pool: number;
}

/** From 0 to 1. */
export interface Shares {
  readonly eachFixed: number;
  /** Of all the banners of the pool together; each has the same part in it. */
  readonly wholePool: number;
}

export function expectedShares(places: Places, rotation: Rotation): Shares {
  const { fixed, drawn } = places;
  if (fixed === 0) return { eachFixed: 0, wholePool: 1 };
  if (drawn === 0) return { eachFixed: 1 / fixed, wholePool: 0 };
  // Without a memory each place is as likely as the other; in a sequence each comes once.
  const ofFixed = rotation === "no-repeat" ? shareOfFixed(places) : fixed / (fixed + drawn);
  return { eachFixed: ofFixed / fixed, wholePool: 1 - ofFixed };
}

/**
 * A visitor goes between two states: shown a fixed banner, and shown one of the pool. Their shares are in balance where as many go
 * over as come back.
 */
function shareOfFixed({ fixed, drawn, pool }: Places): number {
  const all = fixed + drawn;
  // After a fixed banner, which is left out: any of the others.
  const toPool = drawn / (all - 1);
  // A banner of the pool is left out only where it is drawn again; where it is not, all places are open.
  const again = drawn / pool;
  const toFixed = (again * fixed) / (all - 1) + ((1 - again) * fixed) / all;
  return toFixed / (toFixed + toPool);
}
