/** What is going on at a server that has nothing to do, at a moment that is always the same. */
import { newCounters } from "../../../src/response/counters.js";
import type { Rotation } from "../../../src/decision/decide.js";
import type { Index } from "../../../src/index/format.js";
import { StatusBoard, type Status } from "../../../src/admin/status.js";

/** 15:20:30 in Berlin, in the second of four periods. */
export const MOMENT = Date.UTC(2026, 10, 23, 14, 20, 30);

export function statusAt(index: Index | undefined, rotation: Rotation = "no-repeat"): Status {
  const running = {
    counters: [newCounters()],
    listening: 2,
    restarts: 0,
    generation: index?.generation,
    periods: index?.counts.periods,
    loadedAt: index === undefined ? 0 : MOMENT / 1000 - 90,
  };
  return new StatusBoard(
    () => running,
    { timeZone: "Europe/Berlin", rotation },
    () => MOMENT,
  ).status();
}
