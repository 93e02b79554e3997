/** The rounds of a comparison to a row for each of its arms: figures with their spread, and ratios with what is noise. */
import type { Measurement } from "./round.js";
import type { Comparison, Group } from "./results.js";
import { spreadOf, type Spread } from "./spread.js";
import { compare, noiseOf, type Comparison as Ratio, type Noise } from "./statistics.js";

/** A figure of each round, and how it stands to the first row's. */
export interface Figure extends Spread {
  /** None in the first row. */
  readonly against: Ratio | undefined;
}

/** Microseconds. */
export interface LatencySpread {
  /** Undefined where there were too few requests in a round for one to lie beyond. */
  readonly p50: Spread | undefined;
  readonly p99: Spread | undefined;
  readonly p999: Spread | undefined;
  /** The longest of all rounds. */
  readonly max: number;
}

export interface LatencyRow extends LatencySpread {
  readonly level: number;
  /** Requests a second. */
  readonly rate: Spread;
  /** Whether the generator could not keep up, or was late itself, in any round: then it answers for some of these figures. */
  readonly isLate: boolean;
}

export interface Row {
  readonly name: string;
  readonly label: string;
  readonly requestsPerSecond: Figure;
  /** Microseconds of the server's a request. */
  readonly processorTime: Figure;
  /** Who was at the limit; more than one where the rounds differ. */
  readonly limits: readonly string[];
  readonly newConnections:
    (Spread & { readonly processorTime: Spread; readonly limits: readonly string[] }) | undefined;
  /** Milliseconds. */
  readonly start: Spread;
  /** Bytes. */
  readonly memory: Spread;
  readonly latency: readonly LatencyRow[];
}

/** From this share of the time on, the generator was the one that could no more. */
const BUSY = 0.9;
/** From this share of an answer's latency on, it was the generator's own: each as the slowest thousandth has it. */
const LATE = 0.5;

/** How many answers a round must have for one of them to lie beyond. */
const NEEDED = { p50: 2, p99: 100, p999: 1000 };

type Of = (measurement: Measurement) => number;
const requestsPerSecond: Of = ({ saturation }) => saturation.requestsPerSecond;
const processorTime: Of = ({ saturation }) => saturation.processorTime;

function measurementsOf({ rounds }: Group, name: string): Measurement[] {
  return rounds.map((round) => round[name]!);
}

export function noiseOfGroup(group: Group): { readonly requestsPerSecond: Noise; readonly processorTime: Noise } {
  const noise = (of: Of): Noise =>
    noiseOf(measurementsOf(group, group.again).map(of), measurementsOf(group, group.reference).map(of));
  return { requestsPerSecond: noise(requestsPerSecond), processorTime: noise(processorTime) };
}

export function rowsOf(group: Group, { arms }: Comparison): Row[] {
  const noise = noiseOfGroup(group);
  const first = measurementsOf(group, arms[0]!.name);
  return arms.map(({ name, label }, at) => {
    const measured = measurementsOf(group, name);
    const figure = (of: Of, noise: Noise): Figure => ({
      ...spreadOf(measured.map(of)),
      against: at === 0 ? undefined : compare(measured.map(of), first.map(of), noise),
    });
    const connections = measured.flatMap(({ newConnections }) => newConnections ?? []);
    return {
      name,
      label,
      requestsPerSecond: figure(requestsPerSecond, noise.requestsPerSecond),
      processorTime: figure(processorTime, noise.processorTime),
      limits: distinct(measured.map(({ saturation }) => saturation.limit)),
      newConnections:
        connections.length === 0
          ? undefined
          : {
              ...spreadOf(connections.map(({ requestsPerSecond }) => requestsPerSecond)),
              processorTime: spreadOf(connections.map(({ processorTime }) => processorTime)),
              limits: distinct(connections.map(({ limit }) => limit)),
            },
      start: spreadOf(measured.map(({ start }) => start)),
      memory: spreadOf(measured.map(({ memory }) => memory)),
      latency: measured[0]!.latency.map((_, level) => latencyRow(measured, level)),
    };
  });
}

/** What the cores themselves make of a latency; undefined where none was measured. */
export function pausesOf({ pauses }: Group): LatencySpread | undefined {
  if (pauses.length === 0) return undefined;
  const percentile = (of: keyof typeof NEEDED): Spread => spreadOf(pauses.map((round) => round[of]));
  return {
    p50: percentile("p50"),
    p99: percentile("p99"),
    p999: percentile("p999"),
    max: Math.max(...pauses.map(({ max }) => max)),
  };
}

function latencyRow(measured: readonly Measurement[], at: number): LatencyRow {
  const rounds = measured.map(({ latency }) => latency[at]!);
  const fewest = Math.min(...rounds.map(({ answered }) => answered));
  const percentile = (of: keyof typeof NEEDED): Spread | undefined =>
    fewest < NEEDED[of] ? undefined : spreadOf(rounds.map((round) => round[of]));
  return {
    level: rounds[0]!.level,
    rate: spreadOf(rounds.map(({ rate }) => rate)),
    p50: percentile("p50"),
    p99: percentile("p99"),
    p999: percentile("p999"),
    max: Math.max(...rounds.map(({ max }) => max)),
    isLate: rounds.some(({ generatorBusy, latestSend, p999 }) => generatorBusy >= BUSY || latestSend >= p999 * LATE),
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
