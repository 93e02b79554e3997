import t from "tap";
import { BadRows, BadRowsError } from "../../../build/read/data-error.js";

function listed(badRows: BadRows): readonly string[] {
  try {
    badRows.requireNone();
  } catch (error) {
    if (error instanceof BadRowsError) return error.rows;
    throw error;
  }
  return [];
}

await t.test("rows of one file that are malformed alike are told once, with how many there are of all", (t) => {
  const badRows = new BadRows();
  const id = (text: string): string => `banner_id is ${JSON.stringify(text)}, expected a whole number from 1`;
  for (let line = 2; line <= 1800; line++) badRows.add("a.csv", line, id(`x"${line}`));
  badRows.add("b.csv", 3, id("7;"));
  badRows.add("b.csv", 4, id("8;\u001b"));
  badRows.add("b.csv", 5, 'campaign_id is "8", expected a whole number from 1');
  badRows.add("b.csv", 7, "3 field(s), expected 2 as in the header row");
  badRows.add("b.csv", 8, "11 field(s), expected 2 as in the header row");
  badRows.endFile("a.csv", 1799);
  badRows.endFile("b.csv", 20_000);
  t.strictSame(listed(badRows), [
    String.raw`a.csv:2: banner_id is "x\"2", expected a whole number from 1 (all 1,799 rows)`,
    'b.csv:3: banner_id is "7;", expected a whole number from 1 (2 of 20,000 rows: also in 4)',
    'b.csv:5: campaign_id is "8", expected a whole number from 1',
    "b.csv:7: 3 field(s), expected 2 as in the header row (2 of 20,000 rows: also in 8)",
  ]);
  t.throws(
    () => {
      badRows.requireNone();
    },
    { message: /^1804 malformed row\(s\), nothing is published: / },
  );
  t.end();
});

await t.test("no more than twenty are told, and all are counted", (t) => {
  const badRows = new BadRows();
  for (let file = 1; file <= 30; file++) for (const line of [2, 3]) badRows.add(`${file}.csv`, line, "bad");
  for (let file = 1; file <= 30; file++) badRows.endFile(`${file}.csv`, file + 1);
  const rows = listed(badRows);
  t.equal(rows.length, 20);
  t.strictSame(rows.slice(0, 2), ["1.csv:2: bad (all 2 rows)", "2.csv:2: bad (2 of 3 rows: also in 3)"]);
  t.throws(
    () => {
      badRows.requireNone();
    },
    { message: /^60 malformed row\(s\)/ },
  );
  t.end();
});

await t.test("where none is malformed nothing stops", (t) => {
  const badRows = new BadRows();
  badRows.endFile("a.csv", 5);
  t.doesNotThrow(() => {
    badRows.requireNone();
  });
  t.end();
});
