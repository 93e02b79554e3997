/** Reads when a banner is to be shown, and tells why it is held back at a moment. */
import { quoted } from "../../src/options/printable.js";
import { INSTANT, instantOf } from "../read/instant.js";

/** Milliseconds since 1970; `from` is inclusive, `until` exclusive. */
export interface Schedule {
  readonly isOff?: true;
  readonly from?: number;
  readonly until?: number;
}

export type HoldReason = "off" | "not yet" | "over";

/** Returns what is wrong, or the schedule; an empty text says nothing. */
export function readSchedule(status: string, from: string, until: string, timeZone: string): Schedule | string {
  if (!/^(on|off)?$/i.test(status)) return `status is ${quoted(status)}, expected on or off`;
  const schedule: { isOff?: true; from?: number; until?: number } = {};
  if (status.toLowerCase() === "off") schedule.isOff = true;
  for (const [name, text] of Object.entries({ from, until })) {
    if (text === "") continue;
    const instant = instantOf(text, timeZone);
    if (instant === undefined) return `${name} is ${quoted(text)}, expected ${INSTANT}`;
    schedule[name as "from" | "until"] = instant;
  }
  if (schedule.until! <= schedule.from!) return `until is ${quoted(until)}, expected a moment after from`;
  return schedule;
}

export function holdReason({ isOff, from, until }: Schedule, at: number): HoldReason | undefined {
  if (isOff) return "off";
  if (until !== undefined && at >= until) return "over";
  return from !== undefined && at < from ? "not yet" : undefined;
}
