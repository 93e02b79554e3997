import t from "tap";
import { compare, noiseOf, spreadOf } from "../../bench/statistics.js";

await t.test("the spread of some numbers is their least, their quartiles and their most", (t) => {
  t.same(spreadOf([5, 1, 4, 2, 3]), { least: 1, lower: 2, median: 3, upper: 4, most: 5 });
  t.same(spreadOf([10, 2, 4]), { least: 2, lower: 3, median: 4, upper: 7, most: 10 });
  t.same(spreadOf([1, 2]), { least: 1, lower: 1.25, median: 1.5, upper: 1.75, most: 2 });
  t.same(spreadOf([7]), { least: 7, lower: 7, median: 7, upper: 7, most: 7 });
  t.end();
});

await t.test("noise is the largest factor between the same server and itself, either way", (t) => {
  t.equal(noiseOf([100, 80, 100], [100, 100, 110]), 1.25);
  t.equal(noiseOf([100, 150], [100, 100]), 1.5);
  t.end();
});

await t.test("a ratio is a difference where both of its quartiles are beyond the noise on one side", (t) => {
  const reference = [100, 100, 100, 100, 100];
  const isDifferent = (figures: readonly number[]): boolean => compare(figures, reference, 1 / 0.9).isDifferent;
  t.equal(isDifferent([80, 85, 85, 85, 85]), true, "below");
  t.equal(isDifferent([120, 120, 130, 125, 101]), true, "above, but for one round");
  t.equal(isDifferent([95, 96, 97, 96, 95]), false, "within");
  t.equal(isDifferent([80, 80, 80, 92, 95]), false, "a median below, a quartile within");
  t.equal(isDifferent([105, 105, 130, 130, 130]), false, "a median above, a quartile within");
  t.equal(isDifferent([80, 80, 100, 120, 120]), false, "on both sides");
  t.end();
});

await t.test("ratios are those of each round", (t) => {
  t.match(compare([2, 9, 8], [1, 3, 4], 1), { least: 2, median: 2, most: 3 });
  t.end();
});
