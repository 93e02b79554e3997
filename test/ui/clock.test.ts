import t from "tap";
import { durationText, momentText, timeText } from "../../ui/clock.js";

await t.test("durations have their two greatest units", (t) => {
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
  const zone = "Asia/Kathmandu";
  const moment = Date.UTC(2026, 10, 23, 18, 14, 5);
  t.equal(timeText(moment, zone), "23:59:05");
  t.equal(momentText(moment, moment + 50_000, zone), "23:59:05");
  t.equal(momentText(moment, moment + 60_000, zone), "23 Nov, 23:59:05");
  t.end();
});
