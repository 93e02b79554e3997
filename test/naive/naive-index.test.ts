import t from "tap";
import { naiveIndex, type NaiveFile, type NaiveResult } from "./naive-index.js";

const HEADERS: Readonly<Record<string, string>> = {
  impressions: "banner_id,campaign_id",
  clicks: "click_id,banner_id,campaign_id",
  conversions: "conversion_id,click_id,revenue",
};

/** The header of its kind comes first, so that the first of the rows is line 2. */
function file(path: string, ...rows: string[]): NaiveFile {
  const kind = /\/([a-z]+)/.exec(path)?.[1] ?? "";
  return { path, text: [HEADERS[kind], ...rows, ""].join("\n") };
}

const rejectsOf = (result: NaiveResult): string[] =>
  result.rejects.map(({ file, line, kind, first_file, first_line }) =>
    [`${file}:${line} ${kind}`, first_file && `${first_file}:${first_line}`].join(" ").trim(),
  );

await t.test("a conversion counts in the cell of its click, even where an earlier period's file brings it", (t) => {
  const files = [
    file("1/impressions_1.csv", "5,10", "5,2"),
    file("1/clicks_1.csv"),
    file("1/conversions_1.csv", "1,9,9007199254.740993", "2,9,0.000001"),
    file("2/impressions_2.csv"),
    file("2/clicks_2.csv", "9,5,10", "8,5,10"),
    file("2/conversions_2.csv"),
  ];
  const { cells, rejects, clicksWithoutImpression } = naiveIndex(files, 2);
  t.strictSame(
    cells.map(({ period, campaign, x }) => [period, campaign, x]),
    [
      [1, 2, 0],
      [1, 10, 0],
      [2, 10, 1],
    ],
  );
  t.strictSame(cells[2]?.collection, [
    { banner: 5, revenue: "9007199254.740994", conversions: 2, clicks: 2, impressions: 0, by: "revenue" },
  ]);
  t.strictSame(rejects, []);
  t.equal(clicksWithoutImpression, 2);
  t.end();
});

await t.test("the first of an id counts, in the order of period, name and line", (t) => {
  const result = naiveIndex(
    [
      file("2/clicks_2.csv", "1,5,7"),
      file("1/clicks_1_late.csv", "2,5,7", "1,5,7", "3,6,7"),
      file("1/clicks_1.csv", "1,5,7", "2,6,7"),
      file("1/conversions_1.csv", "1,1,1.5", "1,1,1.50", "1,1,1.51", "1,2,1.5"),
      file("2/conversions_2.csv", "1,1,1.500000", "4,3,2"),
    ],
    2,
  );
  t.strictSame(rejectsOf(result), [
    "1/clicks_1_late.csv:2 conflict 1/clicks_1.csv:3",
    "1/clicks_1_late.csv:3 duplicate 1/clicks_1.csv:2",
    "2/clicks_2.csv:2 conflict 1/clicks_1.csv:2",
    "1/conversions_1.csv:3 duplicate 1/conversions_1.csv:2",
    "1/conversions_1.csv:4 conflict 1/conversions_1.csv:2",
    "1/conversions_1.csv:5 conflict 1/conversions_1.csv:2",
    "2/conversions_2.csv:2 duplicate 1/conversions_1.csv:2",
  ]);
  t.strictSame(result.accounts.at(-2), { file: "1/conversions_1.csv", read: 4, used: 1, rejected: 3 });
  t.strictSame(result.cells[0]?.collection, [
    { banner: 6, revenue: "2.000000", conversions: 1, clicks: 2, impressions: 0, by: "revenue" },
    { banner: 5, revenue: "1.500000", conversions: 1, clicks: 1, impressions: 0, by: "revenue" },
  ]);
  t.equal(result.cells.length, 1);
  t.end();
});

await t.test("a conversion of an unknown click is an orphan and claims no id", (t) => {
  const clicks = file("1/clicks_1.csv", "1,5,7", "2,x,7");
  const result = naiveIndex([clicks, file("1/conversions_1.csv", "1,2,1", "1,1,3", "1,9,3", "1,1,4")], 1);
  t.strictSame(rejectsOf(result), [
    "1/clicks_1.csv:3 malformed",
    "1/conversions_1.csv:2 orphan",
    "1/conversions_1.csv:4 orphan",
    "1/conversions_1.csv:5 conflict 1/conversions_1.csv:3",
  ]);
  t.strictSame(result.cells[0]?.collection, [
    { banner: 5, revenue: "3.000000", conversions: 1, clicks: 1, impressions: 0, by: "revenue" },
  ]);
  t.end();
});

await t.test("a file with the bytes of an earlier one of its kind is rejected whole, views by period", (t) => {
  const result = naiveIndex(
    [
      file("2/clicks_2.csv", "1,5,7", "x"),
      file("1/clicks_1.csv", "1,5,7", "x"),
      file("2/clicks_3.csv", "2,5,7"),
      file("1/impressions_1.csv", "5,7"),
      file("2/impressions_2.csv", "5,7"),
      file("2/impressions_3.csv", "5,7"),
    ],
    2,
  );
  t.strictSame(rejectsOf(result), [
    "1/clicks_1.csv:3 malformed",
    "2/clicks_2.csv: duplicate file 1/clicks_1.csv:",
    "2/impressions_3.csv: duplicate file 2/impressions_2.csv:",
  ]);
  t.strictSame(result.accounts, [
    { file: "1/impressions_1.csv", read: 1, used: 1, rejected: 0 },
    { file: "2/impressions_2.csv", read: 1, used: 1, rejected: 0 },
    { file: "2/impressions_3.csv", read: 1, used: 0, rejected: 1 },
    { file: "1/clicks_1.csv", read: 2, used: 1, rejected: 1 },
    { file: "2/clicks_2.csv", read: 2, used: 0, rejected: 2 },
    { file: "2/clicks_3.csv", read: 1, used: 1, rejected: 0 },
  ]);
  t.end();
});

await t.test("columns are found by name, and lines are those of the file", (t) => {
  const text = "\uFEFFnote,campaign_id,click_id,banner_id\r\n\r\n,7,1,5\r\n,7,1\r\nx,8,1,5";
  const result = naiveIndex([{ path: "1/clicks_1.csv", text }], 1);
  t.strictSame(
    result.cells.map(({ campaign, collection }) => [campaign, collection[0]?.banner, collection[0]?.clicks]),
    [[7, 5, 1]],
  );
  t.strictSame(rejectsOf(result), ["1/clicks_1.csv:4 malformed", "1/clicks_1.csv:5 conflict 1/clicks_1.csv:3"]);
  t.end();
});

await t.test("a file of other columns and a file of no period are refused", (t) => {
  t.throws(() => naiveIndex([{ path: "1/clicks_1.csv", text: "click_id,banner_id\n" }], 1), /1\/clicks_1\.csv:1: /);
  t.throws(() => naiveIndex([file("3/clicks_3.csv")], 2), /3\/clicks_3\.csv: /);
  t.end();
});
