import fc from "fast-check";
import t from "tap";
import { EventClock, MALFORMED, OUTSIDE } from "../../../build/read/event-time.js";
import { periodAt } from "../../../src/decision/period.js";

function clock(timeZone: string, periods = 4, from?: string, to?: string): (text: string) => number {
  const moment = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
  const clock = new EventClock({ timeZone, periods, from: moment(from), to: moment(to) });
  return (text) => clock.periodOf(Buffer.from(text), 0, text.length);
}

await t.test("the period is the local minute's, in zones of half hours and quarters too", (t) => {
  t.equal(clock("UTC")("2026-11-29T10:14:59.999Z"), 1);
  t.equal(clock("UTC")("2026-11-29T10:15:00Z"), 2);
  t.equal(clock("Asia/Kathmandu")("2026-11-29T10:00:00Z"), 4, "15:45 there");
  t.equal(clock("Asia/Kathmandu")("2026-11-29T10:15:00Z"), 1, "16:00 there");
  t.equal(clock("Asia/Tehran")("2026-11-29T10:00:00Z"), 3, "13:30 there");
  t.equal(clock("Asia/Kathmandu")("1764410400"), 4, "Unix time is UTC");
  t.equal(clock("Asia/Kathmandu")("2026-11-29T10:00:00"), 1, "without an offset it is local");
  t.equal(clock("Asia/Kathmandu")("2026-11-29T10:00:00+05:45"), 1);
  t.equal(clock("UTC", 60)("2026-11-29T10:59:00Z"), 60);
  t.equal(clock("UTC", 1)("2026-11-29T10:59:00Z"), 1);
  t.equal(clock("UTC")("1969-12-31T23:59:00Z"), 4);
  t.end();
});

await t.test("it is the period in which the server of that zone would show the banner", (t) => {
  const zones = ["Europe/Berlin", "Asia/Kathmandu", "Asia/Tehran", "Australia/Lord_Howe", "America/St_Johns", "UTC"];
  const moment = fc.integer({ min: 0, max: Date.UTC(2040, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.constantFrom(1, 4, 6, 60), moment, (zone, periods, moment) => {
      const text = new Date(moment).toISOString();
      return clock(zone, periods)(text) === periodAt(moment, zone, periods);
    }),
    { seed: 20261129, numRuns: 200 },
  );
  t.end();
});

await t.test("a window is from its first moment to before its last, whatever zone the timestamp is in", (t) => {
  const period = clock("Europe/Berlin", 4, "2026-11-28T23:00:00Z", "2026-11-29T23:00:00Z");
  t.equal(period("2026-11-28T22:59:59.999Z"), OUTSIDE);
  t.equal(period("2026-11-28T23:00:00Z"), 1);
  t.equal(period("2026-11-28 23:59:59"), OUTSIDE);
  t.equal(period("2026-11-29 00:00:00"), 1);
  t.equal(period("2026-11-29 23:59:59"), 4);
  t.equal(period("2026-11-30 00:00:00"), OUTSIDE);
  t.equal(period("2026-11-29T23:59:59+01:00"), 4);
  t.equal(period("2026-11-29T23:00:00Z"), OUTSIDE);
  t.end();
});

await t.test(
  "in the hour that comes twice, times with an offset are told apart, and those without are the first",
  (t) => {
    const second = clock("Europe/Berlin", 4, "2026-10-25T01:00:00Z");
    t.equal(second("2026-10-25T02:20:00+02:00"), OUTSIDE);
    t.equal(second("2026-10-25T02:20:00+01:00"), 2);
    t.equal(second("2026-10-25T02:20:00"), OUTSIDE);
    t.equal(clock("Europe/Berlin")("2026-10-25T02:20:00"), 2);
    t.end();
  },
);

await t.test("a leap second is in the last minute of a day of UTC, or nowhere", (t) => {
  t.equal(clock("UTC")("2016-12-31T23:59:60Z"), 4);
  t.equal(clock("Asia/Kathmandu")("2017-01-01T05:44:60+05:45"), 3);
  t.equal(clock("Asia/Kathmandu")("2017-01-01T05:44:60"), 3);
  t.equal(clock("UTC")("2016-12-31T23:58:60Z"), MALFORMED);
  t.end();
});

await t.test("a malformed timestamp is told with what to do", (t) => {
  const times = { timeZone: "Europe/Berlin", periods: 4, from: undefined, to: undefined };
  const reasonFor = (text: string): string => {
    t.equal(clock("Europe/Berlin")(text), MALFORMED, text);
    return new EventClock(times).reasonFor(text);
  };
  t.match(reasonFor("2026-03-29 02:30:00"), /clocks in Europe\/Berlin leave out: write its offset/);
  t.match(reasonFor("2024-02-30T10:00:00Z"), /timestamp is "2024-02-30T10:00:00Z", expected a date, .* that exist/);
  t.match(reasonFor("2024-02-20T10:00:60"), /that exist/);
  t.match(reasonFor("1700000000123456"), /divide smaller units/);
  t.match(reasonFor("20240110"), /write a date with hyphens/);
  t.match(reasonFor("10.01.2024 10:15"), /expected a time such as 2026-11-29T10:15:00Z/);
  t.match(reasonFor(""), /timestamp is "", expected a time such as/);
  t.end();
});
