/** Reads an instant: RFC 3339, or a date or a time of day in a time zone. */
import { ZoneOffsets } from "./local-time.js";
import { TimestampReader } from "./timestamp.js";

export const INSTANT = "a date, or a time such as 2026-11-29T10:15:00Z or 2026-11-29 10:15";

const DAY_MS = 86_400_000;

/** Milliseconds since 1970, undefined for what is none. A date is the begin of its day. */
export function instantOf(text: string, timeZone: string): number | undefined {
  const bytes = Buffer.from(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  const reader = new TimestampReader();
  const time = reader.read(bytes, 0, bytes.length);
  if (Number.isNaN(time) || !/^\d{4}-/.test(text)) return undefined;
  if (!reader.isLocal) return time;
  const zone = new ZoneOffsets(timeZone);
  const moment = zone.momentOf(time);
  // A time that clocks leave out is as if they did not: some days have no midnight.
  return Number.isNaN(moment) ? time - zone.at(time - DAY_MS) : moment;
}
