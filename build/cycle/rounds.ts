/** Repeats rounds at fixed intervals until the process is to end. */
import { setTimeout as sleep } from "node:timers/promises";

/** A timer holds less than 25 days. */
const MAX_TIMER_MS = 86_400_000;

/**
 * The first round begins at once. One that takes longer than the interval leaves out the starts that it missed, so that
 * rounds never overlap.
 */
export async function repeat(round: () => Promise<void>, everyMs: number, ending: AbortSignal): Promise<void> {
  const begin = performance.now();
  while (!ending.aborted) {
    await round();
    const done = Math.floor((performance.now() - begin) / everyMs);
    await until(begin + (done + 1) * everyMs, ending);
  }
}

async function until(moment: number, ending: AbortSignal): Promise<void> {
  for (let left = moment - performance.now(); left > 0 && !ending.aborted; left = moment - performance.now())
    await sleep(Math.min(left, MAX_TIMER_MS), undefined, { signal: ending }).catch((error: unknown) => {
      if (!ending.aborted) throw error;
    });
}
