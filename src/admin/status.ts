/** Tells what is going on now: requests, decisions, workers, reloads. */
import { DECISIONS, REPEATS_AVOIDED, REQUEST_SERIES, totalRequests } from "../response/counters.js";
import type { Rotation } from "../decision/decide.js";
import { RULES, type Rule } from "../index/sections.js";
import { PeriodClock } from "../decision/period.js";
import type { ReloadResult } from "../index/reload.js";
import type { PullState } from "../pull/pull-state.js";
import type { ChangeNumbers } from "../view/change/comparison.js";
import { RecordingBoard } from "./recording-status.js";
import { RequestRate } from "./request-rate.js";
import type { ServerState } from "./state.js";
import type { IndexStatus, PastReload, PullStatus, Status } from "./status-json.js";

const MAX_RELOADS = 10;

export interface StatusSettings {
  readonly timeZone: string;
  readonly rotation: Rotation;
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export class StatusBoard {
  readonly #state: ServerState;
  readonly #settings: StatusSettings;
  readonly #now: () => number;
  readonly #start: number;
  readonly #rate: RequestRate;
  readonly #reloads: PastReload[] = [];
  readonly #recording: RecordingBoard;

  constructor(state: ServerState, settings: StatusSettings, now: () => number = Date.now) {
    this.#state = state;
    this.#settings = settings;
    this.#now = now;
    this.#start = now();
    this.#rate = new RequestRate(this.#start);
    this.#recording = new RecordingBoard(this.#start);
  }

  /** Must be called each second. */
  look(): void {
    const now = this.#now();
    this.#rate.look(totalRequests(this.#state.counters), now);
    this.#recording.look(this.#state.recording, now);
  }

  noteReload(result: ReloadResult, change?: ChangeNumbers): void {
    this.#reloads.unshift({ at: iso(this.#now()), ...result, ...(change && { change }) });
    this.#reloads.length = Math.min(this.#reloads.length, MAX_RELOADS);
  }

  status(): Status {
    const { fixedPeriod, engine, counters, listening, restarts, turnedAway, recording } = this.#state;
    const now = this.#now();
    const total = (counter: number): number => counters.reduce((sum, worker) => sum + worker[counter]!, 0);
    return {
      now: iso(now),
      started_at: iso(this.#start),
      time_zone: this.#settings.timeZone,
      rotation: this.#settings.rotation,
      ...(fixedPeriod !== undefined && { fixed_period: fixedPeriod }),
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
      turned_away: turnedAway.map(({ origin, count, lastAt }) => ({ origin, count, last_at: iso(lastAt) })),
      reloads: [...this.#reloads],
      ...(this.#state.pull && { pull: pullStatus(this.#state.pull) }),
      ...(recording && { recording: this.#recording.status(recording, counters) }),
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
      period: this.#state.fixedPeriod ?? clock.at(now),
      next_period_at: iso(clock.nextAt(now)),
    };
  }
}

function pullStatus({ source, lastSuccessAt, last, transfers, bytes, waiting }: PullState): PullStatus {
  return {
    source,
    ...(lastSuccessAt > 0 && { last_success_at: iso(lastSuccessAt) }),
    ...(last && { last_result: last.result, ...(last.reason !== undefined && { reason: last.reason }) }),
    transfers,
    bytes,
    ...(waiting && { waiting: { generation: waiting.generation, at: iso(waiting.at) } }),
  };
}
