import t from "tap";
import { CampaignColumns, eachCell } from "../../../src/view/campaign-columns.js";
import { CampaignSearch } from "../../../src/view/campaign-search.js";
import { catalogSource } from "../../../src/view/catalog-source.js";
import { overviewOf } from "../../../src/view/overview.js";
import { placeRange } from "../../../src/view/place-range.js";
import { Rest } from "../../../src/view/rest.js";
import { Texts } from "../../../src/view/texts.js";
import { range, smallCatalog } from "../small-index.js";

const CATALOG = smallCatalog(range(1, 2000).map((campaign) => ({ period: 1, campaign, converting: [1, 2] })));
const SOURCE = catalogSource(CATALOG);
const COLUMNS = new CampaignColumns(SOURCE);

/** Of a clock on which all takes longer than a slice. */
async function pausesOf(work: (rest: Rest) => Promise<unknown>): Promise<number> {
  let [pauses, now] = [0, 0];
  const pause = (): Promise<unknown> => Promise.resolve(pauses++);
  await work(new Rest(pause, () => (now += 1000)));
  return pauses;
}

await t.test("a slice ends when its time is over, and not before", async (t) => {
  let [pauses, now] = [0, 0];
  const rest = new Rest(
    () => Promise.resolve(pauses++),
    () => now,
  );
  t.notOk(rest.isDue(1e6), "no time has passed");
  now = 5;
  t.notOk(rest.isDue(), "the clock is not looked at after each step");
  t.ok(rest.isDue(1e6));
  await rest.take();
  t.equal(pauses, 1);
  t.notOk(rest.isDue(1e6), "the next slice has its own time");
});

await t.test("whatever goes through a whole index rests meanwhile", async (t) => {
  const texts = await Texts.of(20_000, String, new Rest(() => Promise.resolve()));
  for (const [name, least, work] of [
    ["the cells", 10, (rest) => eachCell(SOURCE, 0, () => undefined, rest)],
    ["the sums", 10, (rest) => overviewOf(CATALOG, rest)],
    ["texts", 30, (rest) => Texts.of(20_000, String, rest)],
    ["a search in them", 4, (rest) => texts.search("x", new Uint8Array(20_000), rest)],
    ["a search", 15, (rest) => new CampaignSearch(SOURCE, COLUMNS).matching("2", rest)],
    ["names", 5, (rest) => new CampaignSearch({ ...SOURCE, nameOf: (at) => `name ${at}` }, COLUMNS).nameRanks(rest)],
    [
      "the order",
      40,
      (rest) => {
        const [items, keys] = [
          Uint32Array.from(range(0, 9999)),
          Float64Array.from(range(0, 9999), (at) => (at * 7919) % 10_007),
        ];
        return placeRange({ items, keys, byTie: () => 0 }, 0, 10_000, rest);
      },
    ],
  ] satisfies [string, number, (rest: Rest) => Promise<unknown>][])
    t.ok((await pausesOf(work)) >= least, name);
});
