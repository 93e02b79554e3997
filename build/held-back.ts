/** Holds back the banners that are off or out of their time, and tells which cells lose them. */
import type { EventCounts } from "./count/counters.js";
import { holdReason, type HoldReason, type Schedule } from "./images/schedule.js";

export interface HeldBack {
  readonly banner: number;
  readonly reason: HoldReason;
  readonly cells: number;
  /** In order of period, then campaign. */
  readonly firstCells: readonly { readonly period: number; readonly campaign: number }[];
}

const MAX_CELLS_NAMED = 5;

/** Leaves them out of `counts`, and returns them in order of id. @param at milliseconds since 1970 */
export function holdBack(counts: EventCounts, schedules: ReadonlyMap<number, Schedule>, at: number): HeldBack[] {
  const reasons = new Map<number, HoldReason>();
  for (const [banner, schedule] of schedules) {
    const reason = holdReason(schedule, at);
    if (reason !== undefined) reasons.set(banner, reason);
  }
  const cellsOf = new Map<number, number[]>(Array.from(reasons.keys(), (banner) => [banner, []]));
  if (reasons.size > 0)
    counts.leaveOut(reasons, (banner, period, campaign) => cellsOf.get(banner)!.push(period * 2 ** 32 + campaign));
  return [...reasons]
    .sort(([a], [b]) => a - b)
    .map(([banner, reason]) => {
      const cells = Float64Array.from(cellsOf.get(banner)!).sort();
      const firstCells = Array.from(cells.subarray(0, MAX_CELLS_NAMED), (cell) => ({
        period: Math.floor(cell / 2 ** 32),
        campaign: cell % 2 ** 32,
      }));
      return { banner, reason, cells: cells.length, firstCells };
    });
}
