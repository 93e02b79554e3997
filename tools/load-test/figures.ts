/** Works out the figures of a run from its tally, and whether it passed. */
import type { Ending } from "./run.js";
import { OPEN_TOLERANCE, REQUIRED_PER_MINUTE, type Load } from "./scenarios.js";
import type { Findings, Tally } from "./tally.js";

const PERCENTILES = [50, 66, 75, 80, 90, 95, 98, 99, 100] as const;

type FindingFigures = Readonly<Pick<Findings, "total" | "kinds">>;

export interface Figures {
  readonly server: string;
  readonly scenario: string;
  readonly campaigns: readonly number[];
  readonly campaigns_from: string;
  /** null in an open load, which opens as many as it needs. */
  readonly connections: number | null;
  readonly requests: number;
  readonly complete: number;
  readonly failed: FindingFigures;
  readonly violations: FindingFigures;
  readonly unjudged_repeats: Readonly<Record<string, number>>;
  /** Visits that the server has recorded, by the links of its pages: those of banners without one do not tell. */
  readonly recorded: number;
  readonly body_bytes: number;
  readonly seconds: number;
  readonly requests_per_second: number;
  readonly requests_per_minute: number;
  readonly required_per_minute: number;
  /** Of the complete requests, by nearest rank; null where there is none. */
  readonly latency_ms: Latency | null;
  /** How late a request of an open load was sent at most, which its latency includes; null in a closed load. */
  readonly longest_delay_ms: number | null;
  readonly shortcomings: readonly string[];
}

interface Latency {
  readonly mean: number;
  readonly longest: number;
  readonly percentiles: Readonly<Record<string, number>>;
}

interface Run {
  readonly load: Load;
  readonly start: number;
  readonly ending: Ending;
}

export function figuresOf(
  asked: Pick<Figures, "server" | "scenario" | "campaigns" | "campaigns_from">,
  run: Run,
  tally: Tally,
): Figures {
  const { load } = run;
  const seconds = secondsTaken(run, tally.lastEnd);
  const perSecond = seconds === 0 ? 0 : tally.complete / seconds;
  return {
    ...asked,
    connections: load.kind === "closed" ? Math.min(load.connections, load.requests) : null,
    requests: load.requests,
    complete: tally.complete,
    failed: tally.failed,
    violations: tally.violations,
    unjudged_repeats: tally.unjudgedRepeats,
    recorded: tally.recorded,
    body_bytes: tally.bodyBytes,
    seconds,
    requests_per_second: perSecond,
    requests_per_minute: perSecond * 60,
    required_per_minute: requiredRate(load),
    latency_ms: latencyOf(tally.sortedLatencies()),
    longest_delay_ms: load.kind === "open" ? tally.longestDelay : null,
    shortcomings: shortcomingsOf(run, tally, perSecond * 60),
  };
}

/** An open load lasts at least until one more request would be due. */
function secondsTaken({ load, start, ending }: Run, lastEnd: number): number {
  const taken = Number.isNaN(lastEnd) ? 0 : (lastEnd - start) / 1000;
  return load.kind === "open" && ending === "done" ? Math.max(taken, (load.requests * 60) / load.perMinute) : taken;
}

/** An open load cannot show a higher rate than it asks for. */
export function requiredRate(load: Load): number {
  return load.kind === "open" ? Math.min(REQUIRED_PER_MINUTE, load.perMinute) : REQUIRED_PER_MINUTE;
}

export function reachesRate(load: Load, perMinute: number): boolean {
  return perMinute >= requiredRate(load) * (load.kind === "open" ? 1 - OPEN_TOLERANCE : 1);
}

function shortcomingsOf({ load, ending }: Run, { complete, failed, violations }: Tally, perMinute: number): string[] {
  const of = `of ${load.requests} requests`;
  return [
    ending === "interrupted" && `interrupted after ${complete} ${of}`,
    ending === "server gone" && `given up after ${complete + failed.total} ${of}`,
    failed.total > 0 && `${failed.total} failed`,
    violations.total > 0 && `${violations.total} against the rules`,
    !reachesRate(load, perMinute) &&
      `${perMinute.toFixed(1)} requests a minute where ${requiredRate(load)} are required`,
  ].filter((shortcoming) => shortcoming !== false);
}

function latencyOf(sorted: Float64Array): Latency | null {
  if (sorted.length === 0) return null;
  return {
    mean: sorted.reduce((sum, latency) => sum + latency, 0) / sorted.length,
    longest: sorted.at(-1)!,
    percentiles: Object.fromEntries(PERCENTILES.map((percent) => [percent, percentile(sorted, percent)])),
  };
}

export function percentile(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)]!;
}
