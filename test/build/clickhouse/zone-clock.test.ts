import t from "tap";
import { minuteOffsets, periodExpression, type OffsetSpan } from "../../../build/clickhouse/zone-clock.js";
import { EventClock } from "../../../build/read/event-time.js";
import { seededRandom } from "../../src/seeded-random.js";

const FROM = Date.parse("2015-01-01T00:00Z");
const TO = Date.parse("2027-01-01T00:00Z");

/** What ClickHouse makes of the expression. */
function periodBySpans(moment: number, periods: number, spans: readonly OffsetSpan[]): number {
  const { offset } = spans.findLast(({ start }) => moment >= start) ?? spans[0]!;
  return Math.floor((Math.floor((moment + offset) / 60_000) % 60) / (60 / periods)) + 1;
}

await t.test("a period in a statement is that of an event file, in any zone", (t) => {
  const random = seededRandom(1);
  for (const timeZone of ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Pyongyang"]) {
    const spans = minuteOffsets(timeZone, FROM, TO);
    for (const periods of [4, 60]) {
      const clock = new EventClock({ timeZone, periods, from: undefined, to: undefined });
      const moments = Array.from({ length: 500 }, () => FROM + Math.floor(random() * (TO - FROM)));
      // And the last and first milliseconds round each change.
      for (const moment of [...moments, ...spans.slice(1).flatMap(({ start }) => [start - 1, start])]) {
        const bytes = Buffer.from(String(moment));
        const expected = clock.periodOf(bytes, 0, bytes.length);
        if (periodBySpans(moment, periods, spans) !== expected) t.fail(`${timeZone} ${moment}`);
      }
    }
  }
  t.equal(minuteOffsets("Europe/Berlin", FROM, TO).length, 1, "summer time moves whole hours");
  t.equal(minuteOffsets("Australia/Lord_Howe", FROM, TO).length, 25, "or half of one, twice a year");
  t.end();
});

await t.test("the expression is no more than the zone needs", (t) => {
  t.equal(periodExpression("t", 4, minuteOffsets("UTC", FROM, TO)), "toUInt8(intDiv(intDiv(t, 60000) % 60, 15) + 1)");
  t.equal(
    periodExpression("t", 12, [
      { start: 0, offset: 1 },
      { start: 50, offset: 2 },
      { start: 70, offset: 3 },
    ]),
    "toUInt8(intDiv(intDiv((t + multiIf(t < 50, 1, t < 70, 2, 3)), 60000) % 60, 5) + 1)",
  );
  t.end();
});
