/** Moments at which cores stood still to how long a request would wait for them alone. */
import type { Percentiles } from "../open-loop/latencies.js";

/** From when to when, in milliseconds of a clock that all processes have in common. */
export type Pause = readonly [from: number, to: number];

/** What a program that watched the clock on one core has seen. */
export interface Watched {
  /** From when to when it looked. */
  readonly watched: Pause;
  /** In their order. */
  readonly pauses: readonly Pause[];
}

/**
 * Of requests that are due evenly in the time in which all cores were watched, and that are answered at once when all of them go on.
 * @throws Error where the cores were not watched at the same time
 */
export function waitsFor(cores: readonly Watched[]): Percentiles {
  const from = Math.max(...cores.map(({ watched }) => watched[0]));
  const to = Math.min(...cores.map(({ watched }) => watched[1]));
  if (!(to > from)) throw new Error("the cores were not watched at the same time");
  const pauses = cores
    .flatMap((core) => core.pauses)
    .map(([start, end]): Pause => [Math.max(start, from), Math.min(end, to)]);
  const lengths = joined(pauses)
    .map(([start, end]) => end - start)
    .sort((a, b) => b - a);
  const microseconds = (share: number): number => Math.round(waitOf(share, lengths, to - from) * 10_000) / 10;
  return { p50: microseconds(0.5), p99: microseconds(0.99), p999: microseconds(0.999), max: microseconds(1) };
}

/** Those that overlap as one. */
function joined(pauses: readonly Pause[]): Pause[] {
  const all: Pause[] = [];
  for (const [from, to] of [...pauses].sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (to <= from) continue;
    if (last !== undefined && from <= last[1]) all[all.length - 1] = [last[0], Math.max(last[1], to)];
    else all.push([from, to]);
  }
  return all;
}

/**
 * Who comes in a pause waits for its rest: of the requests, those wait for longer than w that come in the first length − w of a pause.
 * @param lengths the longest first
 * @returns the wait that a share of the requests does not exceed
 */
function waitOf(share: number, lengths: readonly number[], time: number): number {
  const longer = (1 - share) * time;
  let sum = 0;
  for (const [at, length] of lengths.entries()) {
    sum += length;
    const wait = (sum - longer) / (at + 1);
    if (wait >= (lengths[at + 1] ?? 0)) return Math.max(0, wait);
  }
  return 0;
}
