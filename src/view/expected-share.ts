/** Works out what share of a visitor's requests each banner of a cell gets in the long run. Runs in browsers too. */
import { shareOfFixedInSequence, type Places } from "./sequence-share.js";

export type { Places } from "./sequence-share.js";

type Rotation = "no-repeat" | "sequence" | "independent";

export interface Shares {
  readonly eachFixed: number;
  readonly wholeRest: number;
}

export function expectedShares(places: Places, rotation: Rotation): Shares {
  const { fixed } = places;
  if (fixed === 0) return { eachFixed: 0, wholeRest: 1 };
  const ofFixed = shareOfFixed(places, rotation);
  return { eachFixed: ofFixed / fixed, wholeRest: 1 - ofFixed };
}

function shareOfFixed(places: Places, rotation: Rotation): number {
  const { fixed, drawn, rest, exploration } = places;
  const all = fixed + rest;
  const count = fixed + drawn;
  if (rotation === "sequence" && drawn > 0 && exploration > 0) return shareOfFixedInSequence(places);
  // Without a memory all places are equally likely; in a sequence each comes once.
  if (rotation === "independent" || (rotation === "sequence" && drawn > 0))
    return ((1 - exploration) * fixed) / count + (exploration * fixed) / all;
  if (rest === 0) return 1;
  // In the long run, a visitor goes from a fixed banner to one of the rest as often as back. By the rule, the first is
  // left out behind itself; one of the rest is left out only where it is drawn again.
  const again = drawn / rest;
  const toRest = drawn === 0 ? 0 : drawn / (count - 1);
  const toFixed = drawn === 0 ? 1 : (again * fixed) / (count - 1) + ((1 - again) * fixed) / count;
  const explored = (to: number): number => (exploration * to) / (all - 1);
  const toRestInAll = (1 - exploration) * toRest + explored(rest);
  const toFixedInAll = (1 - exploration) * toFixed + explored(fixed);
  return toFixedInAll / (toFixedInAll + toRestInAll);
}
