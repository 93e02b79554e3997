import t from "tap";
import { clockStandingIn, PeriodClock, periodAt } from "../../../src/decision/period.js";

const MINUTES = [0, 14, 15, 29, 30, 44, 45, 59];
const MINUTE = 60_000;

/** For each number of periods, the period of each of MINUTES: worked out by hand. */
const EXPECTED: Readonly<Record<number, readonly number[]>> = {
  1: [1, 1, 1, 1, 1, 1, 1, 1],
  4: [1, 1, 2, 2, 3, 3, 4, 4],
  6: [1, 2, 2, 3, 4, 5, 5, 6],
  60: [1, 15, 16, 30, 31, 45, 46, 60],
};

/** A moment at which a zone's clocks show minute 0, and how far the zone is from whole hours. */
const ZONES = [
  { zone: "UTC", hour: Date.UTC(2026, 10, 23, 12, 0) },
  { zone: "Asia/Tehran", hour: Date.UTC(2026, 10, 23, 12, 30) },
  { zone: "Asia/Kathmandu", hour: Date.UTC(2026, 10, 23, 12, 15) },
  { zone: "America/St_Johns", hour: Date.UTC(2026, 10, 23, 12, 30) },
];

for (const [periods, expected] of Object.entries(EXPECTED))
  for (const { zone, hour } of ZONES)
    await t.test(`${periods} period(s) in ${zone} by the minute of the zone's clock`, (t) => {
      const periodsOf = (second: number): number[] =>
        MINUTES.map((minute) => periodAt(hour + minute * MINUTE + second * 1000, zone, Number(periods)));
      t.same(periodsOf(0), expected, "at the first second of the minute");
      t.same(periodsOf(59.999), expected, "at its last millisecond");
      t.end();
    });

await t.test("a change to summer time of half an hour moves the period with the clock", (t) => {
  // Lord Howe Island goes from +10:30 to +11 at 02:00 on 4 October 2026, which is 15:30 UTC on the 3rd.
  const change = Date.UTC(2026, 9, 3, 15, 30);
  t.equal(periodAt(change - MINUTE, "Australia/Lord_Howe", 4), 4, "01:59 before");
  t.equal(periodAt(change, "Australia/Lord_Howe", 4), 3, "02:30 after, since 02:00 to 02:29 are left out");
  t.equal(periodAt(change + 15 * MINUTE, "Australia/Lord_Howe", 4), 4);
  t.end();
});

await t.test("a change of a whole hour keeps the period", (t) => {
  const change = Date.UTC(2026, 2, 29, 1, 0);
  t.equal(periodAt(change - MINUTE, "Europe/Berlin", 4), 4);
  t.equal(periodAt(change, "Europe/Berlin", 4), 1);
  t.end();
});

await t.test("one clock answers as well as a new one for each moment, forwards, backwards and across a change", (t) => {
  const start = Date.UTC(2026, 9, 3, 15, 0);
  const moments = Array.from({ length: 3000 }, (_, at) => start + ((at * 7919) % 7200) * 1000 + (at % 1000));
  for (const zone of ["UTC", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
    const clock = new PeriodClock(zone, 60);
    t.same(
      moments.map((moment) => clock.at(moment)),
      moments.map((moment) => periodAt(moment, zone, 60)),
      zone,
    );
  }
  t.end();
});

for (const { zone, hour } of ZONES)
  await t.test(`the next period begins at a minute of the zone's clock: ${zone}`, (t) => {
    const nextMinutes = (periods: number, minute: number): number => {
      const clock = new PeriodClock(zone, periods);
      return (clock.nextAt(hour + minute * MINUTE + 30_000) - hour) / MINUTE;
    };
    t.same(
      MINUTES.map((minute) => nextMinutes(4, minute)),
      [15, 15, 30, 30, 45, 45, 60, 60],
    );
    t.same(
      [0, 59].map((minute) => nextMinutes(1, minute)),
      [60, 60],
      "the only period begins anew",
    );
    t.same(
      [0, 59].map((minute) => nextMinutes(60, minute)),
      [1, 60],
    );
    t.end();
  });

await t.test("clocks that are put forward take the beginning of the next period with them", (t) => {
  const change = Date.UTC(2026, 9, 3, 15, 30);
  const nextOf = (periods: number, at: number): number =>
    (new PeriodClock("Australia/Lord_Howe", periods).nextAt(at) - change) / MINUTE;
  t.equal(nextOf(4, change - MINUTE), 0, "02:30, where the third period begins");
  t.equal(nextOf(1, change - MINUTE), 30, "03:00, since there is no 02:00");
  t.end();
});

await t.test("an unknown zone is a RangeError", (t) => {
  t.throws(() => periodAt(0, "Mars/Olympus_Mons", 4), RangeError);
  t.end();
});

await t.test("a clock stands still in any period of any zone", (t) => {
  for (const zone of Intl.supportedValuesOf("timeZone"))
    for (const [period, periods] of [
      [1, 1],
      [1, 4],
      [4, 4],
      [60, 60],
    ] as const) {
      const now = clockStandingIn(period, zone, periods);
      t.equal(periodAt(now(), zone, periods), period, zone);
      t.equal(now(), now());
    }
  t.end();
});
