/** Latencies to the few figures that are told of them. */
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Microseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface SecondOfLoad extends Percentiles {
  /** Requests that were due in it. */
  readonly requests: number;
}

/** Three figures, in nanoseconds up to ten minutes. */
export function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 6e11, figures: 3 });
}

/** @param milliseconds as `performance.now()` tells them */
export function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * 1e6)));
}

export function percentilesOf(histogram: RecordableHistogram): Percentiles {
  const microseconds = (nanoseconds: number): number => Math.round(nanoseconds / 100) / 10;
  if (histogram.count === 0) return { p50: 0, p99: 0, p999: 0, max: 0 };
  return {
    p50: microseconds(histogram.percentile(50)),
    p99: microseconds(histogram.percentile(99)),
    p999: microseconds(histogram.percentile(99.9)),
    max: microseconds(histogram.max),
  };
}
