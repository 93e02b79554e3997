import t from "tap";
import { otherZone } from "../../../src/decision/other-zone.js";

await t.test("an index of another zone is told with both remedies, in one line that acts on no terminal", (t) => {
  t.equal(
    otherZone("Asia/Kathmandu", "Europe/Berlin"),
    "the index was cut into periods in Asia/Kathmandu, and this server's TIME_ZONE is Europe/Berlin: " +
      "set TIME_ZONE to Asia/Kathmandu, or build with --time-zone Europe/Berlin",
  );
  t.match(otherZone("Mars\u001b[2J", "UTC"), "in Mars\\u001b[2J, and");
  t.end();
});

await t.test("one zone by two names is one, and an index that names none fits any", (t) => {
  t.equal(otherZone("Europe/Berlin", "Europe/Berlin"), undefined);
  t.equal(otherZone("Etc/UTC", "UTC"), undefined);
  t.equal(otherZone(undefined, "Europe/Berlin"), undefined);
  t.end();
});
