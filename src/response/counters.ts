/** Counts requests and decisions, in memory that a worker thread writes and the main thread reads. */
import { RULES } from "../index/sections.js";

/** Requests that the HTTP library itself refuses reach no route. */
export const ROUTES = {
  campaign: [200, 404, 405, 500],
  banner: [302, 404, 405, 500],
  "banner.json": [200, 404, 405, 500],
  image: [200, 304, 404, 405, 500],
  "embed.js": [200, 304, 405, 500],
  home: [200, 405, 500],
  click: [302, 404, 405, 500],
  other: [404, 405, 500],
} as const;

export type Route = keyof typeof ROUTES;

interface Series {
  readonly route: Route;
  readonly code: number;
}

export const REQUEST_SERIES: readonly Series[] = Object.entries(ROUTES).flatMap(([route, codes]) =>
  codes.map((code) => ({ route: route as Route, code })),
);

/** Indexes of further counters: decisions by rule, in the order of RULES, then the repeats that were avoided. */
export const DECISIONS = REQUEST_SERIES.length;
export const REPEATS_AVOIDED = DECISIONS + RULES.length;
/** Decisions that the rule did not make, which are counted by the rule of their cell too. */
export const EXPLORED = REPEATS_AVOIDED + 1;
export const ORIGINS_TURNED_AWAY = EXPLORED + 1;
/** Nanoseconds: the delay of a worker's event loop, kept in the same memory. */
export const LOOP_DELAY_P50 = ORIGINS_TURNED_AWAY + 1;
export const LOOP_DELAY_P99 = LOOP_DELAY_P50 + 1;
export const LOOP_DELAY_MAX = LOOP_DELAY_P99 + 1;
export const CONNECTIONS_REFUSED = LOOP_DELAY_MAX + 1;
/** Raised by a worker again and again, so that one that stands still is noticed. */
export const HEARTBEATS = CONNECTIONS_REFUSED + 1;
/** Why a click leads on to the banner's link and does not count; the recorder finds those that are repeated. */
export const UNCOUNTED_CLICKS = [
  "head",
  "ignored",
  "prefetch",
  "no-decision",
  "foreign",
  "expired",
  "repeated",
] as const;
export type UncountedClick = (typeof UNCOUNTED_CLICKS)[number];
/** Index of the first of these counters, in this order. */
export const CLICKS_UNCOUNTED = HEARTBEATS + 1;
const LENGTH = CLICKS_UNCOUNTED + UNCOUNTED_CLICKS.length;

/** Written by one worker alone: a 64-bit machine stores an aligned double whole, and counts are exact up to 2^53. */
export type Counters = Float64Array;

/** They outlive the worker: its replacement goes on with them. */
export function newCounters(): Counters {
  return new Float64Array(new SharedArrayBuffer(LENGTH * Float64Array.BYTES_PER_ELEMENT));
}

export function requestSeries(route: Route, code: number): number {
  const index = REQUEST_SERIES.findIndex((series) => series.route === route && series.code === code);
  if (index === -1) throw new RangeError(`${route} never responds with ${code}`);
  return index;
}

export function totalRequests(workers: readonly Counters[]): number {
  return workers.reduce((sum, counters) => counters.subarray(0, REQUEST_SERIES.length).reduce((a, b) => a + b, sum), 0);
}
