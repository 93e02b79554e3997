/** Figures of rounds to what they say: whether one differs from another by more than chance. */
import { spreadOf, type Spread } from "./spread.js";

/** Ratios between which nothing is to be told apart. */
export interface Noise {
  readonly least: number;
  readonly most: number;
}

export interface Comparison {
  /** Of each round's figure to the reference's of the same round. */
  readonly ratio: Spread;
  /** Whether it is more than noise, see `compare`. */
  readonly isDifferent: boolean;
}

/** The rule, as documents tell it. */
export const RULE =
  "Every ratio is the median of the rounds' own ratios, with their quartiles. The noise is the largest factor, either way, between " +
  "the two Billboards in any one round; a ratio is called a difference only where both of its quartiles lie beyond it, on the same side.";

/** Of each round's figure by that of the reference in the same round: what drifts over minutes is in both. */
export function ratiosOf(figures: readonly number[], reference: readonly number[]): number[] {
  return figures.map((figure, round) => figure / reference[round]!);
}

/** @param again of a server, against the same server */
export function noiseOf(again: readonly number[], reference: readonly number[]): Noise {
  const most = Math.max(...ratiosOf(again, reference).map((ratio) => Math.max(ratio, 1 / ratio)));
  return { least: 1 / most, most };
}

/** A ratio is a difference where three quarters of the rounds lie on the same side of all that is noise. */
export function compare(figures: readonly number[], reference: readonly number[], noise: Noise): Comparison {
  const ratio = spreadOf(ratiosOf(figures, reference));
  return { ratio, isDifferent: ratio.upper < noise.least || ratio.lower > noise.most };
}
