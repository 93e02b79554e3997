import t from "tap";
import { naiveIndex, type NaiveCell } from "./naive-index.js";

interface BannerEvents {
  readonly views?: number;
  readonly clicks?: number;
  /** Each of a click of its own while there are clicks left, then of the last one. */
  readonly revenues?: readonly string[];
}

/** The cell of period 1 and campaign 7 in which these banners have these events. */
function cellOf(banners: Readonly<Record<number, BannerEvents>>): NaiveCell {
  const impressions: string[] = [];
  const clicks: string[] = [];
  const conversions: string[] = [];
  for (const [banner, { views = 0, clicks: clicked = 0, revenues = [] }] of Object.entries(banners)) {
    const before = clicks.length;
    for (let view = 0; view < views; view++) impressions.push(`${banner},7`);
    for (let click = 0; click < clicked; click++) clicks.push(`${clicks.length + 1},${banner},7`);
    revenues.forEach((revenue, at) => {
      conversions.push(`${conversions.length + 1},${Math.min(before + at + 1, clicks.length)},${revenue}`);
    });
  }
  const files = [
    { path: "1/impressions_1.csv", text: ["banner_id,campaign_id", ...impressions].join("\n") },
    { path: "1/clicks_1.csv", text: ["click_id,banner_id,campaign_id", ...clicks].join("\n") },
    { path: "1/conversions_1.csv", text: ["conversion_id,click_id,revenue", ...conversions].join("\n") },
  ];
  return naiveIndex(files, 1).cells[0]!;
}

const collectionOf = ({ collection }: NaiveCell): string =>
  collection.map(({ banner, by }) => `${banner} ${by}`).join(", ");
const ruleOf = ({ x, rule }: NaiveCell): string => `${x} ${rule}`;
const randomOf = ({ random_places, pool }: NaiveCell): string => `${random_places} of ${JSON.stringify(pool)}`;

const seen: BannerEvents = { views: 1 };
const once: BannerEvents = { clicks: 1 };
const twice: BannerEvents = { clicks: 2 };
const earning = (...revenues: string[]): BannerEvents => ({ clicks: 1, revenues });
const nineEarn2 = Object.fromEntries([11, 12, 13, 14, 15, 16, 17, 18, 19].map((banner) => [banner, earning("2")]));
const THE_NINE = [11, 12, 13, 14, 15, 16, 17, 18, 19].map((banner) => `${banner} revenue`).join(", ");

await t.test("one cell is told in full", (t) => {
  const cell = cellOf({ 30: { views: 2, clicks: 2, revenues: ["0.1", "0.2", "0.5"] }, 4: { views: 3 }, 5: once });
  t.strictSame(cell, {
    period: 1,
    campaign: 7,
    x: 1,
    rule: "fill-by-clicks",
    collection: [
      { banner: 30, revenue: "0.800000", conversions: 3, clicks: 2, impressions: 2, by: "revenue" },
      { banner: 5, revenue: "0.000000", conversions: 0, clicks: 1, impressions: 0, by: "clicks" },
      { banner: 4, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 3, by: "pool" },
    ],
    random_places: 0,
    pool: [],
  });
  t.end();
});

await t.test("of eleven with conversions the ten with the most revenue stay", (t) => {
  const cell = cellOf({ ...nineEarn2, 1: { clicks: 3, revenues: ["1"] }, 2: earning("1.000001"), 3: seen });
  t.equal(ruleOf(cell), "11 top-10");
  t.equal(collectionOf(cell), `${THE_NINE}, 2 revenue`);
  t.equal(randomOf(cell), "0 of []");
  t.end();
});

await t.test("a tie in revenue is cut by clicks, several conversions of one click being one, and then by id", (t) => {
  const byClicks = cellOf({ ...nineEarn2, 1: earning("0.5", "0.25", "0.25"), 20: { clicks: 2, revenues: ["1"] } });
  t.equal(collectionOf(byClicks), `${THE_NINE}, 20 revenue`);
  t.equal(collectionOf(cellOf({ ...nineEarn2, 100: earning("1"), 20: earning("1") })), `${THE_NINE}, 20 revenue`);
  t.end();
});

await t.test("a tenth banner that refunded stays before one without a conversion, which has no revenue", (t) => {
  const cell = cellOf({ ...nineEarn2, 10: earning("1", "-2.5"), 9: { views: 9, clicks: 9 } });
  t.equal(ruleOf(cell), "10 top-10");
  const refunded = { banner: 10, revenue: "-1.500000", conversions: 2, clicks: 1, impressions: 0, by: "revenue" };
  t.strictSame(cell.collection[9], refunded);
  t.end();
});

await t.test("five to nine with conversions are the collection, whatever others were clicked", (t) => {
  const five = { 1: earning("1"), 2: earning("0"), 3: earning("-1"), 4: earning("4"), 5: earning("5") };
  const cell = cellOf({ ...five, 6: { clicks: 9 }, 7: seen });
  t.equal(ruleOf(cell), "5 top-x");
  t.equal(collectionOf(cell), "5 revenue, 4 revenue, 1 revenue, 2 revenue, 3 revenue");
  t.equal(randomOf(cell), "0 of []");
  t.equal(ruleOf(cellOf(nineEarn2)), "9 top-x");
  t.end();
});

await t.test("one to four with conversions are filled to five by clicks", (t) => {
  const one = cellOf({ 1: earning("-1"), 2: once, 3: twice, 4: twice, 5: { clicks: 3 }, 6: once, 7: seen });
  t.equal(ruleOf(one), "1 fill-by-clicks");
  t.equal(collectionOf(one), "1 revenue, 5 clicks, 3 clicks, 4 clicks, 2 clicks");
  t.equal(randomOf(one), "0 of []");
  const four = cellOf({ 1: earning("1"), 2: earning("1"), 3: earning("1"), 4: earning("1"), 5: once, 6: twice });
  t.equal(ruleOf(four), "4 fill-by-clicks");
  t.equal(collectionOf(four), "1 revenue, 2 revenue, 3 revenue, 4 revenue, 6 clicks");
  t.end();
});

await t.test("without a conversion the five most clicked are the collection", (t) => {
  const cell = cellOf({ 1: once, 2: once, 3: once, 4: twice, 5: once, 20: { clicks: 3 }, 6: { views: 4 } });
  t.equal(ruleOf(cell), "0 by-clicks");
  t.equal(collectionOf(cell), "20 clicks, 4 clicks, 1 clicks, 2 clicks, 3 clicks");
  t.equal(randomOf(cell), "0 of []");
  t.end();
});

await t.test("missing places are random where the pool is larger, and else the whole pool is shown", (t) => {
  const three = { 1: earning("1"), 2: { clicks: 1, views: 1 }, 3: once };
  const larger = cellOf({ ...three, 30: seen, 4: seen, 5: { views: 2 } });
  t.equal(collectionOf(larger), "1 revenue, 2 clicks, 3 clicks");
  t.equal(randomOf(larger), "2 of [4,5,30]");
  const equal = cellOf({ ...three, 30: seen, 4: seen });
  t.equal(collectionOf(equal), "1 revenue, 2 clicks, 3 clicks, 4 pool, 30 pool");
  t.equal(randomOf(equal), "0 of []");
  const smaller = cellOf({ ...three, 30: seen });
  t.equal(collectionOf(smaller), "1 revenue, 2 clicks, 3 clicks, 30 pool");
  t.equal(randomOf(smaller), "0 of []");
  t.end();
});

await t.test("where nothing was clicked every place is random, or all banners are shown", (t) => {
  const six = cellOf({ 1: seen, 2: seen, 3: seen, 4: seen, 5: seen, 60: seen });
  t.equal(ruleOf(six), "0 by-clicks");
  t.equal(collectionOf(six), "");
  t.equal(randomOf(six), "5 of [1,2,3,4,5,60]");
  const five = cellOf({ 1: { views: 2 }, 2: seen, 3: seen, 4: seen, 50: { views: 3 } });
  t.equal(collectionOf(five), "1 pool, 2 pool, 3 pool, 4 pool, 50 pool");
  t.equal(randomOf(five), "0 of []");
  t.end();
});
