/** Counters, workers and reloads to what is going on now, for people and programs. */
import {
  DECISIONS,
  REPEATS_AVOIDED,
  REQUEST_SERIES,
  totalRequests,
  type Counters,
  type Route,
} from "../response/counters.js";
import type { Rotation } from "../decision/decide.js";
import { RULES, type Rule } from "../index/sections.js";
import { PeriodClock } from "../decision/period.js";
import type { Verdict } from "../index/reload.js";
import { RequestRate } from "./request-rate.js";

/** How many reloads are remembered. */
const MOST_RELOADS = 10;

/** What is known at the moment. */
export interface Running {
  /** By worker. */
  readonly counters: readonly Counters[];
  readonly listening: number;
  readonly restarts: number;
  /** undefined before the first index, as are the periods. */
  readonly generation: string | undefined;
  readonly periods: number | undefined;
  /** Seconds since 1970; 0 before the first index. */
  readonly loadedAt: number;
}

/** Times are ISO 8601, in UTC. */
export interface Status {
  readonly now: string;
  readonly started_at: string;
  readonly time_zone: string;
  readonly rotation: Rotation;
  readonly workers: { readonly listening: number; readonly restarts: number };
  /** undefined before the first index. */
  readonly index: ServedIndex | undefined;
  /** All that the public port has answered since the start. */
  readonly requests: readonly { readonly route: Route; readonly code: number; readonly count: number }[];
  /** Second by second, of the last minute, the oldest first. */
  readonly requests_a_second: readonly number[];
  readonly decisions: Readonly<Record<Rule, number>>;
  readonly repeats_avoided: number;
  /** The newest first. */
  readonly reloads: readonly PastReload[];
}

export interface ServedIndex {
  readonly generation: string;
  readonly loaded_at: string;
  readonly periods: number;
  readonly period: number;
  readonly next_period_at: string;
}

export type PastReload = Verdict & { readonly at: string };

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export class StatusBoard {
  readonly #observe: () => Running;
  readonly #settings: { readonly timeZone: string; readonly rotation: Rotation };
  readonly #now: () => number;
  readonly #start: number;
  readonly #rate: RequestRate;
  readonly #reloads: PastReload[] = [];

  constructor(
    observe: () => Running,
    settings: { readonly timeZone: string; readonly rotation: Rotation },
    now: () => number = Date.now,
  ) {
    this.#observe = observe;
    this.#settings = settings;
    this.#now = now;
    this.#start = now();
    this.#rate = new RequestRate(this.#start);
  }

  /** To be called each second. */
  look(): void {
    this.#rate.look(totalRequests(this.#observe().counters), this.#now());
  }

  noteReload(verdict: Verdict): void {
    this.#reloads.unshift({ at: iso(this.#now()), ...verdict });
    this.#reloads.length = Math.min(this.#reloads.length, MOST_RELOADS);
  }

  status(): Status {
    const running = this.#observe();
    const now = this.#now();
    const total = (place: number): number => running.counters.reduce((sum, counters) => sum + counters[place]!, 0);
    return {
      now: iso(now),
      started_at: iso(this.#start),
      time_zone: this.#settings.timeZone,
      rotation: this.#settings.rotation,
      workers: { listening: running.listening, restarts: running.restarts },
      index: this.#servedIndex(running, now),
      requests: REQUEST_SERIES.map((series, place) => ({ ...series, count: total(place) })),
      requests_a_second: [...this.#rate.rates],
      decisions: Object.fromEntries(RULES.map((rule, place) => [rule, total(DECISIONS + place)])) as Record<
        Rule,
        number
      >,
      repeats_avoided: total(REPEATS_AVOIDED),
      reloads: [...this.#reloads],
    };
  }

  #servedIndex({ generation, periods, loadedAt }: Running, now: number): ServedIndex | undefined {
    if (generation === undefined || periods === undefined) return undefined;
    const clock = new PeriodClock(this.#settings.timeZone, periods);
    return {
      generation,
      loaded_at: iso(loadedAt * 1000),
      periods,
      period: clock.at(now),
      next_period_at: iso(clock.nextAt(now)),
    };
  }
}
