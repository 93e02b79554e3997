/** Notes the sites whose programs may not read decisions, for want of ALLOWED_ORIGINS. */
import { ORIGINS_TURNED_AWAY, type Counters } from "./counters.js";

/** As many are noted at a time, and as many are shown. */
export const MAX_ORIGINS = 20;

/** As browsers write it (HTML standard, "ASCII serialization of an origin"), of sites that ALLOWED_ORIGINS can name. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?$/;

export class TurnedAway {
  readonly #counters: Counters;
  #noted = new Map<string, number>();

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  /** Whoever sends one origin after the other is counted, and noted for MAX_ORIGINS of them at a time. */
  note(origin: string): void {
    this.#counters[ORIGINS_TURNED_AWAY]!++;
    const count = this.#noted.get(origin);
    if (count !== undefined) this.#noted.set(origin, count + 1);
    else if (this.#noted.size < MAX_ORIGINS && ORIGIN.test(origin)) this.#noted.set(origin, 1);
  }

  /** What was noted since the last time; undefined for nothing. */
  take(): ReadonlyMap<string, number> | undefined {
    if (this.#noted.size === 0) return undefined;
    const noted = this.#noted;
    this.#noted = new Map();
    return noted;
  }
}

export interface TurnedAwayOrigin {
  readonly origin: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

/** The last MAX_ORIGINS that all workers have noted. */
export class LastTurnedAway {
  readonly #origins = new Map<string, TurnedAwayOrigin>();

  add(noted: ReadonlyMap<string, number>, now = Date.now()): void {
    for (const [origin, count] of noted) {
      const before = this.#origins.get(origin)?.count ?? 0;
      // Moves it to the end.
      this.#origins.delete(origin);
      this.#origins.set(origin, { origin, count: before + count, lastAt: now });
    }
    for (const origin of [...this.#origins.keys()].slice(0, -MAX_ORIGINS)) this.#origins.delete(origin);
  }

  /** The last first. */
  get origins(): readonly TurnedAwayOrigin[] {
    return [...this.#origins.values()].reverse();
  }
}
