/** The state of a server that has nothing to do, as the administration port sees it. */
import type { ServerState } from "../../../src/admin/state.js";
import type { Index } from "../../../src/index/format.js";
import type { ReloadResult } from "../../../src/index/reload.js";
import type { IntakeState } from "../../../src/intake/intake.js";
import type { PullState } from "../../../src/pull/pull-state.js";
import type { IndexChange } from "../../../src/view/change/index-change.js";
import { newCounters, type Counters } from "../../../src/response/counters.js";

/** 15:20:30 in Berlin, in the second of four periods. */
export const MOMENT = Date.UTC(2026, 10, 23, 14, 20, 30);

export const REPLACED: ReloadResult = { result: "replaced", generation: "b", previous: "a" };

/** Records well. */
export const RECORDING: IntakeState = {
  folder: "/var/lib/billboard/recorded",
  recorded: { impressions: 5_000_000, clicks: 40_000, conversions: 300 },
  repeatedClicks: 7,
  dropped: { impressions: 0, clicks: 0 },
  closedFiles: 12,
  bytes: 345_678,
  failure: undefined,
  lastWrite: MOMENT - 400,
  replies: new Map([
    [202, 290],
    [400, 2],
  ]),
};

/** What a test says of it; each is asked anew. */
export interface FakeServer {
  readonly index?: () => Index | undefined;
  readonly unreadiness?: () => string | undefined;
  readonly reload?: () => Promise<ReloadResult> | undefined;
  readonly fixedPeriod?: number | undefined;
  readonly counters?: readonly Counters[];
  readonly listening?: number;
  readonly turnedAway?: ServerState["turnedAway"];
  readonly restarts?: number;
  readonly hangs?: number;
  readonly logLinesDropped?: number;
  readonly recording?: IntakeState;
  readonly pull?: PullState;
  readonly change?: IndexChange;
  readonly compare?: () => Promise<void>;
}

export function stateOf(fake: FakeServer = {}): ServerState {
  return {
    get served() {
      const index = fake.index?.();
      return index && { index, signature: undefined, loadedAt: MOMENT - 90_000, change: fake.change };
    },
    get unreadiness() {
      return fake.unreadiness?.();
    },
    port: 8080,
    fixedPeriod: fake.fixedPeriod,
    engine: "uws",
    counters: fake.counters ?? [newCounters()],
    listening: fake.listening ?? 2,
    connections: { open: 0, limit: 0 },
    turnedAway: fake.turnedAway ?? [],
    restarts: fake.restarts ?? 0,
    hangs: fake.hangs ?? 0,
    logLinesDropped: fake.logLinesDropped ?? 0,
    recording: fake.recording,
    pull: fake.pull,
    compare: fake.compare ?? (() => Promise.resolve()),
    requestReload: fake.reload ?? (() => Promise.resolve(REPLACED)),
  };
}
