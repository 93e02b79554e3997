/** Measures how long a worker's event loop keeps a timer waiting: a request that comes meanwhile waits as long. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { LOOP_DELAY_MAX, LOOP_DELAY_P50, LOOP_DELAY_P99, type Counters } from "../response/counters.js";

/** What the runtime measures includes it. */
const RESOLUTION_MS = 10;
const PUBLISH_EVERY_MS = 1000;
/** What is published covers the current window and the one before: a scrape every half minute misses nothing. */
const PUBLICATIONS_A_WINDOW = 30;

const COUNTERS = [LOOP_DELAY_P50, LOOP_DELAY_P99, LOOP_DELAY_MAX];

export function publishLoopDelay(counters: Counters): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let before = [0, 0, 0];
  let publications = 0;
  setInterval(() => {
    const now = [histogram.percentile(50), histogram.percentile(99), histogram.max];
    const delays = now.map((nanoseconds) => Math.max(0, nanoseconds - RESOLUTION_MS * 1e6));
    COUNTERS.forEach((counter, at) => (counters[counter] = Math.max(delays[at]!, before[at]!)));
    if (++publications % PUBLICATIONS_A_WINDOW !== 0) return;
    before = delays;
    histogram.reset();
  }, PUBLISH_EVERY_MS).unref();
}
