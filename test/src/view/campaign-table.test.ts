import fc from "fast-check";
import t from "tap";
import { RULES } from "../../../src/index/sections.js";
import { DEFAULT_QUERY, DIRECTIONS, MAX_LIMIT, SORTS, type CampaignQuery } from "../../../src/view/campaign-query.js";
import { CampaignTable } from "../../../src/view/campaign-table.js";
import { showCampaign } from "../../../src/view/campaign.js";
import { catalogSource } from "../../../src/view/catalog-source.js";
import { embeddedSource } from "../../../src/view/embedded-source.js";
import { overviewOf } from "../../../src/view/overview.js";
import { Rest } from "../../../src/view/rest.js";
import type { Campaign } from "../../../src/view/rows.js";
import { altered } from "../index/altered-revenue.js";
import { inEveryPeriod, range, smallCatalog } from "../small-index.js";
import { naiveTable } from "./naive-table.js";
import { randomCampaigns } from "./random-campaigns.js";

const PERIODS = 3;
const CAMPAIGNS = randomCampaigns(20261130, 150, PERIODS);
const { catalog } = CAMPAIGNS;
const isChanged = (id: number): boolean => id % 3 === 0;
const surroundings = { pause: () => Promise.resolve(), isChanged };
const overview = await overviewOf(catalog, new Rest(surroundings.pause));
const campaigns = Array.from(catalog.index.campaignIds, (id) => showCampaign(catalog, id, () => undefined)!);
const TABLES = {
  "from an index": new CampaignTable(catalogSource(catalog), surroundings),
  "from what a file contains, in any order": new CampaignTable(
    embeddedSource(overview, JSON.parse(JSON.stringify(campaigns.toReversed())) as Campaign[]),
    surroundings,
  ),
};
const naive = naiveTable(CAMPAIGNS, isChanged);
const SEARCHES = [
  "sale",
  "GRÖẞE",
  "größe",
  "äp",
  "71",
  "1",
  "4294967295",
  "63",
  "60",
  "66",
  "6",
  "no. 6",
  "shop3.EX",
  "8443",
  // In most names and texts, and in most texts alone.
  "e",
  "example",
];
/** Banners that nothing else tells of. */
SEARCHES.push(
  ...CAMPAIGNS.rows
    .filter(({ banner }) => !CAMPAIGNS.texts.has(banner))
    .slice(0, 20)
    .map(({ banner }) => String(banner)),
);
const NOWHERE = ["https", "user@", "/Sale?", "no. 60x", "0071", "-1", "sale winter 日本", "\0"];

await t.test("every column sorts both ways, in a period and in the whole hour", async (t) => {
  for (const [name, table] of Object.entries(TABLES))
    for (const sort of SORTS)
      for (const direction of DIRECTIONS)
        for (const period of [0, 2]) {
          const query: CampaignQuery = { ...DEFAULT_QUERY, sort, direction, period, limit: MAX_LIMIT };
          t.same(await table.find(query), naive(query), `${name}: ${sort} ${direction} in ${period}`);
        }
});

await t.test("a search finds what a reader would, and nothing else", async (t) => {
  for (const [name, table] of Object.entries(TABLES))
    for (const search of [...SEARCHES, ...NOWHERE]) {
      const query = { ...DEFAULT_QUERY, search };
      const expected = naive(query);
      t.equal(expected.found > 0, SEARCHES.includes(search), search);
      t.same(await table.find(query), expected, `${name}: ${JSON.stringify(search)}`);
    }
});

await t.test("whatever is asked for, is found as by a second computation", async (t) => {
  const queries: fc.Arbitrary<CampaignQuery> = fc.record({
    search: fc.oneof({ weight: 3, arbitrary: fc.constant("") }, fc.constantFrom(...SEARCHES)),
    period: fc.integer({ min: 0, max: PERIODS }),
    rule: fc.option(fc.constantFrom(...RULES), { nil: undefined }),
    minX: fc.integer({ min: 0, max: 5 }),
    maxX: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Infinity)),
    changed: fc.boolean(),
    sort: fc.constantFrom(...SORTS),
    direction: fc.constantFrom(...DIRECTIONS),
    offset: fc.integer({ min: 0, max: 160 }),
    limit: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const expected = naive(query);
      for (const [name, table] of Object.entries(TABLES)) t.same(await table.find(query), expected, name);
    }),
    { seed: 20261130, numRuns: 300 },
  );
});

await t.test("pages of a list follow each other in any order, and another list has its own", async (t) => {
  const table = new CampaignTable(catalogSource(catalog), surroundings);
  const lists = [{}, { search: "sale" }, { minX: 1 }, { changed: true }, { period: 2 }, { sort: "ctr" }] as const;
  for (const list of lists)
    for (const direction of DIRECTIONS)
      for (const [offset, limit] of [
        [20, 10],
        [0, 10],
        [10, 50],
        [140, 10],
        [0, 5],
      ] as const) {
        const query = { ...DEFAULT_QUERY, ...list, direction, offset, limit };
        t.same(await table.find(query), naive(query), JSON.stringify(query));
      }
});

await t.test("queries at the same time do not disturb each other", async (t) => {
  const table = new CampaignTable(catalogSource(catalog), surroundings);
  const queries = SORTS.map((sort) => ({ ...DEFAULT_QUERY, sort, search: sort === "name" ? "sale" : "" }));
  t.same(await Promise.all(queries.map((query) => table.find(query))), queries.map(naive));
});

await t.test("sums are exact where revenue is negative, and beyond what a floating-point number holds", async (t) => {
  const large = altered(smallCatalog(inEveryPeriod({ campaign: 5, converting: [1, 2] })), [
    -1n,
    2n ** 62n,
    1n,
    2n ** 62n,
    -(2n ** 62n),
    3n,
    -(2n ** 33n) - 5n,
    0n,
  ]);
  const { rows, sum } = await new CampaignTable(catalogSource(large), surroundings).find(DEFAULT_QUERY);
  t.equal(rows[0]?.revenue, "4611686009837.453310");
  t.equal(sum.revenue, "4611686009837.453310");
});

await t.test("two sums that are the same as doubles are ordered by their last digit", async (t) => {
  const close = altered(smallCatalog([1, 2, 3].map((campaign) => ({ period: 1, campaign, converting: [1] }))), [
    2n ** 60n + 1n,
    2n ** 60n + 2n,
    2n ** 60n,
  ]);
  const table = new CampaignTable(catalogSource(close), surroundings);
  const { rows: descending } = await table.find(DEFAULT_QUERY);
  const { rows: ascending } = await table.find({ ...DEFAULT_QUERY, direction: "ascending" });
  const sorted = descending.map(({ revenue }) => revenue);
  t.same(sorted, ["1152921504606.846978", "1152921504606.846977", "1152921504606.846976"]);
  t.same(ascending.map(({ revenue }) => revenue).toReversed(), sorted);
});

await t.test("whatever takes long lets others have their turn", async (t) => {
  const cells = range(1, 4000).map((campaign) => ({ period: 1 + (campaign % 60), campaign, converting: [1, 2] }));
  const many = catalogSource(smallCatalog(cells, 60));
  for (const query of [{}, { sort: "name" }, { sort: "x" }, { search: "a" }] as const) {
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses++;
      return Promise.resolve();
    };
    const table = new CampaignTable(many, { pause });
    await table.find({ ...DEFAULT_QUERY, ...query });
    t.ok(pauses > 0, JSON.stringify(query));
  }
});
