import t from "tap";
import {
  CLICKS_UNCOUNTED,
  DECISIONS,
  newCounters,
  REPEATS_AVOIDED,
  requestSeries,
} from "../../../src/response/counters.js";
import { StatusBoard } from "../../../src/admin/status.js";
import type { IntakeState } from "../../../src/intake/intake.js";
import { decode } from "../../../src/index/format.js";
import { FIRST } from "../published.js";
import { smallIndex } from "../small-index.js";
import { MOMENT, RECORDING, stateOf } from "./server-state.js";

const NOON = Date.UTC(2026, 10, 23, 12);
const INDEX = decode(Uint8Array.from(FIRST));

function board(index: typeof INDEX | undefined): {
  board: StatusBoard;
  clock: { now: number };
  counters: Float64Array[];
} {
  const clock = { now: NOON };
  const counters = [newCounters(), newCounters()];
  return {
    board: new StatusBoard(
      stateOf({ counters, restarts: 1, index: () => index }),
      { timeZone: "Asia/Kathmandu", rotation: "sequence" },
      () => clock.now,
    ),
    clock,
    counters,
  };
}

await t.test("what all workers have counted, and the moment in the server's zone", (t) => {
  const { board: status, clock, counters } = board(INDEX);
  for (const worker of counters) {
    worker[requestSeries("campaign", 200)]! += 30;
    worker[requestSeries("image", 304)]! += 5;
    worker[DECISIONS + 2]! += 30;
    worker[REPEATS_AVOIDED]! += 4;
  }
  clock.now += 2000;
  status.look();
  const shown = status.status();
  t.match(shown, {
    now: "2026-11-23T12:00:02.000Z",
    started_at: "2026-11-23T12:00:00.000Z",
    time_zone: "Asia/Kathmandu",
    rotation: "sequence",
    workers: { listening: 2, restarts: 1 },
    // 17:45 in Kathmandu.
    index: {
      generation: INDEX.generation,
      loaded_at: "2026-11-23T14:19:00.000Z",
      periods: 4,
      period: 4,
      next_period_at: "2026-11-23T12:15:00.000Z",
    },
    decisions: { "by-clicks": 0, "fill-by-clicks": 0, "top-x": 60, "top-10": 0, default: 0 },
    repeats_avoided: 8,
    requests_a_second: [35],
  });
  const counted = shown.requests.filter(({ count }) => count > 0);
  t.same(counted, [
    { route: "campaign", code: 200, count: 60 },
    { route: "image", code: 304, count: 10 },
  ]);
  t.end();
});

await t.test("the last ten reloads, the newest first", (t) => {
  const { board: status, clock } = board(INDEX);
  for (let reload = 1; reload <= 12; reload++) {
    clock.now += 1000;
    status.noteReload({ result: "refused", generation: "abc", previous: "abc", reason: `reload ${reload}` });
  }
  const { reloads } = status.status();
  t.equal(reloads.length, 10);
  t.match(reloads[0], { at: "2026-11-23T12:00:12.000Z", reason: "reload 12", result: "refused" });
  t.equal(reloads[9]!.reason, "reload 3");
  t.end();
});

await t.test("what is recorded, how fast, and why clicks did not count; nothing of it where nothing is", (t) => {
  t.notOk("recording" in board(INDEX).board.status());
  const clock = { now: NOON };
  const counters = [newCounters(), newCounters()];
  let recording: IntakeState = {
    ...RECORDING,
    recorded: { impressions: 0, clicks: 0, conversions: 0 },
    lastWrite: undefined,
  };
  const state = stateOf({ counters });
  Object.defineProperty(state, "recording", { get: () => recording });
  const status = new StatusBoard(state, { timeZone: "UTC", rotation: "no-repeat" }, () => clock.now);
  status.look();
  t.notOk("last_write_at" in status.status().recording!, "before the first");
  recording = RECORDING;
  for (const worker of counters) worker[CLICKS_UNCOUNTED + 2]! += 4;
  clock.now += 2000;
  status.look();
  t.same(status.status().recording, {
    folder: "/var/lib/billboard/recorded",
    recorded: { impressions: 5_000_000, clicks: 40_000, conversions: 300 },
    recorded_a_second: { impressions: [2_500_000], clicks: [20_000], conversions: [150] },
    uncounted_clicks: { head: 0, ignored: 0, prefetch: 8, "no-decision": 0, foreign: 0, expired: 0, repeated: 7 },
    dropped: { impressions: 0, clicks: 0 },
    closed_files: 12,
    bytes: 345_678,
    last_write_at: new Date(MOMENT - 400).toISOString(),
  });
  recording = { ...RECORDING, failure: "ENOSPC: no space left on device, write" };
  t.equal(status.status().recording?.failure, "ENOSPC: no space left on device, write");
  t.end();
});

await t.test("before the first index there is none", (t) => {
  t.equal(board(undefined).board.status().index, undefined);
  t.end();
});

await t.test("the zone that cut the data is told where the index has it", (t) => {
  const cells = [{ campaign: 1, period: 1, pool: [1] }];
  const index = decode(Uint8Array.from(smallIndex(cells, 4, new Map(), new Map(), { timeZone: "Asia/Tehran" })));
  t.equal(board(index).board.status().index?.time_zone, "Asia/Tehran");
  t.notOk("time_zone" in board(INDEX).board.status().index!);
  t.end();
});
