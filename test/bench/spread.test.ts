import t from "tap";
import { spreadOf } from "../../bench/spread.js";

await t.test("the spread of some numbers is their least, their quartiles and their most", (t) => {
  t.same(spreadOf([5, 1, 4, 2, 3]), { least: 1, lower: 2, median: 3, upper: 4, most: 5 });
  t.same(spreadOf([10, 2, 4]), { least: 2, lower: 3, median: 4, upper: 7, most: 10 });
  t.same(spreadOf([1, 2]), { least: 1, lower: 1.25, median: 1.5, upper: 1.75, most: 2 });
  t.same(spreadOf([7]), { least: 7, lower: 7, median: 7, upper: 7, most: 7 });
  t.end();
});
