import t from "tap";
import { rank } from "../../build/rank.js";
import type { Statistics } from "../../build/read/event-rows.js";

/** A banner with conversions. Revenue is in millionths. */
function earning(banner: number, revenue: bigint, clicks = 1, conversions = 1): Statistics {
  return { banner, impressions: 1, clicks, conversions, revenue };
}

function clicked(banner: number, clicks: number): Statistics {
  return { banner, impressions: 1, clicks, conversions: 0, revenue: 0n };
}

function seen(banner: number): Statistics {
  return { banner, impressions: 1, clicks: 0, conversions: 0, revenue: 0n };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Banners 101 and up with conversions, the first with the most revenue. */
function earners(count: number): Statistics[] {
  return range(1, count).map((place) => earning(100 + place, BigInt(1000 - place)));
}

/** Banners 201 and up with clicks and no conversion, the first with the most. */
function clickers(count: number): Statistics[] {
  return range(1, count).map((place) => clicked(200 + place, 50 - place));
}

/** Banners 301 and up with an impression only. */
function idlers(count: number): Statistics[] {
  return range(1, count).map((place) => seen(300 + place));
}

/** A ranking as ids: those always shown, and those that random places are drawn from. */
function ranked(...cell: Statistics[]): {
  x: number;
  rule: string;
  shown: number[];
  randomPlaces: number;
  pool: number[];
} {
  // From the last to the first, so that no order of the cell is the order of the cut by luck.
  const { x, rule, banners, fixed, randomPlaces, pool } = rank(cell.reverse());
  const ids = banners.map(({ banner }) => banner);
  return { x, rule, shown: ids.slice(0, fixed), randomPlaces, pool: ids.slice(ids.length - pool) };
}

/** The ids always shown, then how many places are random. */
function shownBy(...cell: Statistics[]): [shown: number[], randomPlaces: number] {
  const { shown, randomPlaces } = ranked(...cell);
  return [shown, randomPlaces];
}

await t.test("each X has its rule and its banners, in a cell that has enough of every sort", (t) => {
  const table: [x: number, rule: string, shown: number[]][] = [
    [0, "by-clicks", [201, 202, 203, 204, 205]],
    [1, "fill-by-clicks", [101, 201, 202, 203, 204]],
    [4, "fill-by-clicks", [101, 102, 103, 104, 201]],
    [5, "top-x", [101, 102, 103, 104, 105]],
    [9, "top-x", [101, 102, 103, 104, 105, 106, 107, 108, 109]],
    [10, "top-10", [101, 102, 103, 104, 105, 106, 107, 108, 109, 110]],
    [11, "top-10", [101, 102, 103, 104, 105, 106, 107, 108, 109, 110]],
  ];
  for (const [x, rule, shown] of table)
    t.strictSame(
      ranked(...earners(x), ...clickers(7), ...idlers(7)),
      { x, rule, shown, randomPlaces: 0, pool: range(301, 307) },
      `X = ${x}`,
    );
  t.end();
});

await t.test("without conversions, as many places are random as clicked banners are missing", (t) => {
  const table: [clicked: number, shown: number[], randomPlaces: number][] = [
    [0, [], 5],
    [3, [201, 202, 203], 2],
    [4, [201, 202, 203, 204], 1],
    [5, [201, 202, 203, 204, 205], 0],
    [6, [201, 202, 203, 204, 205], 0],
  ];
  for (const [count, shown, randomPlaces] of table)
    t.strictSame(
      ranked(...clickers(count), ...idlers(6)),
      { x: 0, rule: "by-clicks", shown, randomPlaces, pool: range(301, 306) },
      `${count} clicked`,
    );
  t.end();
});

await t.test("with 1 to 4 conversions too, as many places are random as banners are missing", (t) => {
  const table: [x: number, clicked: number, shown: number[], randomPlaces: number][] = [
    [1, 0, [101], 4],
    [1, 3, [101, 201, 202, 203], 1],
    [2, 1, [101, 102, 201], 2],
    [4, 0, [101, 102, 103, 104], 1],
    [4, 1, [101, 102, 103, 104, 201], 0],
  ];
  for (const [x, count, shown, randomPlaces] of table)
    t.strictSame(
      ranked(...earners(x), ...clickers(count), ...idlers(6)),
      { x, rule: "fill-by-clicks", shown, randomPlaces, pool: range(301, 306) },
      `X = ${x}, ${count} clicked`,
    );
  t.end();
});

await t.test("a pool is drawn from only where it is larger than the missing places", (t) => {
  const table: [pool: number, shown: number[], randomPlaces: number][] = [
    [3, [101, 201, 202], 2],
    [2, [101, 201, 202, 301, 302], 0],
    [1, [101, 201, 202, 301], 0],
    [0, [101, 201, 202], 0],
  ];
  for (const [size, shown, randomPlaces] of table)
    t.strictSame(shownBy(...earners(1), ...clickers(2), ...idlers(size)), [shown, randomPlaces], `a pool of ${size}`);
  t.end();
});

await t.test("five or more with conversions need no others, however large the pool", (t) => {
  t.strictSame(ranked(...earners(5), ...idlers(20)), {
    x: 5,
    rule: "top-x",
    shown: range(101, 105),
    randomPlaces: 0,
    pool: range(301, 320),
  });
  t.end();
});

await t.test("a cell of fewer than five banners shows those it has", (t) => {
  t.strictSame(ranked(seen(9)), { x: 0, rule: "by-clicks", shown: [9], randomPlaces: 0, pool: [9] });
  t.strictSame(ranked(clicked(9, 1)), { x: 0, rule: "by-clicks", shown: [9], randomPlaces: 0, pool: [] });
  t.strictSame(ranked(earning(9, 1n)), { x: 1, rule: "fill-by-clicks", shown: [9], randomPlaces: 0, pool: [] });
  t.strictSame(shownBy(seen(5), clicked(6, 1), seen(4), earning(7, 1n)), [[7, 6, 4, 5], 0]);
  t.equal(rank([seen(9), seen(8)]).fixed, 2, "no places are counted that there are no banners for");
  t.end();
});

await t.test("the cut goes by revenue, then clicks, then id", (t) => {
  const same = range(1, 8).map((banner) => earning(banner, 500n, 3));
  const { shown } = ranked(
    ...same,
    earning(20, 500n, 4),
    earning(30, 501n, 1),
    earning(40, 499n, 99),
    earning(9, 500n, 2),
  );
  t.strictSame(shown, [30, 20, 1, 2, 3, 4, 5, 6, 7, 8]);
  t.end();
});

await t.test("where clicks are equal at the cut, the lower id is shown", (t) => {
  const equals = range(1, 6).map((banner) => clicked(banner, 2));
  t.strictSame(shownBy(...equals), [[1, 2, 3, 4, 5], 0]);
  t.strictSame(shownBy(earning(50, 1n), ...equals), [[50, 1, 2, 3, 4], 0]);
  t.strictSame(shownBy(clicked(4294967295, 3), ...equals), [[4294967295, 1, 2, 3, 4], 0]);
  t.end();
});

await t.test("how many conversions a banner has orders nothing", (t) => {
  t.strictSame(shownBy(...earners(10), earning(1, 1n, 1, 1000)), [range(101, 110), 0]);
  t.end();
});

await t.test("revenues that floating point cannot tell apart are told apart", (t) => {
  const less = earning(1, 9007199254740992n);
  const more = earning(2, 9007199254740993n);
  t.strictSame(shownBy(less, more), [[2, 1], 0]);
  t.strictSame(shownBy(more, less), [[2, 1], 0]);
  t.end();
});

await t.test("a refund takes a banner down, but a conversion stays one", (t) => {
  t.strictSame(ranked(earning(1, -5n), earning(2, 0n, 2), clicked(3, 9), ...idlers(1)), {
    x: 2,
    rule: "fill-by-clicks",
    shown: [2, 1, 3, 301],
    randomPlaces: 0,
    pool: [301],
  });
  t.strictSame(shownBy(...earners(10), earning(1, -1n), clicked(2, 9)), [range(101, 110), 0]);
  t.end();
});

await t.test(
  "ten with conversions are the ten, where refunds outweigh and a clicked banner has no revenue at all",
  (t) => {
    t.strictSame(shownBy(...earners(8), earning(1, -1n), earning(2, 0n), clicked(3, 9), seen(4)), [
      [...range(101, 108), 2, 1],
      0,
    ]);
    t.end();
  },
);

await t.test("all banners of the cell are ranked, with conversions first, then clicked, then the pool by id", (t) => {
  const cell = [seen(8), clicked(1, 1), seen(2), earning(9, -7n), clicked(3, 5), earning(4, 3n)];
  t.strictSame(
    rank(cell).banners.map(({ banner }) => banner),
    [4, 9, 3, 1, 2, 8],
  );
  t.strictSame(
    cell.map(({ banner }) => banner),
    [8, 1, 2, 9, 3, 4],
    "the cell is as it was",
  );
  t.end();
});
