import t from "tap";
import { ratiosOf, shareOf } from "../../../src/view/ratios.js";

await t.test("ratios of figures", (t) => {
  t.same(ratiosOf({ impressions: 1000, clicks: 40, conversions: 8, revenue: "12.500000" }), {
    ctr: 0.04,
    conversion_rate: 0.2,
    revenue_per_click: 0.3125,
    revenue_per_mille: 12.5,
  });
  t.end();
});

await t.test("nothing is divided by 0", (t) => {
  const none = {
    ctr: undefined,
    conversion_rate: undefined,
    revenue_per_click: undefined,
    revenue_per_mille: undefined,
  };
  t.same(ratiosOf({ impressions: 0, clicks: 0, conversions: 0, revenue: "0.000000" }), none);
  t.same(ratiosOf({ impressions: 0, clicks: 0, conversions: 3, revenue: "-2.000000" }), none);
  t.same(ratiosOf({ impressions: 0, clicks: 4, conversions: 1, revenue: "-2.000000" }), {
    ...none,
    conversion_rate: 0.25,
    revenue_per_click: -0.5,
  });
  t.end();
});

await t.test("sums beyond 2^53 millionths have ratios that are right to the last digit of a double", (t) => {
  const revenue = "12345678901234567890.123456";
  const { revenue_per_click: perClick, revenue_per_mille: perMille } = ratiosOf({
    impressions: 1_000_000_000,
    clicks: 1_000_000,
    conversions: 1,
    revenue,
  });
  t.equal(perClick, 12345678901234.567890123456);
  t.equal(perMille, 12345678901234.567890123456);
  t.end();
});

await t.test("a share is of a sum above 0", (t) => {
  t.equal(shareOf("1.000000", "4.000000"), 0.25);
  t.equal(shareOf("-1.000000", "4.000000"), -0.25);
  t.equal(shareOf("9007199254740993.000001", "9007199254740993.000001"), 1);
  t.equal(shareOf("0.000000", "0.000000"), undefined);
  t.equal(shareOf("1.000000", "-4.000000"), undefined);
  t.end();
});
