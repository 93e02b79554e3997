/** Says what is measured and for how long: in full, and quick. */

/** Seconds of each server in each round; 0 for what is not measured. */
export interface Durations {
  /** Not counted. After 0.4 s a server took 1.03 of the processor time that it takes after 1, 3 or 6 s. */
  readonly warmUp: number;
  readonly saturation: number;
  readonly latency: number;
}

export const PARTS = ["side-by-side", "campaigns", "random-places", "cookies"] as const;
export type PartName = (typeof PARTS)[number];

export interface Plan {
  readonly form: "full" | "quick";
  readonly rounds: number;
  readonly parts: readonly PartName[];
  readonly connections: number;
  /** Shares of a server's own saturation in the same round, at which its latency is measured. */
  readonly levels: readonly number[];
  readonly sideBySide: Durations;
  readonly growth: Durations;
  /** Visits before they repeat: of few campaigns; of many, each seldom met twice; with many cookies. */
  readonly visits: { readonly few: number; readonly many: number; readonly large: number };
  readonly campaigns: readonly number[];
}

export const FULL: Plan = {
  form: "full",
  rounds: 5,
  parts: PARTS,
  connections: 64,
  levels: [0.1, 0.5, 0.8],
  sideBySide: { warmUp: 1, saturation: 1.5, latency: 1 },
  growth: { warmUp: 1, saturation: 1.5, latency: 0 },
  visits: { few: 100_000, many: 300_000, large: 20_000 },
  campaigns: [50, 10_000, 1_000_000],
};

export const QUICK: Plan = {
  ...FULL,
  form: "quick",
  rounds: 3,
  parts: ["side-by-side"],
  levels: [0.5],
  sideBySide: { warmUp: 0.6, saturation: 0.7, latency: 0.5 },
};
