/** Tells the two times that a run reads, and waits: nothing else does. */
import { setTimeout } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since 1970, which decide the period here as in the server. */
  date(): number;
  steady(): number;
  /** Resolves early, and does not reject, where `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  date: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await setTimeout(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
