import fc from "fast-check";
import t from "tap";
import { BANNERS_PATH, CAMPAIGNS_PATH, PLACEMENTS_PATH } from "./naive-descriptions.js";
import { naiveIndex, type NaiveCell, type NaiveResult } from "./naive-index.js";
import { AT, described, wronglyDescribed } from "./random-descriptions.js";
import { dataSet, brokenDataSet } from "./random-events.js";

const SAMPLES = { seed: 20, numRuns: 1000 };
const indexOf = ({ files, periods }: (typeof clean)[number]) => naiveIndex(files, periods, AT);
const clean = fc.sample(dataSet, SAMPLES);
const faulty = fc.sample(brokenDataSet, SAMPLES);
const cleanlyDescribed = fc.sample(described(dataSet), SAMPLES);
const faultilyDescribed = fc.sample(wronglyDescribed(brokenDataSet), SAMPLES);

/** How many places are missing after those found by revenue and clicks, against the size of the pool. */
function poolOf({ x, collection, random_places }: NaiveCell): string {
  const fromPool = collection.filter(({ by }) => by === "pool").length;
  const missing = 5 - (collection.length - fromPool);
  if (x >= 5 || missing === 0) return "no place missing";
  if (random_places > 0) return "larger";
  return fromPool === missing ? "equal" : "smaller";
}

await t.test("every rule of the collection is met in one of a hundred cells or more", (t) => {
  for (const sets of [clean, faulty]) {
    const cells = sets.flatMap((set) => indexOf(set).cells);
    const isOften = (what: string, isMet: (cell: NaiveCell) => boolean): void => {
      t.ok(cells.filter(isMet).length >= cells.length / 100, what);
    };
    for (const x of [0, 1, 4, 5, 9, 10, 11]) isOften(`X is ${x}`, (cell) => cell.x === x);
    for (const pool of ["larger", "equal", "smaller"]) isOften(`the pool is ${pool}`, (cell) => poolOf(cell) === pool);
    isOften("a banner has refunded", ({ collection }) => collection.some(({ revenue }) => revenue.startsWith("-")));
    isOften("a click has several conversions", ({ collection }) =>
      collection.some(({ conversions, clicks }) => conversions > clicks),
    );
    isOften("a click has no impression", ({ collection }) =>
      collection.some(({ clicks, impressions }) => clicks > 0 && impressions === 0),
    );
    isOften("two banners differ in their id only", ({ collection }) =>
      collection.some(({ by, revenue, clicks }, at) => {
        const before = collection[at - 1];
        return by === "revenue" && before?.revenue === revenue && before.clicks === clicks;
      }),
    );
  }
  t.end();
});

await t.test("nothing of a plain data set is rejected", (t) => {
  for (const set of clean) t.strictSame(indexOf(set).rejects, []);
  t.end();
});

await t.test("every fault is met in one of ten faulty data sets or more, and no row is lost", (t) => {
  const results = faulty.map(indexOf);
  for (const kind of ["duplicate", "conflict", "orphan", "malformed", "duplicate file"])
    t.ok(results.filter(({ rejects }) => rejects.some((reject) => reject.kind === kind)).length >= 100, kind);
  for (const { accounts } of results) t.ok(accounts.every(({ read, used, rejected }) => read === used + rejected));
  t.end();
});

/** Of what it shows at each request. */
function hasPlaced({ rule, collection }: NaiveCell): boolean {
  return rule !== "default" && collection.some(({ impressions, clicks }) => impressions + clicks === 0);
}

await t.test("descriptions hold banners back, leave campaigns to their defaults, and are faulty in every way", (t) => {
  for (const results of [cleanlyDescribed.map(indexOf), faultilyDescribed.map(indexOf)]) {
    const share = (isMet: (result: NaiveResult) => boolean): number => results.filter(isMet).length / results.length;
    t.ok(share(({ heldBack }) => Object.values(heldBack).some((cells) => cells > 0)) > 0.5);
    t.ok(share(({ cells }) => cells.some(({ rule }) => rule === "default")) > 0.5);
    t.ok(share(({ cells }) => cells.some(hasPlaced)) > 0.3);
    t.ok(share(({ cells }) => cells.length > 0) > 0.99);
  }
  for (const set of cleanlyDescribed) t.strictSame(indexOf(set).rejects, []);
  const rejects = faultilyDescribed.map((set) => indexOf(set).rejects);
  for (const file of [CAMPAIGNS_PATH, BANNERS_PATH])
    for (const kind of ["duplicate", "conflict", "orphan", "malformed"])
      t.ok(rejects.filter((each) => each.some((one) => one.file === file && one.kind === kind)).length >= 100, kind);
  for (const kind of ["duplicate", "malformed"])
    t.ok(rejects.filter((each) => each.some((one) => one.file === PLACEMENTS_PATH && one.kind === kind)).length >= 100);
  t.end();
});
