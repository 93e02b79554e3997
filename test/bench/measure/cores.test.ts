import t from "tap";
import { readCoreList, chooseCores } from "../../../bench/measure/cores.js";

await t.test("a list of cores is read as the kernel writes it", (t) => {
  t.same(readCoreList("0-1\n"), [0, 1]);
  t.same(readCoreList("0,2-4,7"), [0, 2, 3, 4, 7]);
  t.same(readCoreList("5"), [5]);
  t.end();
});

await t.test("the first core serves and the last drives", (t) => {
  t.same(chooseCores([0, 1]), { serving: 0, driving: 1, all: [0, 1] });
  t.same(chooseCores([2, 3, 4, 5]), { serving: 2, driving: 5, all: [2, 3, 4, 5] });
  t.end();
});

await t.test("one core is not enough", (t) => {
  t.throws(() => chooseCores([3]), { message: /^the benchmark needs two cores, .* may use one only$/ });
  t.end();
});
