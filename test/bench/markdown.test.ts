import { check } from "prettier";
import t from "tap";
import { markdownTable } from "../../bench/markdown.js";

await t.test("a table is laid out as the formatter lays it out", async (t) => {
  const table = markdownTable(
    [{ heading: "server" }, { heading: "µs", isNumber: true }, { heading: "x" }],
    [
      ["Billboard", "8.69 µs", ""],
      ["nginx", "–", "1.05 (1 to 2), no difference"],
    ],
  );
  t.equal(
    table,
    `| server    |      µs | x                            |
| --------- | ------: | ---------------------------- |
| Billboard | 8.69 µs |                              |
| nginx     |       – | 1.05 (1 to 2), no difference |
`,
  );
  t.equal(await check(table, { parser: "markdown", printWidth: 120 }), true);
});
