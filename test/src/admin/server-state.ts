/** The state of a server that has nothing to do, as the administration port sees it. */
import type { ServerState } from "../../../src/admin/state.js";
import type { Index } from "../../../src/index/format.js";
import type { ReloadResult } from "../../../src/index/reload.js";
import { newCounters, type Counters } from "../../../src/response/counters.js";

/** 15:20:30 in Berlin, in the second of four periods. */
export const MOMENT = Date.UTC(2026, 10, 23, 14, 20, 30);

export const REPLACED: ReloadResult = { result: "replaced", generation: "b", previous: "a" };

/** What a test says of it; each is asked anew. */
export interface FakeServer {
  readonly index?: () => Index | undefined;
  readonly unreadiness?: () => string | undefined;
  readonly reload?: () => Promise<ReloadResult> | undefined;
  readonly counters?: readonly Counters[];
  readonly listening?: number;
  readonly restarts?: number;
  readonly hangs?: number;
  readonly logLinesDropped?: number;
}

export function stateOf(fake: FakeServer = {}): ServerState {
  return {
    get served() {
      const index = fake.index?.();
      return index && { index, loadedAt: MOMENT - 90_000 };
    },
    get unreadiness() {
      return fake.unreadiness?.();
    },
    engine: "uws",
    counters: fake.counters ?? [newCounters()],
    listening: fake.listening ?? 2,
    connections: { open: 0, limit: 0 },
    restarts: fake.restarts ?? 0,
    hangs: fake.hangs ?? 0,
    logLinesDropped: fake.logLinesDropped ?? 0,
    requestReload: fake.reload ?? (() => Promise.resolve(REPLACED)),
  };
}
