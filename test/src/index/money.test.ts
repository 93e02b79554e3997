import t from "tap";
import { formatMillionths, parseMillionths } from "../../../src/index/money.js";

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

await t.test("what is written is read as the same, to the ends of 64 bits", (t) => {
  for (const millionths of [0n, 1n, -1n, 1_500_000n, 2n ** 63n - 1n, -(2n ** 63n)])
    t.equal(parseMillionths(formatMillionths(millionths)), millionths);
  t.equal(parseMillionths("9223372036854.775808"), undefined);
  t.equal(parseMillionths("-9223372036854.775809"), undefined);
  t.end();
});

await t.test("digits of other scripts are no digits", (t) => {
  t.equal(parseMillionths("١"), undefined);
  t.equal(parseMillionths("1.٥"), undefined);
  t.end();
});
