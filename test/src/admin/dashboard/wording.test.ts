import t from "tap";
import { counted, durationText, minutesOf, moneyText, ZoneClock } from "../../../../src/admin/dashboard/wording.js";

await t.test("money has all its digits, in groups", (t) => {
  t.equal(moneyText(1234567_890123n), "1,234,567.890123");
  t.equal(moneyText(-1000_000001n), "−1,000.000001");
  t.equal(moneyText(-1n), "−0.000001");
  t.equal(moneyText(999_000000n), "999.000000");
  t.end();
});

await t.test("counts, minutes and durations", (t) => {
  t.equal(counted(1, "visit"), "1 visit");
  t.equal(counted(1234, "visit"), "1,234 visits");
  t.same(
    [1, 4].map((period) => minutesOf(period, 4)),
    ["00–14", "45–59"],
  );
  t.equal(minutesOf(60, 60), "59");
  t.same([0, 0.9, 59.9, 60, 372, 3600, 90_061, 172_800].map(durationText), [
    "0 s",
    "0 s",
    "59 s",
    "1 min",
    "6 min 12 s",
    "1 h",
    "1 d 1 h",
    "2 d",
  ]);
  t.equal(durationText(-5), "0 s", "the clock was put back");
  t.end();
});

await t.test("moments are those of the zone, with the day where it is another", (t) => {
  const clock = new ZoneClock("Asia/Kathmandu");
  const moment = Date.UTC(2026, 10, 23, 18, 14, 5);
  t.equal(clock.time(moment), "23:59:05");
  t.equal(clock.moment(moment, moment + 50_000), "23:59:05");
  t.equal(clock.moment(moment, moment + 60_000), "23 Nov, 23:59:05");
  t.end();
});
