import t from "tap";
import { addressText, readAddress, type Address } from "../../ui/address.js";
import { DEFAULT_QUERY } from "../../src/view/campaign-query.js";

const BEGIN = readAddress("");

await t.test("what is as in the beginning is not in the address", (t) => {
  t.same(BEGIN, {
    view: "overview",
    campaign: 0,
    at: 0,
    list: DEFAULT_QUERY,
    tableSort: "",
    tableDirection: "descending",
  });
  t.equal(addressText(BEGIN), "");
  t.equal(addressText({ ...BEGIN, tableDirection: "ascending" }), "", "of no column");
  t.end();
});

await t.test("every part of the state comes back from the address", (t) => {
  const changes: readonly Partial<Address>[] = [
    { view: "server" },
    { campaign: 4294967295, at: 60 },
    { tableSort: "ctr", tableDirection: "ascending" },
    {
      list: {
        search: "Grüße & 100 %",
        period: 4,
        rule: "top-x",
        minX: 5,
        maxX: 9,
        changed: true,
        sort: "name",
        direction: "ascending",
        offset: 200,
        limit: 1000,
      },
    },
  ];
  for (const change of changes) {
    const address = { ...BEGIN, ...change };
    t.same(readAddress(addressText(address)), address, addressText(address));
  }
  t.equal(addressText({ ...BEGIN, campaign: 7, at: 2 }), "campaign=7&at=2");
  t.end();
});

await t.test("what is malformed counts as absent", (t) => {
  t.same(readAddress("view=other&campaign=1e3&at=-1&table_direction=up"), BEGIN);
  t.same(readAddress("search=a&period=61&campaign=7"), { ...BEGIN, campaign: 7 }, "the whole list does");
  t.end();
});
