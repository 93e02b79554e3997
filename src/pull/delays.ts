/** Says how long to wait before the source is asked again. */

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 300_000;
const JITTER = 0.2;

/**
 * In ms: from 1 s on, twice as long after each failure, to five minutes or `pollMs` where that is more. Each is up to a
 * fifth shorter or longer, so that replicas that were started together do not ask together for ever.
 */
export function delayMs(pollMs: number, failures: number, random: () => number): number {
  const most = Math.max(pollMs, MAX_DELAY_MS);
  const delay = failures === 0 ? pollMs : Math.min(most, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 30));
  return delay * (1 + JITTER * (2 * random() - 1));
}
