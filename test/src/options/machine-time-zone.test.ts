import { join } from "node:path";
import t from "tap";
import { machineTimeZone } from "../../../src/options/values.js";
import { FIRST, publish } from "../published.js";
import { RunningServer } from "../running-server.js";

await t.test("a TZ with a name, or with whole hours, is that zone", (t) => {
  const cases: [tz: string, zone: string | undefined][] = [
    ["Europe/Berlin", "Europe/Berlin"],
    [":Europe/Berlin", "Europe/Berlin"],
    ["UTC", "UTC"],
    ["", "UTC"],
    [":", "UTC"],
    ["UTC0", "UTC"],
    // POSIX counts westwards, and so do the names.
    ["UTC+5", "Etc/GMT+5"],
    ["XYZ5", "Etc/GMT+5"],
    ["XYZ-03:00", "Etc/GMT-3"],
    ["XYZ-3:17", undefined],
    ["XYZ+20", undefined],
    ["CET-1CEST,M3.5.0,M10.5.0/3", undefined],
    ["<+03>-3", undefined],
    ["Nowhere/City", undefined],
    ["/none/zoneinfo", undefined],
    ["/dev/null", undefined],
  ];
  for (const [tz, zone] of cases) t.equal(machineTimeZone(tz), zone, JSON.stringify(tz));
  t.end();
});

await t.test("a TZ that is a file, or a link to one, is the zone that the file is of", (t) => {
  const folder = t.testdir({
    zoneinfo: { Europe: { Berlin: "" }, posix: { America: { Chicago: "" } } },
    localtime: t.fixture("symlink", "zoneinfo/Europe/Berlin"),
  });
  t.equal(machineTimeZone(join(folder, "localtime")), "Europe/Berlin");
  t.equal(machineTimeZone(`:${join(folder, "zoneinfo/Europe/Berlin")}`), "Europe/Berlin");
  t.equal(machineTimeZone(join(folder, "zoneinfo/posix/America/Chicago")), "America/Chicago");
  t.end();
});

await t.test("the server starts in it, or says that TIME_ZONE is to be set", async (t) => {
  const INDEX_FILE = join(t.testdir(), "index.bin");
  publish(INDEX_FILE, FIRST);
  const named = new RunningServer({ INDEX_FILE, TZ: "UTC+5" });
  t.match(await named.next("ready"), { timeZone: "Etc/GMT+5" });
  t.equal(await named.stop(), 0);
  const TZ = "CET-1CEST,M3.5.0,M10.5.0/3";
  const nameless = new RunningServer({ INDEX_FILE, TZ });
  t.equal(await nameless.exited, 2);
  t.match(nameless.text, /^billboard serve: TIME_ZONE: the zone of this machine has no name.*: set TIME_ZONE, .*\n$/);
  const told = new RunningServer({ INDEX_FILE, TZ, TIME_ZONE: "Europe/Berlin" });
  t.match(await told.next("ready"), { timeZone: "Europe/Berlin" });
  t.equal(await told.stop(), 0);
});
