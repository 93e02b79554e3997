/** Sums up the rounds of a comparison in a row for each of its servers. */
import type { Measurement } from "../measure/rounds.js";
import type { Comparison, Group } from "../results.js";
import { compare, noiseOf, spreadOf, type Ratio, type Spread } from "../statistics.js";

export interface Figure extends Spread {
  readonly against: Ratio | undefined;
}

/** Microseconds. */
export interface LatencyRow {
  readonly level: number;
  /** Undefined where a round had too few requests for one to lie beyond the percentile. */
  readonly p50: Spread | undefined;
  readonly p99: Spread | undefined;
  /** In some round the generator could not keep up or was late itself, so that some of this is its own delay. */
  readonly isLate: boolean;
}

export interface Row {
  readonly name: string;
  readonly label: string;
  readonly requestsPerSecond: Figure;
  readonly processorTime: Figure;
  readonly limits: readonly string[];
  /** Bytes. */
  readonly memory: Spread;
  readonly latency: readonly LatencyRow[];
}

const BUSY = 0.9;
const LATE = 0.5;
const NEEDED = { p50: 2, p99: 100 };

type Of = (measurement: Measurement) => number;
const requestsPerSecond: Of = ({ saturation }) => saturation.requestsPerSecond;
const processorTime: Of = ({ saturation }) => saturation.processorTime;

function measurementsOf({ rounds }: Group, name: string): Measurement[] {
  return rounds.map((round) => round[name]!);
}

export function noiseOfGroup(group: Group): { readonly requestsPerSecond: number; readonly processorTime: number } {
  const again = measurementsOf(group, group.again);
  const reference = measurementsOf(group, group.reference);
  const noise = (of: Of): number => noiseOf(again.map(of), reference.map(of));
  return { requestsPerSecond: noise(requestsPerSecond), processorTime: noise(processorTime) };
}

export function rowsOf(group: Group, { servers }: Comparison): Row[] {
  const noise = noiseOfGroup(group);
  const first = measurementsOf(group, servers[0]!.name);
  return servers.map(({ name, label }, at) => {
    const measured = measurementsOf(group, name);
    const figure = (of: Of, noise: number): Figure => {
      const figures = measured.map(of);
      return { ...spreadOf(figures), against: at === 0 ? undefined : compare(figures, first.map(of), noise) };
    };
    return {
      name,
      label,
      requestsPerSecond: figure(requestsPerSecond, noise.requestsPerSecond),
      processorTime: figure(processorTime, noise.processorTime),
      limits: [...new Set(measured.map(({ saturation }) => saturation.limit))],
      memory: spreadOf(measured.map(({ memory }) => memory)),
      latency: measured[0]!.latency.map((_, level) => latencyRow(measured, level)),
    };
  });
}

function latencyRow(measured: readonly Measurement[], at: number): LatencyRow {
  const rounds = measured.map(({ latency }) => latency[at]!);
  const fewest = Math.min(...rounds.map(({ answered }) => answered));
  const percentile = (of: keyof typeof NEEDED): Spread | undefined =>
    fewest < NEEDED[of] ? undefined : spreadOf(rounds.map((round) => round[of]));
  return {
    level: rounds[0]!.level,
    p50: percentile("p50"),
    p99: percentile("p99"),
    isLate: rounds.some(({ generatorBusy, latestSend, p999 }) => generatorBusy >= BUSY || latestSend >= p999 * LATE),
  };
}
