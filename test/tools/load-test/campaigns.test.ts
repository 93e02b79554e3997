import t from "tap";
import { formatCampaignList, readCampaignList } from "../../../tools/load-test/campaigns.js";

await t.test("A list has ids and ranges, in any order and more than once", (t) => {
  t.same(readCampaignList("77,1-3,2"), [1, 2, 3, 77]);
  t.same(readCampaignList("5-5"), [5]);
  t.same(readCampaignList("4294967295"), [4294967295]);
  t.end();
});

await t.test("What is no list is refused, and so is a range that no one could wait for", (t) => {
  for (const text of [
    "",
    ",",
    "1,",
    "0",
    "01",
    "-1",
    "1-",
    "3-1",
    "1-2-3",
    "1 2",
    "x",
    "4294967296",
    "+7",
    "7.0",
    "1-4294967295",
  ])
    t.equal(readCampaignList(text), undefined, text);
  t.end();
});

await t.test("A list is written as it is read", (t) => {
  for (const text of ["1-50,77", "7", "1-2,4-5,9", "4294967294-4294967295"])
    t.equal(formatCampaignList(readCampaignList(text)!), text);
  t.equal(formatCampaignList([]), "");
  t.end();
});
