import t from "tap";
import { withPart } from "../../../bench/report/documents.js";

const BEFORE = "# Speed\n\n<!-- bench: written by npm run bench -->\n\nold\n\n<!-- end of bench -->\n\nMore.\n";
const AFTER = "# Speed\n\n<!-- bench: written by npm run bench -->\n\n| $1 |\n\n<!-- end of bench -->\n\nMore.\n";

await t.test("what stands between the two comments is replaced, and nothing else", (t) => {
  t.equal(withPart(BEFORE, "bench", "| $1 |\n"), AFTER);
  t.equal(withPart(AFTER, "bench", "| $1 |\n"), AFTER, "again, it is the same");
  t.equal(
    withPart("<!-- bench: here -->\n<!-- end of bench -->\n", "bench", "a\n"),
    "<!-- bench: here -->\n\na\n\n<!-- end of bench -->\n",
  );
  t.equal(withPart(BEFORE, "performance", "a\n"), undefined, "a place of another name");
  t.end();
});
