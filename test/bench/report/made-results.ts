/** Results that nobody has measured, with figures that are easy to judge. */
import type { Environment } from "../../../bench/environment.js";
import { FULL } from "../../../bench/plan.js";
import type { Results } from "../../../bench/results.js";
import type { Measurement, Round } from "../../../bench/measure/rounds.js";
import type { Limit } from "../../../bench/measure/saturation.js";

export interface MadeServer {
  readonly name: string;
  readonly label: string;
  /** Requests a second in each round; its processor time is a whole core's. */
  readonly rounds: readonly number[];
  /** What it takes more of a core in each round. */
  readonly costs?: readonly number[];
  readonly limit?: Limit;
  /** Of its load generator, where latency was measured. */
  readonly generatorBusy?: number;
  /** Microseconds at full load; the slowest thousandth of the responses takes 2,000. */
  readonly latestSend?: number;
  /** Seconds at each level. */
  readonly seconds?: number;
}

function measurement(
  { rounds, costs, limit = "server", generatorBusy = 0.5, latestSend = 200, seconds = 1 }: MadeServer,
  round: number,
): Measurement {
  const requestsPerSecond = rounds[round]!;
  const saturation = {
    requestsPerSecond,
    processorTime: ((costs?.[round] ?? 1) * 1e6) / requestsPerSecond,
    serverBusy: 1,
    generatorBusy: 0.8,
    limit,
  };
  return {
    start: 300 + round,
    memory: (90 + round) * 2 ** 20,
    saturation,
    latency: FULL.levels.map((level) => {
      const rate = requestsPerSecond * level;
      return {
        level,
        rate,
        answered: rate * seconds,
        generatorBusy,
        latestSend: latestSend * level,
        p50: 100 * level,
        p99: 1000 * level + round,
        p999: 2000 * level,
        max: 3000 * level + round,
      };
    }),
  };
}

function roundsOf(servers: readonly MadeServer[]): Round[] {
  return servers[0]!.rounds.map((_, round) =>
    Object.fromEntries(servers.map((server) => [server.name, measurement(server, round)])),
  );
}

function named(servers: readonly MadeServer[]): { name: string; label: string }[] {
  return servers.map(({ name, label }) => ({ name, label }));
}

export const BILLBOARDS: readonly MadeServer[] = [
  { name: "billboard", label: "Billboard", rounds: [100_000, 100_000, 110_000] },
  { name: "billboard-again", label: "Billboard, again", rounds: [100_000, 105_000, 110_000], costs: [1, 1, 1.2] },
];

export const GROWTH: readonly MadeServer[] = [
  { name: "reference", label: "50 campaigns", rounds: [100_000, 100_000, 100_000] },
  { name: "reference-again", label: "50 campaigns, again", rounds: [101_000, 101_000, 101_000] },
  { name: "campaigns-10000", label: "10,000 campaigns", rounds: [50_000, 50_000, 50_000] },
];

export function madeResults(environment: Environment, others: readonly MadeServer[]): Results {
  const servers = [...BILLBOARDS, ...others];
  return {
    environment,
    programs: { nginx: "1.2.3" },
    plan: FULL,
    absent: [{ label: "Fastify with PostgreSQL", missing: ["postgres"] }],
    groups: [
      {
        durations: FULL.sideBySide,
        reference: "billboard",
        again: "billboard-again",
        comparisons: [{ part: "side-by-side", servers: named(servers) }],
        rounds: roundsOf(servers),
      },
      {
        durations: FULL.growth,
        reference: "reference",
        again: "reference-again",
        comparisons: [{ part: "campaigns", servers: named(GROWTH) }],
        rounds: roundsOf(GROWTH),
      },
    ],
  };
}
