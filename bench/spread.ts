/** Measured numbers to the few that a summary shows. */

export interface Spread {
  readonly least: number;
  /** The quartiles. */
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly most: number;
}

/** Of one number at the least; what lies between two of them is taken from both, in proportion. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (place % 1) * (above - below);
  };
  return { least: at(0), lower: at(0.25), median: at(0.5), upper: at(0.75), most: at(1) };
}
