import t from "tap";
import { formatMillionths } from "../../../src/index/money.js";

await t.test("millionths are written exactly, with six decimals", (t) => {
  t.equal(formatMillionths(0n), "0.000000");
  t.equal(formatMillionths(1n), "0.000001");
  t.equal(formatMillionths(-1n), "-0.000001");
  t.equal(formatMillionths(2_518_264n), "2.518264");
  t.equal(formatMillionths(-1_500_000n), "-1.500000");
  t.equal(formatMillionths(2n ** 63n - 1n), "9223372036854.775807");
  t.equal(formatMillionths(-(2n ** 63n)), "-9223372036854.775808");
  t.end();
});
