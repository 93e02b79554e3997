/** Tells the period of an event by its timestamp, and whether it lies in the window of the build. */
import { quoted } from "../../src/options/printable.js";
import { ZoneOffsets } from "./local-time.js";
import { TimestampReader } from "./timestamp.js";

export const TIMESTAMP_COLUMN = "timestamp";

/** Events whose rows have their time: how it is read, and which are meant. */
export interface EventTimes {
  readonly timeZone: string;
  readonly periods: number;
  /** Milliseconds since 1970: from the first inclusive to the second exclusive. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** In place of a period, which is 1 or more. */
export const OUTSIDE = 0;
export const MALFORMED = 255;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

export class EventClock {
  readonly #reader = new TimestampReader();
  readonly #zone: ZoneOffsets;
  readonly #periodOfMinute: Uint8Array;
  readonly #from: number;
  readonly #to: number;

  constructor(readonly times: EventTimes) {
    const { timeZone, periods, from = -Infinity, to = Infinity } = times;
    this.#zone = new ZoneOffsets(timeZone);
    this.#periodOfMinute = Uint8Array.from({ length: 60 }, (_, minute) => Math.floor((minute * periods) / 60) + 1);
    this.#from = from;
    this.#to = to;
  }

  /** The period of the local minute, or OUTSIDE, or MALFORMED. */
  periodOf(bytes: Uint8Array, start: number, end: number): number {
    const moment = this.momentOf(bytes, start, end);
    if (Number.isNaN(moment)) return MALFORMED;
    if (moment < this.#from || moment >= this.#to) return OUTSIDE;
    const minute = Math.floor((moment + this.#zone.at(moment)) / MINUTE_MS);
    return this.#periodOfMinute[((minute % 60) + 60) % 60]!;
  }

  /** Milliseconds since 1970; NaN where the timestamp is malformed, or its time does not exist. */
  momentOf(bytes: Uint8Array, start: number, end: number): number {
    const time = this.#reader.read(bytes, start, end);
    const moment = this.#reader.isLocal ? this.#zone.momentOf(time) : time;
    if (!this.#reader.isLeapSecond) return moment;
    return (Math.floor(moment / MINUTE_MS) + 1) % DAY_MINUTES === 0 ? moment : NaN;
  }

  /** Says why a timestamp is malformed. */
  reasonFor(text: string): string {
    const start = `${TIMESTAMP_COLUMN} is ${quoted(text)}`;
    if (/^\d+$/.test(text))
      return `${start}, expected Unix seconds (9 or 10 digits) or milliseconds (12 or 13): divide smaller units, write a date with hyphens`;
    const bytes = Buffer.from(text);
    const isTime = !Number.isNaN(this.#reader.read(bytes, 0, bytes.length));
    if (isTime && this.#reader.isLocal && !this.#reader.isLeapSecond)
      return `${start}, a time that clocks in ${this.times.timeZone} leave out: write its offset, or name the zone it is of with --time-zone`;
    if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(text))
      return `${start}, expected a date, a time and an offset that exist`;
    return `${start}, expected a time such as 2026-11-29T10:15:00Z or 2026-11-29 10:15:00, or Unix seconds or milliseconds`;
  }
}
