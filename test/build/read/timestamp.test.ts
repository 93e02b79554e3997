import fc from "fast-check";
import t from "tap";
import { TimestampReader } from "../../../build/read/timestamp.js";

const reader = new TimestampReader();

/** Within other bytes, as a field is: what lies around it is no part of it. */
function read(text: string): number {
  const bytes = Buffer.from(`9${text}99:99Z`);
  return reader.read(bytes, 1, 1 + Buffer.byteLength(text));
}

const iso = (text: string): string | undefined => {
  const time = read(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

await t.test("RFC 3339 with an offset is a moment, in every way it is written", (t) => {
  const moment = "2026-11-29T08:15:07.120Z";
  for (const text of [
    "2026-11-29T08:15:07.12Z",
    "2026-11-29t08:15:07.12z",
    "2026-11-29 08:15:07.120999Z",
    "2026-11-29T08:15:07,12Z",
    "2026-11-29T10:15:07.12+02:00",
    "2026-11-29T02:45:07.12-05:30",
    "2026-11-28T23:15:07.12-09:00",
    "2026-11-29 10:15:07.12+02",
    "2026-11-29 10:15:07.12 +0200",
    "2026-11-29 08:15:07.12 UTC",
    "2026-11-29T08:15:07.12-00:00",
  ]) {
    t.equal(iso(text), moment, text);
    t.notOk(reader.isLocal, text);
  }
  t.equal(iso("2026-11-29T08:15Z"), "2026-11-29T08:15:00.000Z", "without seconds");
  t.end();
});

await t.test("without an offset it is a local time", (t) => {
  for (const text of ["2026-11-29T08:15:07", "2026-11-29 08:15:07.000", "2026-11-29 08:15:07.000000"]) {
    t.equal(iso(text), "2026-11-29T08:15:07.000Z", text);
    t.ok(reader.isLocal, text);
  }
  t.end();
});

await t.test("Unix time is in seconds or milliseconds, by its digits, with decimals or without", (t) => {
  t.equal(read("1700000000"), 1_700_000_000_000);
  t.equal(read("1700000000.123"), 1_700_000_000_123);
  t.equal(read("1700000000.1"), 1_700_000_000_100);
  t.equal(read("1700000000,1239"), 1_700_000_000_123);
  t.equal(read("1700000000123"), 1_700_000_000_123);
  t.equal(read("1700000000123.456"), 1_700_000_000_123);
  t.equal(read("999999999"), 999_999_999_000);
  t.equal(read("946684800000"), 946_684_800_000);
  t.equal(read("0"), 0);
  t.notOk(reader.isLocal);
  t.end();
});

await t.test("a leap second is in the minute that it ends", (t) => {
  t.equal(iso("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.999Z");
  t.ok(reader.isLeapSecond);
  t.equal(iso("2016-12-31T23:59:59Z"), "2016-12-31T23:59:59.000Z");
  t.notOk(reader.isLeapSecond);
  t.end();
});

await t.test("what is no timestamp, or a time that does not exist, is none", (t) => {
  for (const text of [
    "2024-02-30T10:00:00Z",
    "2023-02-29T10:00:00Z",
    "1900-02-29T10:00:00Z",
    "2024-04-31T10:00:00Z",
    "2024-00-10T10:00:00Z",
    "2024-13-10T10:00:00Z",
    "2024-01-00T10:00:00Z",
    "2024-01-10T24:00:00Z",
    "2024-01-10T10:60:00Z",
    "2024-01-10T10:00:61Z",
    "2024-01-10T10:00:00+24:00",
    "2024-01-10T10:00:00+02:60",
    "2024-01-10T10:00:00+2:00",
    "2024-01-10T10:00:00+02:0",
    "2024-01-10T10:00:00+",
    "2024-01-10T10:00:00.Z",
    "2024-01-10T10:00:00.",
    "2024-01-10T10:00:0",
    "2024-01-10T10:00:",
    "2024-01-10T10:00:00 Z9",
    "2024-01-10T10:00:00ZZ",
    "2024-01-10T10:00:00 CET",
    "2024-01-10T10:00:00  Z",
    "2024-01-10",
    "2024-01-10T10",
    "2024-1-10T10:00:00Z",
    "2024/01/10 10:00:00",
    "10.01.2024 10:00",
    "01/10/2024 10:00:00",
    "20240110",
    "20240110100000",
    "20240110T100000Z",
    "17000000000",
    "1700000000123456",
    "1700000000123456789",
    "1700000000.",
    "1700000000.1.2",
    "1.7e9",
    "-1700000000",
    "+1700000000",
    "",
    ".5",
    "x",
    "２024-01-10T10:00:00Z",
  ])
    t.equal(iso(text), undefined, text);
  t.equal(iso("2000-02-29T10:00:00Z"), "2000-02-29T10:00:00.000Z", "a leap year by its century");
  t.end();
});

await t.test("every moment of ten thousand years is read back from its text", (t) => {
  const date = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (date) => iso(date.toISOString()) === date.toISOString()),
    { seed: 20261129, numRuns: 2000 },
  );
  t.equal(iso("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
  t.equal(iso("0000-03-01T00:00:00Z"), "0000-03-01T00:00:00.000Z");
  t.end();
});
