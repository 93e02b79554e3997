/** Describes what the administration port sees of the server, and may have it do. */
import type { Index } from "../index/format.js";
import type { ReloadResult } from "../index/reload.js";
import type { Counters } from "../response/counters.js";

export interface ServedIndex {
  readonly index: Index;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
}

/** Read at each request. */
export interface ServerState {
  /** undefined before the first index. */
  readonly served: ServedIndex | undefined;
  /** Why visitors cannot be served; undefined where they can. */
  readonly unreadiness: string | undefined;
  /** By worker. */
  readonly counters: readonly Counters[];
  /** Workers that have the public port open. */
  readonly listening: number;
  /** How many visitors are connected, and how many may be; 0 for no limit. */
  readonly connections: { readonly open: number; readonly limit: number };
  /** Workers that were restarted. */
  readonly restarts: number;
  /** How many times a worker has begun to hang. */
  readonly hangs: number;
  readonly logLinesDropped: number;
  /** Returns undefined where no reload is possible now. */
  requestReload(): Promise<ReloadResult> | undefined;
}
