/** What is counted of requests, in memory that a worker thread writes and the main thread reads. */
import { RULES } from "../index/sections.js";

/** Which answers a route has; each is counted by itself. Requests that the library itself refuses reach no route. */
export const ROUTES = {
  campaign: [200, 404, 405, 500],
  banner: [302, 404, 405, 500],
  "banner.json": [200, 404, 405, 500],
  image: [200, 304, 404, 405, 500],
  "embed.js": [200, 304, 405, 500],
  home: [200, 405, 500],
  other: [404, 405, 500],
} as const;

export type Route = keyof typeof ROUTES;

interface Series {
  readonly route: Route;
  readonly code: number;
}

/** By place: how many requests of a route were answered with a code. */
export const REQUEST_SERIES: readonly Series[] = Object.entries(ROUTES).flatMap(([route, codes]) =>
  codes.map((code) => ({ route: route as Route, code })),
);

/** Decisions by rule stand behind the requests, in the order of RULES, and behind them how many avoided a repeat. */
export const DECISIONS = REQUEST_SERIES.length;
export const REPEATS_AVOIDED = DECISIONS + RULES.length;
/** Nanoseconds: the delay of a worker's event loop. Not counted, but kept in the same memory. */
export const LOOP_DELAY_P50 = REPEATS_AVOIDED + 1;
export const LOOP_DELAY_P99 = LOOP_DELAY_P50 + 1;
export const LOOP_DELAY_MAX = LOOP_DELAY_P99 + 1;
const LENGTH = LOOP_DELAY_MAX + 1;

/**
 * One worker's. It alone writes them, with plain additions: a 64-bit machine stores an aligned double whole, so that the main thread
 * reads the number before or after it, and counts stay exact up to 2^53. They outlive the worker; the one that replaces it goes on.
 */
export type Counters = Float64Array;

export function newCounters(): Counters {
  return new Float64Array(new SharedArrayBuffer(LENGTH * Float64Array.BYTES_PER_ELEMENT));
}

/** The place of a series. */
export function requestSeries(route: Route, code: number): number {
  const place = REQUEST_SERIES.findIndex((series) => series.route === route && series.code === code);
  if (place === -1) throw new RangeError(`${route} is never answered with ${code}`);
  return place;
}

/** All requests that all workers have answered. */
export function totalRequests(workers: readonly Counters[]): number {
  return workers.reduce((sum, counters) => counters.subarray(0, REQUEST_SERIES.length).reduce((a, b) => a + b, sum), 0);
}
