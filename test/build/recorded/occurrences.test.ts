import t from "tap";
import { Occurrences } from "../../../build/recorded/occurrences.js";

const MINUTE_MS = 60_000;

/** Hours in which clocks are put, and one in a zone that is no whole hour from UTC. */
const HOURS: Readonly<Record<string, readonly [zone: string, from: string, hours: number]>> = {
  "a zone three quarters of an hour from UTC": ["Asia/Kathmandu", "2026-11-30T00:00:00Z", 4],
  "clocks put forward by an hour": ["Europe/Berlin", "2026-03-28T23:00:00Z", 5],
  "clocks put back by an hour": ["Europe/Berlin", "2026-10-24T22:00:00Z", 6],
  "clocks put forward by half an hour": ["Australia/Lord_Howe", "2026-10-03T13:00:00Z", 5],
  "clocks put back by half an hour": ["Australia/Lord_Howe", "2026-04-04T12:00:00Z", 6],
};

/** For each minute from the first on, the first one with the same offset, hour and period of it without a break. */
function startsByMinute(zone: string, periods: number, from: number, minutes: number): number[] {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "longOffset",
  });
  let [start, last] = [NaN, ""];
  return Array.from({ length: minutes }, (_, at) => {
    const moment = from + at * MINUTE_MS;
    const parts = format.formatToParts(moment);
    const minute = Number(parts.find(({ type }) => type === "minute")!.value);
    const rest = parts.filter(({ type }) => type !== "minute").map(({ value }) => value);
    const occurrence = [...rest, Math.floor((minute * periods) / 60)].join(" ");
    if (occurrence !== last) [start, last] = [moment, occurrence];
    return start;
  });
}

for (const [name, [zone, from, hours]] of Object.entries(HOURS))
  for (const periods of [1, 2, 4, 60])
    await t.test(`an occurrence begins with its first minute: ${name}, ${periods} a hour`, (t) => {
      const occurrences = new Occurrences(zone, periods);
      const first = Date.parse(from);
      const expected = startsByMinute(zone, periods, first - 120 * MINUTE_MS, hours * 60 + 120).slice(120);
      const minutes = expected.map((_, at) => first + at * MINUTE_MS);
      t.same(
        minutes.map((minute) => occurrences.startOf(minute)),
        expected,
      );
      t.same(
        minutes.map((minute) => occurrences.startOf(minute + 59_999)),
        expected,
        "and so to its last millisecond",
      );
      t.ok(new Set(expected).size >= hours * periods - periods);
      const hour = new Occurrences(zone, 1);
      for (const cut of new Set(minutes.map((minute) => hour.startOf(minute))))
        for (const minute of minutes)
          t.equal(occurrences.startOf(minute) >= cut, minute >= cut, "an hour's begin cuts through none");
      t.end();
    });
