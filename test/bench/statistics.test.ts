import t from "tap";
import { compare, noiseOf, ratiosOf } from "../../bench/statistics.js";

await t.test("ratios are those of each round", (t) => {
  t.same(ratiosOf([2, 9, 8], [1, 3, 4]), [2, 3, 2]);
  t.end();
});

await t.test("noise is the largest factor between the same server and itself, either way", (t) => {
  t.same(noiseOf([100, 80, 100], [100, 100, 110]), { least: 1 / 1.25, most: 1.25 });
  t.same(noiseOf([100, 150], [100, 100]), { least: 1 / 1.5, most: 1.5 });
  t.end();
});

await t.test("a ratio is a difference where both of its quartiles are beyond the noise on one side", (t) => {
  const noise = { least: 0.9, most: 1 / 0.9 };
  const reference = [100, 100, 100, 100, 100];
  const isDifferent = (figures: readonly number[]): boolean => compare(figures, reference, noise).isDifferent;
  t.equal(isDifferent([80, 85, 85, 85, 85]), true, "below");
  t.equal(isDifferent([120, 120, 130, 125, 101]), true, "above, but for one round");
  t.equal(isDifferent([95, 96, 97, 96, 95]), false, "within");
  t.equal(isDifferent([80, 80, 80, 92, 95]), false, "a median below, a quartile within");
  t.equal(isDifferent([105, 105, 130, 130, 130]), false, "a median above, a quartile within");
  t.equal(isDifferent([80, 80, 100, 120, 120]), false, "on both sides");
  t.same(compare([80, 85, 85, 85, 85], reference, noise).ratio.median, 0.85);
  t.end();
});
