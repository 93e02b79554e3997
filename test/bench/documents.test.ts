import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { withTable, writeTable } from "../../bench/documents.js";

const BEFORE = "# Speed\n\n<!-- bench: written by npm run bench -->\n\nold\n\n<!-- end of bench -->\n\nMore.\n";
const AFTER = "# Speed\n\n<!-- bench: written by npm run bench -->\n\n| $1 |\n\n<!-- end of bench -->\n\nMore.\n";

await t.test("what stands between the two comments is replaced, and nothing else", (t) => {
  t.equal(withTable(BEFORE, "| $1 |\n", "README.md"), AFTER);
  t.equal(withTable(AFTER, "| $1 |\n", "README.md"), AFTER, "again, it is the same");
  t.equal(
    withTable("<!-- bench: here -->\n<!-- end of bench -->\n", "a\n", ""),
    "<!-- bench: here -->\n\na\n\n<!-- end of bench -->\n",
  );
  t.end();
});

await t.test("a document without a place for them is named", (t) => {
  t.throws(() => withTable("# Speed\n", "", "docs/performance.md"), {
    message:
      "docs/performance.md: expected a place for the tables, between <!-- bench: … --> and <!-- end of bench -->",
  });
  t.end();
});

await t.test("a file is written anew", async (t) => {
  const file = join(t.testdir({}), "README.md");
  writeFileSync(file, BEFORE);
  await writeTable(file, "| $1 |\n");
  t.equal(readFileSync(file, "utf8"), AFTER);
});
