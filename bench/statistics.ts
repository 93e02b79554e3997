/** Works out what figures of rounds say: their spread, and whether one differs from another by more than chance. */

export interface Spread {
  readonly least: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly most: number;
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
    return below + (position % 1) * (above - below);
  };
  return { least: at(0), lower: at(0.25), median: at(0.5), upper: at(0.75), most: at(1) };
}

export interface Ratio extends Spread {
  readonly isDifferent: boolean;
}

export const RULE =
  "A ratio is the median of the rounds' own ratios, with its quartiles. The noise is the largest factor, either way, between a server and " +
  "the same server once more in any one round; ≈ stands by a ratio whose quartiles do not both lie beyond it, on the same side.";

/** Pairs figures of the same round, so that what drifts over minutes is in both. */
function ratiosOf(figures: readonly number[], reference: readonly number[]): number[] {
  return figures.map((figure, round) => figure / reference[round]!);
}

export function noiseOf(again: readonly number[], reference: readonly number[]): number {
  return Math.max(...ratiosOf(again, reference).map((ratio) => Math.max(ratio, 1 / ratio)));
}

export function compare(figures: readonly number[], reference: readonly number[], noise: number): Ratio {
  const ratio = spreadOf(ratiosOf(figures, reference));
  return { ...ratio, isDifferent: ratio.upper < 1 / noise || ratio.lower > noise };
}
