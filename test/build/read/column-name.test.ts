import t from "tap";
import { COLUMN_NAME } from "../../../build/read/column-name.js";

await t.test("a column of ours, however it is spelled, is given a name of theirs", (t) => {
  t.strictSame(COLUMN_NAME.parse("revenue=amount"), { ours: "revenue", theirs: "amount" });
  t.strictSame(COLUMN_NAME.parse("Click ID= Event = Id "), { ours: "click_id", theirs: "Event = Id" });
  t.strictSame(COLUMN_NAME.parse("impressions=Impr."), { ours: "impressions", theirs: "Impr." });
  t.end();
});

await t.test("what is no column of ours, or gives no name, is wrong", (t) => {
  for (const text of ["", "revenue", "revenue=", "revenue= ", "=amount", "amount=revenue", "note=x"])
    t.equal(COLUMN_NAME.parse(text), undefined, text);
  t.match(
    COLUMN_NAME.allowed,
    /timestamp, banner_id, campaign_id, count, click_id, conversion_id, revenue, impressions, clicks, conversions$/,
  );
  t.end();
});
