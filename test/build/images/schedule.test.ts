import t from "tap";
import { holdReason, readSchedule, type HoldReason } from "../../../build/images/schedule.js";

const at = (text: string): number => Date.parse(text);
const MIDNIGHT = at("2026-12-01T00:00:00Z");

function reason(moment: number, status: string, from = "", until = "", zone = "UTC"): HoldReason | undefined {
  const schedule = readSchedule(status, from, until, zone);
  if (typeof schedule === "string") throw new Error(schedule);
  return holdReason(schedule, moment);
}

await t.test("a banner is off by its status, in letters of any case, and on without one", (t) => {
  for (const status of ["off", "OFF", "Off"]) t.equal(reason(MIDNIGHT, status), "off");
  for (const status of ["", "on", "ON"]) t.equal(reason(MIDNIGHT, status), undefined);
  t.equal(reason(MIDNIGHT, "off", "2026-12-05"), "off", "whatever its time");
  t.end();
});

await t.test("from is the first moment, and until the first that is over", (t) => {
  t.equal(reason(MIDNIGHT - 1, "", "2026-12-01"), "not yet");
  t.equal(reason(MIDNIGHT, "", "2026-12-01"), undefined);
  t.equal(reason(MIDNIGHT - 1, "", "", "2026-12-01"), undefined);
  t.equal(reason(MIDNIGHT, "", "", "2026-12-01"), "over");
  t.equal(reason(MIDNIGHT, "on", "2026-11-30T23:59:59Z", "2026-12-01T00:00:01Z"), undefined);
  t.end();
});

await t.test("times without an offset are those of the zone", (t) => {
  t.equal(reason(at("2026-11-30T18:14:59Z"), "", "2026-12-01", "", "Asia/Kathmandu"), "not yet");
  t.equal(reason(at("2026-11-30T18:15:00Z"), "", "2026-12-01", "", "Asia/Kathmandu"), undefined);
  t.end();
});

await t.test("what is no status, no moment or no span is said, with the value and what was expected", (t) => {
  const MOMENT = "expected a date, or a time such as 2026-11-29T10:15:00Z or 2026-11-29 10:15";
  t.equal(readSchedule("paused", "", "", "UTC"), 'status is "paused", expected on or off');
  t.equal(readSchedule("", "tomorrow", "", "UTC"), `from is "tomorrow", ${MOMENT}`);
  t.equal(readSchedule("", "", "2026-02-30", "UTC"), `until is "2026-02-30", ${MOMENT}`);
  const early = 'until is "2026-12-01T01:00+01:00", expected a moment after from';
  t.equal(readSchedule("", "2026-12-01", "2026-12-01T01:00+01:00", "UTC"), early);
  t.end();
});
