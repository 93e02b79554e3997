/** Reads a timestamp from the bytes of a field: RFC 3339, as databases write it too, or Unix time. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** From 0000-01-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_528;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** One object reads every row, so that none is made for a row. */
export class TimestampReader {
  /** The last one that was read had no offset: it is a time of day somewhere, given as if that were UTC. */
  isLocal = false;
  /** Its second was 60, which only the last minute of a day of UTC may have. */
  isLeapSecond = false;

  /** Milliseconds since 1970; NaN for what is no timestamp, or a date that does not exist. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.isLocal = false;
    this.isLeapSecond = false;
    return bytes[start + 4] === HYPHEN && end > start + 4
      ? this.#readDate(bytes, start, end)
      : readUnixTime(bytes, start, end);
  }

  #readDate(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < "2026-11-29T10:15".length || bytes[start + 7] !== HYPHEN || bytes[start + 13] !== COLON)
      return NaN;
    const separator = bytes[start + 10]! | 0x20;
    if (separator !== LETTER_T && separator !== BLANK) return NaN;
    const days = daysSince1970(
      twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2),
      twoDigits(bytes, start + 5),
      twoDigits(bytes, start + 8),
    );
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    // A comparison with NaN is false.
    if (!(hour < 24 && minute < 60)) return NaN;
    return this.#readSeconds(bytes, start + 16, end, days * DAY_MS + (hour * 60 + minute) * MINUTE_MS);
  }

  #readSeconds(bytes: Uint8Array, start: number, end: number, minute: number): number {
    if (start === end || bytes[start] !== COLON) return this.#readOffset(bytes, start, end, minute);
    if (end - start < 3) return NaN;
    const second = twoDigits(bytes, start + 1);
    if (!(second <= 60)) return NaN;
    this.isLeapSecond = second === 60;
    const fraction = start + 3;
    const next = endOfFraction(bytes, fraction, end);
    // A leap second is in the minute that it ends.
    const seconds = this.isLeapSecond ? 59_999 : second * 1000 + millisecondsOf(bytes, fraction, next);
    return this.#readOffset(bytes, next, end, minute + seconds);
  }

  #readOffset(bytes: Uint8Array, from: number, end: number, time: number): number {
    if (from === end) {
      this.isLocal = true;
      return time;
    }
    const start = bytes[from] === BLANK ? from + 1 : from;
    const length = end - start;
    const sign = bytes[start];
    if (length === 1) return (sign! | 0x20) === LETTER_Z ? time : NaN;
    if (sign !== PLUS && sign !== HYPHEN) return isUtc(bytes, start, end) ? time : NaN;
    // +hh as PostgreSQL writes it, +hhmm as Snowflake does.
    const isLong = length === 6 && bytes[start + 3] === COLON;
    if (length !== 3 && length !== 5 && !isLong) return NaN;
    const hours = twoDigits(bytes, start + 1);
    const minutes = length === 3 ? 0 : twoDigits(bytes, end - 2);
    if (!(hours < 24 && minutes < 60)) return NaN;
    const offset = (hours * 60 + minutes) * MINUTE_MS;
    return sign === PLUS ? time - offset : time + offset;
  }
}

/** Only what can be nothing else: dates without hyphens have 8 or 14 digits, microseconds 15 or 16. */
function readUnixTime(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (; at < end; at++) {
    const digit = bytes[at]! - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const digits = at - start;
  const next = endOfFraction(bytes, at, end);
  if (next !== end) return NaN;
  if (digits === 12 || digits === 13) return value;
  if (digits === 0 || digits === 8 || digits > 10) return NaN;
  return value * 1000 + millisecondsOf(bytes, at, next);
}

/** NaN where there is no such day. */
function daysSince1970(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 ? (isLeap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= length)) return NaN;
  const before = month > 2 ? year : year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + 1;
  return year * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1]! + day - 1 - DAYS_BEFORE_1970;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - DIGIT_0;
  const ones = bytes[at + 1]! - DIGIT_0;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** Behind the decimals, if there are any at `start`; a point without any belongs to nothing. */
function endOfFraction(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || (bytes[start] !== POINT && bytes[start] !== COMMA)) return start;
  let at = start + 1;
  while (at < end && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_0 + 9) at++;
  return at === start + 1 ? start : at;
}

function millisecondsOf(bytes: Uint8Array, point: number, end: number): number {
  let value = 0;
  for (let at = point + 1; at <= point + 3; at++) value = value * 10 + (at < end ? bytes[at]! - DIGIT_0 : 0);
  return value;
}

/** As BigQuery writes it. */
function isUtc(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && bytes[start] === 0x55 && bytes[start + 1] === 0x54 && bytes[start + 2] === 0x43;
}

const BLANK = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x74;
const LETTER_Z = 0x7a;
