import t from "tap";
import { NONE } from "../../../src/index/catalog.js";
import { choose, fillPlaces, placeOf, type Random } from "../../../src/decision/pick.js";
import { MAX_PLACES } from "../../../src/index/sections.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

const ROUNDS = 60_000;

/** The 99.9 % quantiles of the chi-square distribution, by degrees of freedom (NIST handbook, table 1.3.6.7.4). */
const CHI_SQUARE_999: Readonly<Record<number, number>> = { 3: 16.266, 4: 18.467, 8: 26.125, 9: 27.877, 11: 31.264 };

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function isUniform(counts: readonly number[]): boolean {
  return chiSquare(counts) < CHI_SQUARE_999[counts.length - 1]!;
}

/** How often each of `banners` comes out of `draw`. */
function tally(banners: readonly number[], draw: () => number): number[] {
  const counts = new Map(banners.map((banner) => [banner, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    const banner = draw();
    counts.set(banner, (counts.get(banner) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** As a request does it: `last` is a banner, or NONE. */
function chooseAfter(places: Uint32Array, count: number, last: number, random: Random): number {
  return choose(places, count, placeOf(last, places, count), random);
}

await t.test("each of the places is as likely as the other where there is no last banner", (t) => {
  const places = Uint32Array.from(range(100, 109));
  const random = seededRandom(1);
  const counts = tally(range(100, 109), () => chooseAfter(places, 10, NONE, random));
  t.equal(counts.length, 10);
  t.ok(isUniform(counts), `${chiSquare(counts)}`);
  t.end();
});

await t.test("the last banner never comes, and the others are as likely as each other, wherever it stands", (t) => {
  const places = Uint32Array.from(range(100, 109));
  for (const last of places) {
    const random = seededRandom(last);
    const others = range(100, 109).filter((banner) => banner !== last);
    const counts = tally(others, () => chooseAfter(places, 10, last, random));
    t.equal(counts.length, 9, `${last} never comes`);
    t.ok(isUniform(counts), `${chiSquare(counts)}`);
  }
  t.end();
});

await t.test("a last banner that is not among the places takes nothing from any", (t) => {
  const places = Uint32Array.from(range(100, 104));
  const random = seededRandom(3);
  const counts = tally(range(100, 104), () => chooseAfter(places, 5, 999, random));
  t.equal(counts.length, 5);
  t.ok(isUniform(counts), `${chiSquare(counts)}`);
  t.end();
});

await t.test("only the first places count", (t) => {
  const places = Uint32Array.of(100, 101, 999, 999);
  const random = seededRandom(4);
  t.same(tally([100, 101], () => chooseAfter(places, 2, NONE, random)).length, 2);
  t.same(new Set(range(1, 100).map(() => chooseAfter(places, 2, 100, random))), new Set([101]));
  t.end();
});

await t.test("a collection of one banner shows it, also where it was the last", (t) => {
  t.equal(chooseAfter(Uint32Array.of(7), 1, 7, seededRandom(5)), 7);
  t.equal(chooseAfter(Uint32Array.of(7), 1, NONE, seededRandom(5)), 7);
  t.end();
});

await t.test("the extremes of the random numbers stay within the places", (t) => {
  const places = Uint32Array.of(100, 101, 102);
  for (const random of [() => 0, () => 1 - 2 ** -53])
    for (const last of [NONE, 100, 101, 102]) {
      const banner = chooseAfter(places, 3, last, random);
      t.ok(places.includes(banner) && banner !== last, `${banner} after ${last}`);
    }
  t.end();
});

/** The ids of one request's places. */
function drawPlaces(cell: Omit<SmallCell, "period" | "campaign">, random: () => number): () => number[] {
  const catalog = smallCatalog([{ ...cell, period: 1, campaign: 1 }], 1);
  const places = new Uint32Array(MAX_PLACES);
  return () => {
    const count = fillPlaces(catalog, catalog.cellOf(1, 1), random, places);
    return Array.from(places.subarray(0, count), (banner) => catalog.index.bannerIds[banner]!);
  };
}

await t.test("a cell without random places has its collection, in the order of the cut", (t) => {
  t.same(drawPlaces({ converting: range(20, 31) }, seededRandom(6))(), range(20, 29));
  t.same(drawPlaces({ converting: [9], clicked: [8], pool: [7, 6] }, seededRandom(6))(), [9, 8, 6, 7]);
  t.end();
});

for (const { fixed, drawn } of [
  { fixed: [], drawn: 5 },
  { fixed: [50, 51], drawn: 3 },
  { fixed: [50, 51, 52, 53], drawn: 1 },
])
  await t.test(`${drawn} random place(s) are drawn anew, all different, and each banner of the pool as often`, (t) => {
    const pool = range(1, 12);
    const draw = drawPlaces({ clicked: fixed, pool }, seededRandom(7));
    const counts = new Map(pool.map((banner) => [banner, 0]));
    let distinct = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const places = draw();
      if (new Set(places).size === 5 && fixed.every((banner, place) => places[place] === banner)) distinct++;
      for (const banner of places.slice(fixed.length)) counts.set(banner, (counts.get(banner) ?? 0) + 1);
    }
    t.equal(distinct, ROUNDS, "five different banners, the fixed ones first, each time");
    t.equal(counts.size, pool.length, "nothing but the pool");
    t.ok(Math.min(...counts.values()) > 0, "every banner of the pool is reached");
    // Draws without replacement spread less than the distribution allows, so the bound only grows safer.
    t.ok(isUniform([...counts.values()]), `${chiSquare([...counts.values()])}`);
    t.end();
  });

await t.test("every set of random places is as likely as the other", (t) => {
  // Three clicked banners leave two places, and a pool of four has six pairs: few enough to count.
  const draw = drawPlaces({ clicked: [50, 51, 52], pool: [1, 2, 3, 4] }, seededRandom(8));
  const counts = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const key = draw().slice(3).sort().join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  t.equal(counts.size, 6);
  t.ok(chiSquare([...counts.values()]) < 20.515, "the 99.9 % quantile of 5 degrees of freedom");
  t.end();
});
