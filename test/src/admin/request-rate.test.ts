import t from "tap";
import { MAX_RATES, RequestRate } from "../../../src/admin/request-rate.js";

await t.test("what was added since the look before, a second", (t) => {
  const rate = new RequestRate(1000);
  rate.look(100, 2000);
  rate.look(100, 3000);
  rate.look(400, 5000);
  t.same(rate.rates, [100, 0, 150]);
  t.end();
});

await t.test("a look at the same moment, or with the clock put back, loses no request", (t) => {
  const rate = new RequestRate(0);
  rate.look(10, 0);
  rate.look(20, -5000);
  rate.look(30, -4000);
  t.same(rate.rates, [30]);
  t.end();
});

await t.test("a minute is remembered", (t) => {
  const rate = new RequestRate(0);
  for (let second = 1; second <= MAX_RATES + 5; second++) rate.look(second * second, second * 1000);
  t.equal(rate.rates.length, MAX_RATES);
  t.equal(rate.rates.at(-1), (MAX_RATES + 5) ** 2 - (MAX_RATES + 4) ** 2);
  t.equal(rate.rates[0], 6 ** 2 - 5 ** 2);
  t.end();
});
