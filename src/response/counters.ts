/** Counts requests and decisions, in memory that a worker thread writes and the main thread reads. */
import { RULES } from "../index/sections.js";

/** The status codes of each route, counted one by one. Requests that the HTTP library itself refuses reach no route. */
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

/** What each of the first counters counts. */
export const REQUEST_SERIES: readonly Series[] = Object.entries(ROUTES).flatMap(([route, codes]) =>
  codes.map((code) => ({ route: route as Route, code })),
);

/** Indexes of further counters: decisions by rule, in the order of RULES, then the repeats that were avoided. */
export const DECISIONS = REQUEST_SERIES.length;
export const REPEATS_AVOIDED = DECISIONS + RULES.length;
/** Nanoseconds: the delay of a worker's event loop, kept in the same memory. */
export const LOOP_DELAY_P50 = REPEATS_AVOIDED + 1;
export const LOOP_DELAY_P99 = LOOP_DELAY_P50 + 1;
export const LOOP_DELAY_MAX = LOOP_DELAY_P99 + 1;
/** Connections that were closed at once, since there were too many. */
export const CONNECTIONS_REFUSED = LOOP_DELAY_MAX + 1;
/** Raised by a worker again and again, so that one that stands still is noticed. */
export const HEARTBEATS = CONNECTIONS_REFUSED + 1;
const LENGTH = HEARTBEATS + 1;

/**
 * One worker's, written by it alone with plain additions: a 64-bit machine stores an aligned double whole, and counts
 * are exact up to 2^53. They outlive the worker; its replacement goes on with them.
 */
export type Counters = Float64Array;

export function newCounters(): Counters {
  return new Float64Array(new SharedArrayBuffer(LENGTH * Float64Array.BYTES_PER_ELEMENT));
}

/** The index of the counter of a route and a code. */
export function requestSeries(route: Route, code: number): number {
  const index = REQUEST_SERIES.findIndex((series) => series.route === route && series.code === code);
  if (index === -1) throw new RangeError(`${route} never responds with ${code}`);
  return index;
}

/** All requests that all workers have responded to. */
export function totalRequests(workers: readonly Counters[]): number {
  return workers.reduce((sum, counters) => counters.subarray(0, REQUEST_SERIES.length).reduce((a, b) => a + b, sum), 0);
}
