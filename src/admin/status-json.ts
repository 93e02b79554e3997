/** Describes the JSON of what is going on now: the administration port writes it, the dashboard reads it. */
import type { ReloadResult } from "../index/reload.js";
import type { Rule } from "../index/sections.js";
import type { PullResult, PullState } from "../pull/pull-state.js";
import type { ChangeNumbers } from "../view/change/comparison.js";
import type { RecordedKind } from "../recording/event-kinds.js";
import type { Route, UncountedClick } from "../response/counters.js";

/** Times are ISO 8601, in UTC. */
export interface Status {
  readonly now: string;
  readonly started_at: string;
  readonly time_zone: string;
  readonly rotation: "no-repeat" | "sequence" | "independent";
  readonly engine: "uws" | "node";
  readonly workers: { readonly listening: number; readonly restarts: number };
  readonly index: IndexStatus | undefined;
  readonly requests: readonly { readonly route: Route; readonly code: number; readonly count: number }[];
  /** Of the last minute, oldest first. */
  readonly requests_a_second: readonly number[];
  readonly decisions: Readonly<Record<Rule, number>>;
  readonly repeats_avoided: number;
  /** Newest first. */
  readonly reloads: readonly PastReload[];
  /** Absent where no index is pulled. */
  readonly pull?: PullStatus;
  /** Absent where nothing is recorded. */
  readonly recording?: RecordingStatus;
  /** Origins whose pages were refused what `embed.js` asks for; the last of each first. */
  readonly turned_away: readonly { readonly origin: string; readonly count: number; readonly last_at: string }[];
  /** Absent where the clock tells the period. */
  readonly fixed_period?: number;
}

/** What was recorded since the server started. */
export interface RecordingStatus {
  readonly folder: string;
  readonly recorded: Readonly<Record<RecordedKind, number>>;
  /** Of the last minute, oldest first. */
  readonly recorded_a_second: Readonly<Record<RecordedKind, readonly number[]>>;
  /** Clicks that led on and did not count, by the reason. */
  readonly uncounted_clicks: Readonly<Record<UncountedClick, number>>;
  /** Events that were lost, since they could not be written for long. */
  readonly dropped: { readonly impressions: number; readonly clicks: number };
  readonly closed_files: number;
  readonly bytes: number;
  /** Absent before the first. */
  readonly last_write_at?: string;
  /** Absent while it can be written. */
  readonly failure?: string;
}

export interface PullStatus {
  readonly source: string;
  /** Absent before the first good answer. */
  readonly last_success_at?: string;
  readonly last_result?: PullResult["result"];
  readonly reason?: string;
  readonly transfers: PullState["transfers"];
  readonly bytes: number;
  /** An index that is served from a moment on. */
  readonly waiting?: { readonly generation: string; readonly at: string };
}

export interface IndexStatus {
  readonly generation: string;
  readonly loaded_at: string;
  readonly periods: number;
  /** That cut the data into periods; absent where it is not known. */
  readonly time_zone?: string;
  readonly period: number;
  /** By the clock, which changes nothing where the period is fixed. */
  readonly next_period_at: string;
}

export type PastReload = ReloadResult & {
  readonly at: string;
  /** To the index before; absent where none was replaced, or it is not known. */
  readonly change?: ChangeNumbers;
};
