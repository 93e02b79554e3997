/** What is measured and for how long: in full, and quick. */

/** Seconds of each arm in each round. 0 for what is not measured. */
export interface Durations {
  /** Not counted. With 0.4 s a server took 1.03 of the processor time that it takes after 1, 3 or 6 s. */
  readonly warmUp: number;
  readonly saturation: number;
  readonly newConnections: number;
  /** At each of the levels. */
  readonly latency: number;
}

export const PARTS = ["side-by-side", "campaigns", "random-places", "cookies", "images"] as const;
export type PartName = (typeof PARTS)[number];

export interface Plan {
  readonly form: "full" | "quick";
  readonly rounds: number;
  readonly parts: readonly PartName[];
  /** Kept alive, at saturation. */
  readonly connections: number;
  /** Latency is measured at these shares of an arm's own saturation in the same round. */
  readonly levels: readonly number[];
  readonly sideBySide: Durations;
  /** Of the parts that show how cost grows with the work. */
  readonly growth: Durations;
  /**
   * How many visits there are before they come again: to a few campaigns; to any number of them, so many that those to a million
   * seldom meet a campaign twice in one load; and with many cookies, each of which takes room in the generator's memory.
   */
  readonly visits: { readonly few: number; readonly many: number; readonly large: number };
  /** The indexes of the part "campaigns"; the first is what the others are held against. */
  readonly campaigns: readonly number[];
}

export const FULL: Plan = {
  form: "full",
  rounds: 5,
  parts: PARTS,
  connections: 64,
  levels: [0.1, 0.5, 0.8],
  sideBySide: { warmUp: 1, saturation: 1.5, newConnections: 1, latency: 1 },
  growth: { warmUp: 1, saturation: 1.5, newConnections: 0, latency: 0 },
  visits: { few: 100_000, many: 300_000, large: 20_000 },
  campaigns: [50, 10_000, 1_000_000],
};

export const QUICK: Plan = {
  ...FULL,
  form: "quick",
  rounds: 3,
  parts: ["side-by-side"],
  levels: [0.5],
  sideBySide: { warmUp: 0.6, saturation: 0.7, newConnections: 0, latency: 0.5 },
};

/** From start to first answer, until it has ended, and what the load generators take to begin. Seconds, as measured. */
const EACH = 0.9;
/** What the generator of an open model takes before the first request that counts. Seconds, as measured. */
const BEFORE_LATENCY = 0.6;
/** The data and their index; the indexes of the growth. Seconds, as measured. */
const PREPARATION = { sideBySide: 5, growth: 45 };

/** How many servers the parts that show growth have, those that they have in common with each other once. */
export function growthArmCount({ parts, campaigns }: Pick<Plan, "parts" | "campaigns">): number {
  const own: Readonly<Record<PartName, number>> = {
    "side-by-side": 0,
    campaigns: campaigns.length - 1,
    "random-places": 2,
    cookies: 4,
    images: 4,
  };
  const growing = parts.filter((part) => part !== "side-by-side");
  return growing.length === 0 ? 0 : growing.reduce((sum, part) => sum + own[part], 2);
}

/** How long all of it takes. @param contenders how many are put side by side */
export function expectedSeconds(plan: Plan, contenders: number): number {
  const growth = growthArmCount(plan);
  return (
    (contenders > 0 ? PREPARATION.sideBySide : 0) +
    (growth > 0 ? PREPARATION.growth : 0) +
    // Each is started once more before the rounds, to look at its answer.
    (contenders + growth) * EACH +
    plan.rounds *
      ((contenders > 0 ? BEFORE_LATENCY + plan.sideBySide.latency : 0) +
        contenders * secondsOf(plan.sideBySide, plan) +
        growth * secondsOf(plan.growth, plan))
  );
}

function secondsOf({ warmUp, saturation, newConnections, latency }: Durations, { levels }: Plan): number {
  const latencies = latency > 0 ? levels.length * (BEFORE_LATENCY + latency) : 0;
  return EACH + warmUp + saturation + newConnections + latencies;
}
