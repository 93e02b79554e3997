/** What both ways of sending requests need. */
import type { Clock } from "./clock.js";
import type { Judge } from "./judge.js";
import type { Tally } from "./tally.js";

export interface Drive {
  readonly url: URL;
  /** Asked for in turn. */
  readonly campaigns: readonly number[];
  readonly judge: Judge;
  readonly tally: Tally;
  readonly clock: Clock;
  /** How long an answer may take, in seconds. */
  readonly timeout: number;
  /** Ends the run; requests on their way are neither answered nor lost then. */
  readonly signal: AbortSignal;
}

/** How a run came to its end. */
export type Ending = "done" | "interrupted" | "server gone";

/** What a request that got no answer is counted as, the same for both ways of sending. */
export const LOST = { timeout: "timed out", closed: "connection closed" } as const;

/** @param code of a system error */
export function lossOf(code: string): string {
  return code === "ECONNRESET" || code === "EPIPE" ? LOST.closed : code;
}
