import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Catalog } from "../../../../src/index/catalog.js";
import { decode } from "../../../../src/index/format.js";
import { comparing, comparingIndexes } from "../../../../src/view/change/compare.js";
import type { IndexChange } from "../../../../src/view/change/index-change.js";
import { outlinePublished, outlining } from "../../../../src/view/change/outline.js";
import { atOnce, inSlices } from "../../../../src/view/change/slices.js";
import type { Statistics } from "../../../naive/naive-collection.js";
import { seededRandom } from "../../seeded-random.js";
import { inEveryPeriod, range, smallCatalog } from "../../small-index.js";
import { altered } from "../../index/altered-revenue.js";
import { compiled, naiveChange, type NaiveIndex } from "./naive-change.js";

function compare(before: Catalog, after: Catalog): IndexChange {
  return atOnce(comparingIndexes(before, after));
}

type Random = () => number;
const below = (random: Random, end: number): number => Math.floor(random() * end);

function randomCell(random: Random): Statistics[] {
  const banners = range(1, 30).filter(() => random() < 0.3);
  return (banners.length > 0 ? banners : [31]).map((banner) => {
    const clicks = random() < 0.5 ? 0 : 1 + below(random, 3);
    const conversions = random() < 0.5 ? 0 : clicks;
    // Refunds too, and equal ones.
    const revenue = conversions === 0 ? 0n : BigInt(below(random, 7) - 1) * 1_000_001n;
    return { banner, impressions: 1 + below(random, 9), clicks, conversions, revenue };
  });
}

const keys = (random: Random): string[] =>
  range(1, 4).flatMap((period) =>
    range(1, 12).flatMap((campaign) => (random() < 0.6 ? [`${period} ${campaign}`] : [])),
  );

function randomIndex(random: Random): NaiveIndex {
  return {
    periods: 4,
    cells: new Map(["1 20", ...keys(random)].map((key) => [key, randomCell(random)])),
    defaultBanners: new Map(
      range(10, 14).flatMap((campaign) => (random() < 0.5 ? [[campaign, 1 + below(random, 3)]] : [])),
    ),
  };
}

/** The most of it as it was; of the rest, some is new, gone, or has other statistics. */
function nextDay(random: Random, { periods, cells, defaultBanners }: NaiveIndex): NaiveIndex {
  const next = new Map(cells);
  for (const key of keys(random)) {
    const chance = random();
    if (chance < 0.1) next.set(key, randomCell(random));
    else if (chance < 0.15) next.delete(key);
    else if (chance < 0.3)
      next.set(
        key,
        (next.get(key) ?? randomCell(random)).map((each) => ({ ...each, impressions: each.impressions + 1 })),
      );
  }
  return { periods, cells: next, defaultBanners: random() < 0.5 ? defaultBanners : new Map([[10, 3]]) };
}

const ascending = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);

await t.test(
  "random indexes differ as a second computation says, from memory and from what is kept of a file",
  async (t) => {
    const file = join(t.testdir(), "index.bin");
    const seen = { same: 0, rule: 0, new: 0, gone: 0, moved: 0 };
    for (const seed of range(1, 120)) {
      const random = seededRandom(seed);
      const naive = randomIndex(random);
      const next = seed % 4 === 0 ? randomIndex(random) : nextDay(random, naive);
      const [before, after] = [compiled(naive), compiled(next)];
      const catalog = new Catalog(decode(after));
      const expected = naiveChange(naive, next);
      writeFileSync(file, before);
      const changes = {
        memory: compare(new Catalog(decode(before)), catalog),
        file: atOnce(comparing(await outlinePublished(file), atOnce(outlining(catalog)))),
      };
      for (const [of, change] of Object.entries(changes)) {
        const { comparison, campaigns_changed, cells, cells_left_out } = change.json(catalog);
        const what = `seed ${seed}, ${of}`;
        if (comparison.result !== "changed") {
          t.same(expected.cells, [], what);
          continue;
        }
        t.match(comparison, expected.comparison, what);
        t.equal(campaigns_changed, expected.changed.length, what);
        const rows = cells.map(({ name, ...cell }) => {
          t.equal(name ?? "", catalog.nameOf(cell.campaign));
          return { ...cell, in: ascending(cell.in), out: ascending(cell.out) };
        });
        t.same(rows, expected.cells, what);
        t.equal(cells_left_out, 0);
        t.same(
          range(1, 25).filter((campaign) => change.isChanged(campaign)),
          expected.changed,
          what,
        );
        for (const cell of cells) t.match(cell, change.cellChange(cell.campaign, cell.period) ?? "nothing", what);
        const changed = new Set(cells.map(({ campaign, period }) => `${period} ${campaign}`));
        for (const key of next.cells.keys()) {
          const [period, campaign] = key.split(" ").map(Number);
          t.equal(change.cellChange(campaign!, period!) !== undefined, changed.has(key), what);
          if (!changed.has(key)) seen.same++;
        }
        for (const { rule, rule_before, in: shown } of cells) {
          if (rule === null) seen.gone++;
          else if (rule_before === null) seen.new++;
          else if (rule !== rule_before) seen.rule++;
          else if (shown.length > 0) seen.moved++;
        }
      }
    }
    for (const [what, count] of Object.entries(seen)) t.ok(count > 100, `${what}: ${count}`);
  },
);

await t.test("other revenue alone changes no campaign", (t) => {
  const before = smallCatalog(inEveryPeriod({ campaign: 1, converting: [1, 2] }));
  const after = new Catalog({ ...altered(before, Array<bigint>(8).fill(-(2n ** 63n))).index, generation: "other" });
  const { comparison, ...rest } = compare(before, after).json(after);
  t.match(comparison, { result: "changed", campaigns_changed: 0, revenue: { after: "-73786976294838.206464" } });
  t.same(rest, { generation: "other", campaigns_changed: 0, cells: [], cells_left_out: 0 });
  t.end();
});

await t.test("cells of other periods are not compared, and each campaign counts as changed then", (t) => {
  const after = smallCatalog(inEveryPeriod({ campaign: 1, converting: [2] }, 2), 2);
  const change = compare(smallCatalog(inEveryPeriod({ campaign: 1, converting: [1] })), after);
  t.match(change.json(after), {
    comparison: { cells_gone: null, collections_changed: null, rules_changed: null, banners_in: { first: [2] } },
    campaigns_changed: null,
    cells: [],
    cells_left_out: 0,
  });
  t.ok(change.isChanged(1));
  t.end();
});

await t.test("the cells of the most revenue are known, and all others are counted", (t) => {
  // By campaign: one, two, three converting banners for 1,200 each, and four for the last 2,400.
  const cells = (pool: number): Parameters<typeof smallCatalog>[0] =>
    range(1, 6000).flatMap((campaign) =>
      inEveryPeriod({ campaign, converting: range(1, Math.min(4, Math.ceil(campaign / 1200))), pool: [pool] }),
    );
  const after = smallCatalog(cells(101));
  const change = compare(smallCatalog(cells(100)), after);
  const { cells: rows, cells_left_out, campaigns_changed } = change.json(after);
  t.same([rows.length, cells_left_out, campaigns_changed], [1000, 23_000, 6000]);
  t.same(
    rows.slice(0, 5).map(({ campaign, period }) => [campaign, period]),
    [...range(1, 4).map((period) => [3601, period]), [3602, 1]],
  );
  t.same(
    range(1, 6000).filter((campaign) => change.cellChange(campaign, 4) !== undefined),
    [...range(2401, 2500), ...range(3601, 6000)],
  );
  t.ok(range(1, 6000).every((campaign) => change.isChanged(campaign)));
  t.end();
});

await t.test("a cell with more banners than there is room for hides none behind it", (t) => {
  const cells = (first: number): Parameters<typeof smallCatalog>[0] => [
    { period: 1, campaign: 1, converting: [1, 2, 3], pool: range(first, first + 29_999) },
    { period: 2, campaign: 1, converting: [1, 2], pool: range(first, first + 29_999) },
    { period: 1, campaign: 2, converting: [1], pool: [first] },
  ];
  const after = smallCatalog(cells(40_000));
  const change = compare(smallCatalog(cells(4)), after);
  t.equal(change.cellChange(1, 1)?.in.length, 30_000);
  t.equal(change.cellChange(1, 2), undefined);
  t.same(change.cellChange(2, 1), {
    in: [40_000],
    out: [4],
    rule_before: "fill-by-clicks",
    revenue_before: "1.000000",
  });
  t.match(change.json(after), { campaigns_changed: 2, cells_left_out: 1, comparison: { collections_changed: 3 } });
  t.end();
});

await t.test("slices give way to everything else, and end where they are stopped", async (t) => {
  let isTurn = false;
  setImmediate(() => (isTurn = true));
  function* waiting(): Generator<undefined, string> {
    while (!isTurn) yield;
    return "done";
  }
  t.equal(await inSlices(waiting(), () => false), "done");
  let asked = 0;
  function* endless(): Generator<undefined, string> {
    while (asked < Infinity) yield;
    return "never";
  }
  t.equal(await inSlices(endless(), () => ++asked > 2), undefined);
});
