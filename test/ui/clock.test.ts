import t from "tap";
import { momentText, timeText } from "../../ui/clock.js";

await t.test("moments are those of the zone, with the day where it is another", (t) => {
  const zone = "Asia/Kathmandu";
  const moment = Date.UTC(2026, 10, 23, 18, 14, 5);
  t.equal(timeText(moment, zone), "23:59:05");
  t.equal(momentText(moment, moment + 50_000, zone), "23:59:05");
  t.equal(momentText(moment, moment + 60_000, zone), "23 Nov, 23:59:05");
  t.end();
});
