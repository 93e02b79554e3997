import t from "tap";
import { compile } from "../../../build/compile.js";
import { Catalog } from "../../../src/catalog.js";
import { decode } from "../../../src/index-format.js";
import { RULES } from "../../../src/index-sections.js";
import { inspect } from "../../../src/inspect.js";
import { makeCounts, sparseIds } from "../../../tools/bench-index/large-index.js";
import { drawCampaigns, shuffle } from "../../../tools/bench-index/traffic.js";
import { seededRandom } from "../../../tools/make-sample/random.js";

const SIZE = { campaigns: 300, periods: 2, banners: 12 };

await t.test("every campaign has as many banners as are asked for in every period, and every rule occurs", (t) => {
  const catalog = new Catalog(decode(compile(makeCounts(SIZE), new Map()).bytes));
  t.match(catalog.index.counts, { periods: 2, campaigns: 300, entries: 7200 });
  const { cells } = inspect(catalog);
  t.equal(cells.length, 600);
  t.same(new Set(cells.map(({ rule }) => rule)), new Set(RULES));
  t.ok(cells.some((cell) => cell.random_places > 0));
  t.end();
});

await t.test("the same size has the same events", (t) => {
  const make = (): Uint8Array => compile(makeCounts(SIZE), new Map()).bytes;
  t.ok(Buffer.from(make()).equals(make()));
  t.end();
});

await t.test("ids are all different, ascending, and reach from the first to the last there is", (t) => {
  const ids = sparseIds(1000, seededRandom("ids"));
  t.ok(ids.every((id, at) => id > (ids[at - 1] ?? 0)));
  t.equal(ids[999], 4294967295);
  t.ok(ids[0]! < 2 ** 23 && ids[500]! > 2 ** 30);
  t.end();
});

await t.test("uniform traffic asks for each campaign as often, skewed traffic for the first the most", (t) => {
  const campaigns = Uint32Array.from({ length: 100 }, (_, at) => at + 1000);
  const count = (traffic: "uniform" | "skewed"): number[] => {
    const counts = new Array<number>(100).fill(0);
    for (const campaign of drawCampaigns(campaigns, traffic, 100_000)) counts[campaign - 1000]!++;
    return counts;
  };
  const uniform = count("uniform");
  t.ok(Math.min(...uniform) > 800 && Math.max(...uniform) < 1200);
  const skewed = count("skewed");
  // ln 2 / ln 101 and ln (101 / 100) / ln 101.
  t.ok(skewed[0]! > 14_000 && skewed[0]! < 16_000 && skewed[99]! > 100 && skewed[99]! < 350);
  t.end();
});

await t.test("shuffled campaigns are the same ones in another order", (t) => {
  const campaigns = Uint32Array.from({ length: 100 }, (_, at) => at);
  const shuffled = shuffle(campaigns.slice(), seededRandom("shuffle"));
  t.notSame(shuffled, campaigns);
  t.same(shuffled.slice().sort(), campaigns);
  t.end();
});
