import fc from "fast-check";
import t from "tap";
import { RULES } from "../../../src/index/sections.js";
import {
  DEFAULT_QUERY,
  DIRECTIONS,
  MAX_LIMIT,
  MAX_SEARCH,
  readCampaignQuery,
  SORTS,
  writeCampaignQuery,
  type CampaignQuery,
} from "../../../src/view/campaign-query.js";

const read = (text: string): CampaignQuery | string => readCampaignQuery(new URLSearchParams(text), 4);

await t.test("nothing asked for is the default, and so is what is empty; other names are ignored", (t) => {
  t.same(read(""), DEFAULT_QUERY);
  t.same(
    read("search=&rule=&min_x=&max_x=&changed=&sort=&period=+&limit=&view=overview&table_sort=ctr"),
    DEFAULT_QUERY,
  );
  t.equal(writeCampaignQuery(DEFAULT_QUERY).toString(), "");
  t.end();
});

await t.test("each parameter has its member", (t) => {
  const text =
    "search=Sale+%26+more&period=4&rule=top-x&min_x=5&max_x=9&changed=on&sort=ctr&direction=ascending&offset=200&limit=50";
  const query: CampaignQuery = {
    search: "Sale & more",
    period: 4,
    rule: "top-x",
    minX: 5,
    maxX: 9,
    changed: true,
    sort: "ctr",
    direction: "ascending",
    offset: 200,
    limit: 50,
  };
  t.same(read(text), query);
  t.equal(writeCampaignQuery(query).toString(), text);
  t.match(read("search=+7+"), { search: "7" }, "blanks round what people paste do not matter");
  t.end();
});

await t.test("what is written is read again", (t) => {
  const x = fc.integer({ min: 0, max: 4294967295 });
  const queries: fc.Arbitrary<CampaignQuery> = fc.record({
    search: fc.string({ unit: "grapheme", maxLength: MAX_SEARCH / 2 }).map((text) => text.slice(0, MAX_SEARCH).trim()),
    period: fc.integer({ min: 0, max: 4 }),
    rule: fc.constantFrom(undefined, ...RULES),
    minX: x,
    maxX: fc.oneof(x, fc.constant(Infinity)),
    changed: fc.boolean(),
    sort: fc.constantFrom(...SORTS),
    direction: fc.constantFrom(...DIRECTIONS),
    offset: x,
    limit: fc.integer({ min: 1, max: MAX_LIMIT }),
  });
  fc.assert(
    fc.property(queries, (query) => {
      t.same(read(writeCampaignQuery(query).toString()), query);
    }),
    { seed: 20261130, numRuns: 300 },
  );
  t.end();
});

await t.test("what cannot be asked for is refused in a line that says what can", (t) => {
  const number = (name: string, got: string, least: number, most: number): string =>
    `${name}: got "${got}", expected a whole number from ${least} to ${most}.`;
  for (const [text, line] of [
    ["period=5", number("period", "5", 0, 4)],
    ["period=-1", number("period", "-1", 0, 4)],
    ["period=1.0", number("period", "1.0", 0, 4)],
    ["period=1e0", number("period", "1e0", 0, 4)],
    ["min_x=4294967296", number("min_x", "4294967296", 0, 4294967295)],
    ["max_x=Infinity", number("max_x", "Infinity", 0, 4294967295)],
    ["offset=x", number("offset", "x", 0, 4294967295)],
    ["limit=0", number("limit", "0", 1, 1000)],
    ["limit=1001", number("limit", "1001", 1, 1000)],
    ["rule=best", `rule: got "best", expected one of ${RULES.join(", ")}.`],
    ["changed=yes", 'changed: got "yes", expected on.'],
    ["sort=Revenue", `sort: got "Revenue", expected one of ${SORTS.join(", ")}.`],
    ["direction=up%0Adown", 'direction: got "up\\ndown", expected one of ascending, descending.'],
    [`search=${"x".repeat(51)}`, `search: got "${"x".repeat(50)}", expected at most 50 characters.`],
    ["limit=0&period=x", number("period", "x", 0, 4)],
  ] as const)
    t.equal(read(text), line, text);
  t.end();
});
