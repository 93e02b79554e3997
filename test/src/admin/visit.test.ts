import t from "tap";
import { readVisits } from "../../../src/admin/visit.js";

await t.test("what is asked for is read, and complained about in one line", (t) => {
  const read = (query: string): unknown => readVisits(new URLSearchParams(query), 4);
  t.same(read("campaign=7&period=4"), { campaign: 7, period: 4, last: "", visits: 1 });
  t.same(read("campaign=7&period=1&visits=1000&last=5-3"), { campaign: 7, period: 1, last: "5-3", visits: 1000 });
  for (const [query, complaint] of [
    ["", `campaign: got "", expected a campaign's id.`],
    ["campaign=07&period=1", `campaign: got "07"`],
    ["campaign=7&period=5", `period: got "5", expected a whole number from 1 to 4.`],
    ["campaign=7&period=0", `period: got "0"`],
    ["campaign=7&period=1&visits=1001", `visits: got "1001", expected a whole number from 1 to 1000.`],
    ["campaign=7&period=1&visits=", `visits: got ""`],
  ] as const)
    t.match(read(query), complaint, query);
  t.end();
});
