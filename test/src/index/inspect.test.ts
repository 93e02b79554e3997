import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

const catalog = smallCatalog([
  { campaign: 9, period: 1, converting: [4], clicked: [6, 5], pool: [3, 2, 1] },
  { campaign: 2, period: 2, pool: [8] },
  { campaign: 2, period: 1, converting: [8, 7] },
]);

await t.test("an index is described as the specification has it", (t) => {
  t.same(inspect(catalog), {
    format: 4,
    generation: catalog.index.generation,
    periods: 4,
    cells: [
      {
        period: 1,
        campaign: 2,
        x: 2,
        rule: "fill-by-clicks",
        collection: [
          { banner: 8, revenue: "2.000000", conversions: 1, clicks: 1, impressions: 1, by: "revenue" },
          { banner: 7, revenue: "1.000000", conversions: 1, clicks: 1, impressions: 1, by: "revenue" },
        ],
        random_places: 0,
        pool: [],
      },
      {
        period: 1,
        campaign: 9,
        x: 1,
        rule: "fill-by-clicks",
        collection: [
          { banner: 4, revenue: "1.000000", conversions: 1, clicks: 1, impressions: 1, by: "revenue" },
          { banner: 6, revenue: "0.000000", conversions: 0, clicks: 2, impressions: 1, by: "clicks" },
          { banner: 5, revenue: "0.000000", conversions: 0, clicks: 1, impressions: 1, by: "clicks" },
        ],
        random_places: 2,
        pool: [1, 2, 3],
      },
      {
        period: 2,
        campaign: 2,
        x: 0,
        rule: "by-clicks",
        collection: [{ banner: 8, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 1, by: "pool" }],
        random_places: 0,
        pool: [],
      },
    ],
  });
  t.end();
});

await t.test("a campaign shows its default banner where it has nothing else, and its name is not in the JSON", (t) => {
  const campaigns = new Map([
    [2, { name: "Two", defaultBanner: 8 }],
    [5, { name: "Five", defaultBanner: 4294967295 }],
    [9, { name: "", defaultBanner: 0 }],
  ]);
  const cells: SmallCell[] = [
    { campaign: 9, period: 1, converting: [4] },
    { campaign: 2, period: 2, pool: [8] },
  ];
  const { cells: inspected } = inspect(smallCatalog(cells, 2, new Map(), new Map(), { campaigns }));
  t.same(
    inspected.map(({ period, campaign, rule }) => `${period}/${campaign} ${rule}`),
    ["1/2 default", "1/5 default", "1/9 fill-by-clicks", "2/2 by-clicks", "2/5 default"],
  );
  t.same(inspected[1], {
    period: 1,
    campaign: 5,
    x: 0,
    rule: "default",
    collection: [{ banner: 4294967295, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 0, by: "default" }],
    random_places: 0,
    pool: [],
  });
  t.end();
});

await t.test("an index that explores says so, and which banners nothing else shows", (t) => {
  const cells: SmallCell[] = [
    { campaign: 1, period: 1, converting: range(1, 12) },
    { campaign: 2, period: 1, clicked: [5], pool: range(20, 26) },
  ];
  const inspected = inspect(smallCatalog(cells, 2, new Map(), new Map(), { exploration: 0.1 }));
  t.equal(inspected.exploration, 0.1);
  t.same(
    inspected.cells.map(({ pool, behind_cut }) => [pool, behind_cut]),
    [
      [[], [11, 12]],
      [range(20, 26), []],
    ],
  );
  const plain = inspect(smallCatalog(cells, 2));
  t.notMatch(JSON.stringify(plain), /exploration|behind_cut/);
  t.end();
});

await t.test("a period or a campaign can be asked for alone", (t) => {
  const cellsOf = (filter: { period?: number; campaign?: number }): string[] =>
    inspect(catalog, filter).cells.map((cell) => `${cell.period}/${cell.campaign}`);
  t.same(cellsOf({}), ["1/2", "1/9", "2/2"]);
  t.same(cellsOf({ period: 1 }), ["1/2", "1/9"]);
  t.same(cellsOf({ campaign: 2 }), ["1/2", "2/2"]);
  t.same(cellsOf({ period: 2, campaign: 9 }), []);
  t.same(cellsOf({ period: 5 }), [], "a period that the index does not have");
  t.end();
});
