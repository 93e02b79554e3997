/** Tells what is going on now: requests, decisions, workers, reloads. */
import { DECISIONS, REPEATS_AVOIDED, REQUEST_SERIES, totalRequests, type Route } from "../response/counters.js";
import type { Rotation } from "../decision/decide.js";
import { RULES, type Rule } from "../index/sections.js";
import { PeriodClock } from "../decision/period.js";
import type { ReloadResult } from "../index/reload.js";
import type { Engine } from "../server/engine.js";
import { RequestRate } from "./request-rate.js";
import type { ServerState } from "./state.js";

const MAX_RELOADS = 10;

/** Times are ISO 8601, in UTC. */
export interface Status {
  readonly now: string;
  readonly started_at: string;
  readonly time_zone: string;
  readonly rotation: Rotation;
  readonly engine: Engine;
  readonly workers: { readonly listening: number; readonly restarts: number };
  readonly index: IndexStatus | undefined;
  readonly requests: readonly { readonly route: Route; readonly code: number; readonly count: number }[];
  /** Of the last minute, oldest first. */
  readonly requests_a_second: readonly number[];
  readonly decisions: Readonly<Record<Rule, number>>;
  readonly repeats_avoided: number;
  /** Newest first. */
  readonly reloads: readonly PastReload[];
}

export interface IndexStatus {
  readonly generation: string;
  readonly loaded_at: string;
  readonly periods: number;
  /** That cut the data into periods; absent where it is not known. */
  readonly time_zone?: string;
  readonly period: number;
  readonly next_period_at: string;
}

export interface StatusSettings {
  readonly timeZone: string;
  readonly rotation: Rotation;
}

export type PastReload = ReloadResult & { readonly at: string };

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export class StatusBoard {
  readonly #state: ServerState;
  readonly #settings: StatusSettings;
  readonly #now: () => number;
  readonly #start: number;
  readonly #rate: RequestRate;
  readonly #reloads: PastReload[] = [];

  constructor(state: ServerState, settings: StatusSettings, now: () => number = Date.now) {
    this.#state = state;
    this.#settings = settings;
    this.#now = now;
    this.#start = now();
    this.#rate = new RequestRate(this.#start);
  }

  /** Must be called each second. */
  look(): void {
    this.#rate.look(totalRequests(this.#state.counters), this.#now());
  }

  noteReload(result: ReloadResult): void {
    this.#reloads.unshift({ at: iso(this.#now()), ...result });
    this.#reloads.length = Math.min(this.#reloads.length, MAX_RELOADS);
  }

  status(): Status {
    const { engine, counters, listening, restarts } = this.#state;
    const now = this.#now();
    const total = (counter: number): number => counters.reduce((sum, worker) => sum + worker[counter]!, 0);
    return {
      now: iso(now),
      started_at: iso(this.#start),
      time_zone: this.#settings.timeZone,
      rotation: this.#settings.rotation,
      engine,
      workers: { listening, restarts },
      index: this.#indexStatus(now),
      requests: REQUEST_SERIES.map((series, counter) => ({ ...series, count: total(counter) })),
      requests_a_second: [...this.#rate.rates],
      decisions: Object.fromEntries(RULES.map((rule, index) => [rule, total(DECISIONS + index)])) as Record<
        Rule,
        number
      >,
      repeats_avoided: total(REPEATS_AVOIDED),
      reloads: [...this.#reloads],
    };
  }

  #indexStatus(now: number): IndexStatus | undefined {
    if (this.#state.served === undefined) return undefined;
    const { index, loadedAt } = this.#state.served;
    const { periods } = index.counts;
    const clock = new PeriodClock(this.#settings.timeZone, periods);
    return {
      generation: index.generation,
      loaded_at: iso(loadedAt),
      periods,
      ...(index.timeZone !== undefined && { time_zone: index.timeZone }),
      period: clock.at(now),
      next_period_at: iso(clock.nextAt(now)),
    };
  }
}
