import { check } from "prettier";
import t from "tap";
import { markdownTable, mebibytes, number, ratio, spread, time, whole } from "../../../bench/report/format.js";

await t.test("a table is laid out as the formatter lays it out", async (t) => {
  const table = markdownTable(
    [
      { heading: "server", of: ([name]) => name },
      { heading: "µs", isNumber: true, of: ([, cost]) => cost },
      { heading: "x", of: ([, , against]) => against },
    ],
    [
      ["Billboard", "8.69 µs", ""],
      ["nginx", "–", "≈ 1.05 (1 to 2)"],
    ] as const,
  );
  t.equal(
    table,
    `| server    |      µs | x               |
| --------- | ------: | --------------- |
| Billboard | 8.69 µs |                 |
| nginx     |       – | ≈ 1.05 (1 to 2) |
`,
  );
  t.equal(await check(table, { parser: "markdown", printWidth: 120 }), true);
});

await t.test("figures have as many digits as they are worth", (t) => {
  t.same([number(123_456), number(0.01234), whole(123_456.7)], ["123,000", "0.012", "123,457"]);
  t.same([time(8.972), time(1234), time(2_500_000)], ["8.97 µs", "1.23 ms", "2.5 s"]);
  t.equal(mebibytes(1.5 * 2 ** 20), "1.5 MiB");
  t.same([ratio(0.0027), ratio(0.954), ratio(12.34)], ["0.0027", "0.95", "12.3"]);
  t.equal(spread({ least: 1, lower: 2, median: 3, upper: 4, most: 5 }, String), "3 (1 to 5)");
  t.end();
});
