import t from "tap";
import { counted, durationText, minutesOf, moneyText } from "../../../src/index/wording.js";

await t.test("money has all its digits, in groups", (t) => {
  t.equal(moneyText(1234567_890123n), "1,234,567.890123");
  t.equal(moneyText(-1000_000001n), "−1,000.000001");
  t.equal(moneyText(-1n), "−0.000001");
  t.equal(moneyText(999_000000n), "999.000000");
  t.end();
});

await t.test("counts and minutes", (t) => {
  t.equal(counted(1, "visit"), "1 visit");
  t.equal(counted(1234, "visit"), "1,234 visits");
  t.same(
    [1, 4].map((period) => minutesOf(period, 4)),
    ["00–14", "45–59"],
  );
  t.equal(minutesOf(60, 60), "59");
  t.end();
});

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
