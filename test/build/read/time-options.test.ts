import t from "tap";
import { eventTimes, type TimeOptions } from "../../../build/read/time-options.js";

const timed = (options: TimeOptions): unknown => eventTimes("data", false, options);
const inFolders = (options: TimeOptions): unknown => eventTimes("data", true, options);

await t.test("the zone is the machine's and there are four periods where nothing else is asked for", (t) => {
  const whole = { from: undefined, to: undefined };
  t.strictSame(timed({ machineZone: "Asia/Tehran" }), { timeZone: "Asia/Tehran", periods: 4, ...whole });
  const given = { "time-zone": "Asia/Kathmandu", periods: 6, machineZone: "Asia/Tehran" };
  t.strictSame(timed(given), { timeZone: "Asia/Kathmandu", periods: 6, ...whole });
  t.throws(() => timed({}), {
    name: "UsageError",
    message: /^--time-zone: is not given, and the zone of this machine/,
  });
  t.end();
});

await t.test("the bounds of the window are instants, those without an offset in the zone", (t) => {
  const times = timed({ "time-zone": "Asia/Kathmandu", from: "2026-11-28", to: "2026-11-29T00:00:00Z" });
  t.match(times, { from: Date.parse("2026-11-27T18:15Z"), to: Date.parse("2026-11-29T00:00Z") });
  t.end();
});

await t.test("a window without an instant in it is wrong usage", (t) => {
  const window = { "time-zone": "UTC", from: "2026-11-29", to: "2026-11-29" };
  t.throws(() => timed(window), { name: "UsageError", message: /^--to: 2026-11-29 is not after --from 2026-11-29/ });
  t.end();
});

await t.test("data in period folders have no timestamps, so that the options are wrong usage", (t) => {
  t.equal(inFolders({ machineZone: "UTC" }), undefined);
  t.equal(inFolders({ "time-zone": "UTC" }), undefined, "other files may have times, too");
  for (const options of [{ periods: 4 }, { from: "2026-11-29" }, { to: "2026-11-29" }])
    t.throws(() => inFolders({ machineZone: "UTC", ...options }), {
      name: "UsageError",
      message: `--${Object.keys(options)[0]}: is for events with timestamps, and data has period folders, whose rows have no time: leave it out, or put files with a column timestamp in the data folder itself`,
    });
  t.end();
});
