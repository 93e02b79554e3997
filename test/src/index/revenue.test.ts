import t from "tap";
import { parseRevenue } from "../../../src/index/revenue.js";
import { formatMillionths } from "../../../src/index/money.js";

await t.test("what an index writes is read as the same, to the ends of 64 bits", (t) => {
  for (const millionths of [0n, 1n, -1n, 1_500_000n, 2n ** 63n - 1n, -(2n ** 63n)])
    t.equal(parseRevenue(formatMillionths(millionths), ","), millionths);
  for (const text of ["9223372036854.775808", "-9223372036854.775809", "9".repeat(400)])
    t.equal(parseRevenue(text, ","), undefined);
  t.end();
});

await t.test("digits of other scripts are no digits", (t) => {
  t.equal(parseRevenue("١", ","), undefined);
  t.equal(parseRevenue("1.٥", ","), undefined);
  t.end();
});

await t.test("a comma is a point, unless it may be the delimiter", (t) => {
  for (const text of ["1,5", ",5", "1,", "+1,5000000"]) {
    t.equal(parseRevenue(text, ","), undefined);
    t.equal(parseRevenue(text, ";"), parseRevenue(text.replace(",", "."), ","), text);
  }
  for (const text of ["1,5,0", "1.5,0", "1,5.0", ","]) t.equal(parseRevenue(text, ";"), undefined, text);
  t.end();
});
