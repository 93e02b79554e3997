/** Measures how long a worker's event loop keeps a timer waiting: so long does a request wait that comes meanwhile. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { LOOP_DELAY_MAX, LOOP_DELAY_P50, LOOP_DELAY_P99, type Counters } from "../response/counters.js";

/** Included in what the runtime measures. */
const RESOLUTION_MS = 10;
const PUBLISH_EVERY_MS = 1000;
/** What is published covers the current window and the one before: a scrape every half minute misses nothing. */
const PUBLICATIONS_A_WINDOW = 30;

const COUNTERS = [LOOP_DELAY_P50, LOOP_DELAY_P99, LOOP_DELAY_MAX];

/** Publishes the delay of this thread's event loop as long as the thread lives, without keeping it alive. */
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
