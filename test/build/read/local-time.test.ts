import fc from "fast-check";
import t from "tap";
import { ZoneOffsets } from "../../../build/read/local-time.js";

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}Z`);
const hoursOf = (zone: string, text: string): number => new ZoneOffsets(zone).at(at(text)) / HOUR_MS;

/** The moment of a local time in UTC; undefined where there is none. */
function momentOf(zone: ZoneOffsets, local: string): string | undefined {
  const moment = zone.momentOf(at(local));
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString().slice(0, 16);
}

await t.test("offsets are those of the zone at the moment, also of half hours, quarters and odd seconds", (t) => {
  t.equal(hoursOf("UTC", "2026-07-01T00:00"), 0);
  t.equal(hoursOf("Europe/Berlin", "2026-01-01T00:00"), 1);
  t.equal(hoursOf("Europe/Berlin", "2026-07-01T00:00"), 2);
  t.equal(hoursOf("America/New_York", "2026-07-01T00:00"), -4);
  t.equal(hoursOf("Asia/Kathmandu", "2026-07-01T00:00"), 5.75);
  t.equal(hoursOf("Asia/Tehran", "2026-07-01T00:00"), 3.5);
  t.equal(hoursOf("Asia/Tehran", "2021-07-01T00:00"), 4.5, "when Iran had summer time");
  t.equal(hoursOf("Australia/Lord_Howe", "2026-07-01T00:00"), 10.5);
  t.equal(new ZoneOffsets("Africa/Monrovia").at(at("1971-06-01T00:00")), -(44 * 60 + 30) * 1000);
  t.end();
});

await t.test("the offset changes at the minute, not at the hour that is kept", (t) => {
  const zone = new ZoneOffsets("Europe/Berlin");
  t.equal(zone.at(at("2026-03-29T00:59:59.999")), HOUR_MS);
  t.equal(zone.at(at("2026-03-29T01:00")), 2 * HOUR_MS);
  // At 00:30 of its summer: clocks went back by half an hour at half past the hour of UTC.
  const howe = new ZoneOffsets("Australia/Lord_Howe");
  t.equal(howe.at(at("2026-10-03T15:29:59")), 10.5 * HOUR_MS);
  t.equal(howe.at(at("2026-10-03T15:30")), 11 * HOUR_MS);
  t.end();
});

await t.test("a local time that comes twice is its first moment", (t) => {
  const berlin = new ZoneOffsets("Europe/Berlin");
  t.equal(momentOf(berlin, "2026-10-25T01:59"), "2026-10-24T23:59");
  t.equal(momentOf(berlin, "2026-10-25T02:00"), "2026-10-25T00:00", "not 01:00, when it comes again");
  t.equal(momentOf(berlin, "2026-10-25T02:59"), "2026-10-25T00:59");
  t.equal(momentOf(berlin, "2026-10-25T03:00"), "2026-10-25T02:00");
  const newYork = new ZoneOffsets("America/New_York");
  t.equal(momentOf(newYork, "2026-11-01T01:30"), "2026-11-01T05:30");
  t.equal(momentOf(newYork, "2026-11-01T02:00"), "2026-11-01T07:00");
  const howe = new ZoneOffsets("Australia/Lord_Howe");
  t.equal(momentOf(howe, "2026-04-05T01:29"), "2026-04-04T14:29");
  t.equal(momentOf(howe, "2026-04-05T01:45"), "2026-04-04T14:45");
  t.equal(momentOf(howe, "2026-04-05T02:00"), "2026-04-04T15:30");
  t.end();
});

await t.test("a local time that clocks leave out has no moment", (t) => {
  const berlin = new ZoneOffsets("Europe/Berlin");
  t.equal(momentOf(berlin, "2026-03-29T01:59"), "2026-03-29T00:59");
  t.equal(momentOf(berlin, "2026-03-29T02:00"), undefined);
  t.equal(momentOf(berlin, "2026-03-29T02:59"), undefined);
  t.equal(momentOf(berlin, "2026-03-29T03:00"), "2026-03-29T01:00");
  const howe = new ZoneOffsets("Australia/Lord_Howe");
  t.equal(momentOf(howe, "2026-10-04T02:29"), undefined, "half an hour");
  t.equal(momentOf(howe, "2026-10-04T02:30"), "2026-10-03T15:30");
  const samoa = new ZoneOffsets("Pacific/Apia");
  t.equal(momentOf(samoa, "2011-12-29T23:59"), "2011-12-30T09:59");
  t.equal(momentOf(samoa, "2011-12-30T12:00"), undefined, "a whole day");
  t.equal(momentOf(samoa, "2011-12-31T00:00"), "2011-12-30T10:00");
  t.end();
});

await t.test(
  "in every zone, a moment's local time leads back to it, or to an earlier one with the same local time",
  (t) => {
    const zones = Intl.supportedValuesOf("timeZone").map((name) => new ZoneOffsets(name));
    const moment = fc.integer({ min: at("1900-01-01T00:00"), max: at("2100-01-01T00:00") });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, moment) => {
        const local = moment + zone.at(moment);
        const found = zone.momentOf(local);
        return found === moment || (found < moment && found + zone.at(found) === local);
      }),
      { seed: 20261129, numRuns: 5000 },
    );
    t.end();
  },
);
