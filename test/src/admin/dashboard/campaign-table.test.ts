import t from "tap";
import { CampaignTable, MAX_ROWS } from "../../../../src/admin/dashboard/campaign-table.js";
import { altered } from "../../index/altered-revenue.js";
import { inEveryPeriod, range, smallCatalog } from "../../small-index.js";

/** As many as are in a slice and more; the revenue goes up and down with the id, and several have the same. */
const IDS = [...range(1, 700), ...range(99_990, 100_010), 4294967295];
const CATALOG = smallCatalog(
  IDS.map((campaign) => ({ period: (campaign % 4) + 1, campaign, converting: range(1, 1 + ((campaign * 37) % 23)) })),
);
/** The first of n converting banners has n.00. */
const revenueOf = (campaign: number): bigint => {
  const banners = 1 + ((campaign * 37) % 23);
  return BigInt((banners * (banners + 1)) / 2) * 1_000_000n;
};
const ORDERED = IDS.toSorted((a, b) => Number(revenueOf(b) - revenueOf(a)) || a - b);

const table = new CampaignTable(CATALOG);
const idsOf = async (search: string, order: "id" | "revenue"): Promise<number[]> =>
  (await table.find(search, order)).rows.map(({ campaign }) => campaign);

await t.test("the first by revenue, those of the same by id; and the first by id", async (t) => {
  t.same(await idsOf("", "revenue"), ORDERED.slice(0, MAX_ROWS));
  t.same(await idsOf("", "id"), IDS.slice(0, MAX_ROWS));
  t.equal((await table.find("", "id")).found, IDS.length);
});

await t.test("a search finds the ids that begin so, and says how many they are", async (t) => {
  for (const search of [
    "1",
    "7",
    "70",
    "99",
    "999",
    "10000",
    "4",
    "4294967295",
    "42949672950",
    "8",
    "0",
    "07",
    "x",
    "-1",
    "1 ",
  ]) {
    const expected = ORDERED.filter((id) => String(id).startsWith(search));
    t.same(await idsOf(search, "revenue"), expected.slice(0, MAX_ROWS), search);
    t.same(await idsOf(search, "id"), expected.toSorted((a, b) => a - b).slice(0, MAX_ROWS), search);
    t.equal((await table.find(search, "id")).found, expected.length, search);
  }
});

await t.test("a row has the exact sums of all periods", async (t) => {
  const catalog = smallCatalog(inEveryPeriod({ campaign: 5, converting: [1, 2, 3], clicked: [4], pool: [5] }));
  t.same((await new CampaignTable(catalog).find("", "revenue")).rows, [
    { campaign: 5, name: "", revenue: 24_000_000n, conversions: 12, clicks: 16, impressions: 20 },
  ]);
});

await t.test("sums are exact where revenue is negative, and beyond what a floating-point number holds", async (t) => {
  const catalog = altered(smallCatalog(inEveryPeriod({ campaign: 5, converting: [1, 2] })), [
    -1n,
    2n ** 62n,
    1n,
    2n ** 62n,
    -(2n ** 62n),
    3n,
    -(2n ** 33n) - 5n,
    0n,
  ]);
  const [row] = (await new CampaignTable(catalog).find("", "revenue")).rows;
  t.equal(row?.revenue, 2n ** 62n - 2n ** 33n - 2n);
});

await t.test("the order of a million entries lets others have their turn", async (t) => {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const many = smallCatalog(
    range(1, 20_000).map((campaign) => ({ period: 1, campaign, converting: [1] })),
    60,
  );
  const before = turns;
  await new CampaignTable(many).find("", "revenue");
  isDone = true;
  t.ok(turns > before);
});

await t.test("a search that is no number finds names that have it, in letters of any case", async (t) => {
  const names = ["Summer sale", "Winter SALE", "", "Größe", "2026 summer"];
  const campaigns = new Map(names.map((name, at) => [at + 1, { name, defaultBanner: 0 }]));
  const cells = names.map((_, at) => ({ campaign: at + 1, period: 1, converting: range(1, at + 1) }));
  const named = new CampaignTable(smallCatalog(cells, 4, new Map(), new Map(), { campaigns }));
  const found = async (search: string): Promise<string[]> =>
    (await named.find(search, "id")).rows.map(({ campaign, name }) => `${campaign} ${name}`);
  t.same(await found("sale"), ["1 Summer sale", "2 Winter SALE"]);
  t.same(await found("GRÖSSE"), []);
  t.same(await found("größ"), ["4 Größe"]);
  t.same(await found("2"), ["2 Winter SALE"], "digits are those of an id");
  t.same(await found("26 s"), ["5 2026 summer"]);
  t.same(
    (await named.find("summer", "revenue")).rows.map(({ campaign }) => campaign),
    [5, 1],
  );
  t.equal((await named.find("summer", "revenue")).found, 2);
});
