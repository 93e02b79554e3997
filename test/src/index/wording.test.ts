import t from "tap";
import { counted, minutesOf, moneyText } from "../../../src/index/wording.js";

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
