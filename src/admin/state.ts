/** Describes what the administration port sees of the server, and may have it do. */
import type { Index } from "../index/format.js";
import type { ReloadResult } from "../index/reload.js";
import type { Engine } from "../server/engine.js";
import type { Counters } from "../response/counters.js";

export interface ServedIndex {
  readonly index: Index;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
}

export interface ServerState {
  /** undefined before the first index. */
  readonly served: ServedIndex | undefined;
  /** Why visitors cannot be served; undefined where they can. */
  readonly unreadiness: string | undefined;
  readonly engine: Engine;
  readonly counters: readonly Counters[];
  readonly listening: number;
  /** `limit` is 0 where there is none. */
  readonly connections: { readonly open: number; readonly limit: number };
  readonly restarts: number;
  readonly hangs: number;
  readonly logLinesDropped: number;
  /** Undefined where no reload is possible now. */
  requestReload(): Promise<ReloadResult> | undefined;
}
