/** Writes how a statement tells the period of a moment, by our own offsets of a zone: servers differ in theirs. */
import { ZoneOffsets } from "../read/local-time.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From its first moment on, what is added to a moment so that its minute is the local one. */
export interface OffsetSpan {
  readonly start: number;
  readonly offset: number;
}

/** Whole hours are left out: of daylight saving time, little remains in most zones. */
export function minuteOffsets(timeZone: string, first: number, last: number): OffsetSpan[] {
  const zone = new ZoneOffsets(timeZone);
  const offsetAt = (moment: number): number => ((zone.at(moment) % HOUR_MS) + HOUR_MS) % HOUR_MS;
  const spans = [{ start: first, offset: offsetAt(first) }];
  for (let from = first; from < last; from += DAY_MS) {
    // A zone changes its offset once in two days at most.
    const to = Math.min(from + DAY_MS, last);
    if (offsetAt(to) !== spans.at(-1)!.offset) spans.push(changeBetween(from, to, offsetAt));
  }
  return spans;
}

function changeBetween(from: number, to: number, offsetAt: (moment: number) => number): OffsetSpan {
  const offset = offsetAt(to);
  let [before, start] = [from, to];
  while (start - before > 1) {
    const middle = Math.floor((before + start) / 2);
    if (offsetAt(middle) === offset) start = middle;
    else before = middle;
  }
  return { start, offset };
}

/** @param moment an expression of milliseconds since 1970 */
export function periodExpression(moment: string, periods: number, spans: readonly OffsetSpan[]): string {
  const [{ offset: first }, ...later] = spans as [OffsetSpan, ...OffsetSpan[]];
  const cases = later.map(({ start }, at) => `${moment} < ${start}, ${spans[at]!.offset}`);
  const offset = later.length === 0 ? String(first) : `multiIf(${[...cases, later.at(-1)!.offset].join(", ")})`;
  const local = offset === "0" ? moment : `(${moment} + ${offset})`;
  return `toUInt8(intDiv(intDiv(${local}, ${MINUTE_MS}) % 60, ${60 / periods}) + 1)`;
}
