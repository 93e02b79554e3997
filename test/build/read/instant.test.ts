import t from "tap";
import { instantOf } from "../../../build/read/instant.js";

const written = (text: string, timeZone = "UTC"): string | undefined => {
  const instant = instantOf(text, timeZone);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

await t.test("a time with an offset is that moment in every zone", (t) => {
  for (const zone of ["UTC", "Asia/Kathmandu"]) {
    t.equal(written("2026-11-29T10:15:00Z", zone), "2026-11-29T10:15:00.000Z");
    t.equal(written("2026-11-29t10:15:30.25+05:45", zone), "2026-11-29T04:30:30.250Z");
    t.equal(written("2026-11-29 10:15z", zone), "2026-11-29T10:15:00.000Z");
  }
  t.end();
});

await t.test("a date is the begin of its day in the zone, and a time without an offset is the zone's", (t) => {
  t.equal(written("2026-11-29"), "2026-11-29T00:00:00.000Z");
  t.equal(written("2026-11-29", "Asia/Kathmandu"), "2026-11-28T18:15:00.000Z");
  t.equal(written("2026-07-01", "America/St_Johns"), "2026-07-01T02:30:00.000Z");
  t.equal(written("2026-11-29 10:15", "America/St_Johns"), "2026-11-29T13:45:00.000Z");
  t.equal(written("2024-02-29T23:59:59.5", "Europe/Berlin"), "2024-02-29T22:59:59.500Z");
  t.end();
});

await t.test("a time that comes twice is the first, and one that clocks leave out is as if they did not", (t) => {
  const berlin = (text: string): string | undefined => written(text, "Europe/Berlin");
  t.equal(berlin("2026-10-25 01:59"), "2026-10-24T23:59:00.000Z");
  t.equal(berlin("2026-10-25 02:30"), "2026-10-25T00:30:00.000Z");
  t.equal(berlin("2026-10-25 03:00"), "2026-10-25T02:00:00.000Z");
  t.equal(berlin("2026-03-29 01:59"), "2026-03-29T00:59:00.000Z");
  t.equal(berlin("2026-03-29 02:30"), "2026-03-29T01:30:00.000Z");
  t.equal(berlin("2026-03-29 03:30"), "2026-03-29T01:30:00.000Z");
  t.equal(written("2026-03-29", "Asia/Beirut"), "2026-03-28T22:00:00.000Z", "a day that begins at one");
  t.end();
});

await t.test("what is no instant is none", (t) => {
  for (const text of [
    ...["", "now", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "26-11-29", "2026-11-29T", "29.11.2026"],
    ...["2026-11-29T24:30Z", "2026-11-29T10Z", "2026-11-29T10:61Z", "2026-11-29+01:00", "2026-11-29T10:15+25:00"],
    ...["1764411300", " 2026-11-29", "2026-11-29T10:15:00 Europe/Berlin"],
  ])
    t.equal(instantOf(text, "UTC"), undefined, text);
  t.end();
});
