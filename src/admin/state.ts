/** Describes what the administration port sees of the server, and may have it do. */
import type { Index } from "../index/format.js";
import type { ReloadResult } from "../index/reload.js";
import type { IndexChange } from "../view/change/index-change.js";
import type { PullState } from "../pull/pull-state.js";
import type { Signature } from "../pull/trust.js";
import type { IntakeState } from "../intake/intake.js";
import type { Engine } from "../server/engine.js";
import type { Counters } from "../response/counters.js";
import type { TurnedAwayOrigin } from "../response/turned-away.js";

export interface ServedIndex {
  readonly index: Index;
  /** undefined where none need be signed. */
  readonly signature: Signature | undefined;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
  /** To the index before; undefined before it is known, see `compare`. */
  readonly change: IndexChange | undefined;
}

export interface ServerState {
  /** undefined before the first index. */
  readonly served: ServedIndex | undefined;
  /** Why visitors cannot be served; undefined where they can. */
  readonly unreadiness: string | undefined;
  /** The public one, from when the administration port is open. */
  readonly port: number;
  /** undefined where the clock tells the period. */
  readonly fixedPeriod: number | undefined;
  readonly engine: Engine;
  readonly counters: readonly Counters[];
  readonly listening: number;
  /** `limit` is 0 where there is none. */
  readonly connections: { readonly open: number; readonly limit: number };
  /** The last origins whose programs ALLOWED_ORIGINS does not let read decisions, the last first. */
  readonly turnedAway: readonly TurnedAwayOrigin[];
  readonly restarts: number;
  readonly hangs: number;
  readonly logLinesDropped: number;
  /** undefined where nothing is recorded. */
  readonly recording: IntakeState | undefined;
  /** undefined where no index is pulled. */
  readonly pull: PullState | undefined;
  /** Undefined where no reload is possible now. */
  requestReload(): Promise<ReloadResult> | undefined;
  /** Resolves when no index is loaded and `change` of the served one is known, or the server ends. */
  compare(): Promise<void>;
}
