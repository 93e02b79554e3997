/** How long a worker's event loop keeps a timer waiting: what a request that comes meanwhile waits, too. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { LOOP_DELAY_MAX, LOOP_DELAY_P50, LOOP_DELAY_P99, type Counters } from "../response/counters.js";

/** Milliseconds. The runtime's measurements include it. */
const RESOLUTION = 10;
const PUBLISH_EVERY = 1000;
/** What is published covers the running window and the one before it: a scrape every half minute misses nothing. */
const PUBLICATIONS_A_WINDOW = 30;

const PLACES = [LOOP_DELAY_P50, LOOP_DELAY_P99, LOOP_DELAY_MAX];

/** Publishes the delay of this thread's event loop for as long as the thread lives, without keeping it alive. */
export function publishLoopDelay(counters: Counters): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  let before = [0, 0, 0];
  let publications = 0;
  setInterval(() => {
    const now = [histogram.percentile(50), histogram.percentile(99), histogram.max];
    const delays = now.map((nanoseconds) => Math.max(0, nanoseconds - RESOLUTION * 1e6));
    PLACES.forEach((place, at) => (counters[place] = Math.max(delays[at]!, before[at]!)));
    if (++publications % PUBLICATIONS_A_WINDOW !== 0) return;
    before = delays;
    histogram.reset();
  }, PUBLISH_EVERY).unref();
}
