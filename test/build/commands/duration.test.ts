import t from "tap";
import { DURATION } from "../../../build/commands/duration.js";

await t.test("a length of time is read in seconds, minutes, hours and days", (t) => {
  const read = ["30s", "15m", "1h", "7d", "99999d"].map((text) => DURATION.parse(text));
  t.same(read, [30_000, 900_000, 3_600_000, 604_800_000, 8_639_913_600_000]);
  t.end();
});

await t.test("anything else is none", (t) => {
  for (const text of ["", "0s", "1", "h", "1.5h", "-1h", "1 h", "1H", "01h", "1h30m", "100000d", "1w"])
    t.equal(DURATION.parse(text), undefined, text);
  t.end();
});
