import fc from "fast-check";
import t from "tap";
import { Decider, ROTATIONS, type Rotation } from "../../../src/decision/decide.js";
import { deciderFor } from "../../../src/decision/explore.js";
import type { Catalog } from "../../../src/index/catalog.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

const LARGEST = 4294967295;

function exploring(cells: readonly SmallCell[], exploration: number): Catalog {
  return smallCatalog(cells, 4, new Map(), new Map(), { exploration });
}

/** Campaign 1, in which banners behind the cut have ids from 900 on, and those of a pool from 200 on. */
const CELLS = {
  "the best ten, and others behind the cut": { converting: [...range(100, 109), ...range(900, 907)] },
  "all that convert, and others behind the cut": { converting: range(100, 104), clicked: [900, 901], pool: [LARGEST] },
  "fixed places and a pool": { converting: [100, 101], pool: range(200, 208) },
  "nothing but a pool": { pool: range(200, 207) },
  "nothing behind the cut": { converting: [100], clicked: [101, 102] },
  two: { clicked: [100, 101] },
} as const;
type Cell = Omit<SmallCell, "campaign" | "period">;

const allOf = ({ converting = [], clicked = [], pool = [] }: Cell): number[] => [...converting, ...clicked, ...pool];

/** The chance of each banner behind `last`, as the rules have it, with fractions and without a random number. */
function chances(cell: Cell, exploration: number, last: number, rotation: Rotation): Map<number, number> {
  const all = allOf(cell);
  const isBehind = (id: number): boolean => id >= 900;
  const fixed = all.filter((id) => id < 200);
  const pool = all.filter((id) => id >= 200 && !isBehind(id));
  const drawn = pool.length === 0 ? 0 : 5 - fixed.length;
  const places = fixed.length + drawn;
  const left = rotation === "independent" ? 0 : last;
  const others = all.filter((id) => id !== left);
  const byRule = (id: number): number => {
    if (isBehind(id) || (id === left && places > 1 && fixed.includes(id))) return 0;
    const isLeftOut = fixed.includes(left) && places > 1;
    if (fixed.includes(id) && !pool.includes(left)) return 1 / (isLeftOut ? places - 1 : places);
    if (!pool.includes(left)) return drawn / pool.length / (isLeftOut ? places - 1 : places);
    // The last one is of the pool: it is left out only where it is drawn.
    const again = drawn / pool.length;
    if (fixed.includes(id)) return again / (places - 1) + (1 - again) / places;
    if (id === left) return 0;
    return (
      (again * (drawn - 1)) / (pool.length - 1) / (places - 1) + ((1 - again) * drawn) / (pool.length - 1) / places
    );
  };
  return new Map(
    all.map((id) => {
      const explored = others.includes(id) ? 1 / others.length : 0;
      return [id, (1 - exploration) * byRule(id) + exploration * explored];
    }),
  );
}

/** The 99.99 % quantile, nearly (Wilson and Hilferty, 1931). */
function chiSquareBound(freedom: number): number {
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + 3.72 * Math.sqrt(part)) ** 3;
}

const DRAWS = 20_000;

for (const rotation of ["no-repeat", "independent"] as const)
  await t.test(`${rotation}: behind any banner, each has the chance that the share gives it`, (t) => {
    for (const [what, cell] of Object.entries<Cell>(CELLS))
      for (const exploration of [0.05, 0.5, 0.9999]) {
        const catalog = exploring([{ campaign: 1, period: 1, ...cell }], exploration);
        const decider = deciderFor(catalog, rotation, seededRandom(11));
        const all = allOf(cell);
        for (const last of [0, all[0]!, all.at(-1)!, 77]) {
          const expected = chances(cell, exploration, last, rotation);
          const counts = new Map<number, number>();
          for (let draw = 0; draw < DRAWS; draw++) {
            decider.history.read(String(last));
            const id = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
            counts.set(id, (counts.get(id) ?? 0) + 1);
          }
          const possible = all.filter((id) => expected.get(id)! > 0);
          const chiSquare = possible.reduce((sum, id) => {
            const count = expected.get(id)! * DRAWS;
            return sum + ((counts.get(id) ?? 0) - count) ** 2 / count;
          }, 0);
          const told = `${what}, ${exploration}, behind ${last}: ${chiSquare}`;
          const isOnlyPossible = [...counts.keys()].every((id) => possible.includes(id));
          const bound = possible.length > 1 ? chiSquareBound(possible.length - 1) : 0;
          if (!isOnlyPossible || chiSquare > bound) t.fail(told, { counts, expected });
        }
        t.pass(`${what}, ${exploration}`);
      }
    t.end();
  });

await t.test(
  "whatever is remembered, the last banner never comes again, and explored ones are any of the cell",
  (t) => {
    const cells = fc.constantFrom<Cell>(...Object.values(CELLS));
    const memory = fc.array(fc.constantFrom(...range(98, 110), ...range(198, 209), ...range(899, 908)), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(cells, memory, fc.constantFrom(...ROTATIONS), fc.nat(), (cell, ids, rotation, seed) => {
        const catalog = exploring([{ campaign: 1, period: 1, ...cell }], 0.5);
        const decider = deciderFor(catalog, rotation, seededRandom(seed));
        decider.history.read(ids.slice(0, decider.history.capacity).join("-"));
        const [last] = decider.history.count > 0 ? decider.history.ids : [];
        const id = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
        const text = `${id}${decider.history.tail()}`;
        const remembered = text.split("-").map(Number);
        return (
          id !== last &&
          allOf(cell).includes(id) &&
          remembered.length <= Math.max(1, decider.history.capacity) &&
          new Set(remembered).size === remembered.length
        );
      }),
      { seed: 5, numRuns: 5000 },
    );
    t.end();
  },
);

await t.test(
  "in a sequence, explored banners come between, and each place comes once before any comes again by the rule",
  (t) => {
    for (const [what, cell] of Object.entries<Cell>(CELLS)) {
      const catalog = exploring([{ campaign: 1, period: 1, ...cell }], 0.3);
      const random = seededRandom(3);
      const pool = new Set(allOf(cell).filter((id) => id >= 200 && id < 900));
      const fixed = allOf(cell).filter((id) => id < 200);
      const drawn = pool.size === 0 ? 0 : 5 - fixed.length;
      let memory = "";
      let come = new Set<number>();
      let last = 0;
      const count = { explored: 0, sequences: 0 };
      for (let visit = 0; visit < 20_000; visit++) {
        const decider = deciderFor(catalog, "sequence", random);
        decider.history.read(memory);
        const id = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
        memory = `${id}${decider.history.tail()}`;
        const takenOfPool = [...come].filter((each) => pool.has(each)).length;
        const isOver = fixed.every((each) => come.has(each)) && takenOfPool >= drawn;
        if (isOver) {
          come = new Set();
          count.sequences++;
        }
        const hasPlace = fixed.includes(id) || pool.has(id);
        if (id === last) t.fail(`${what}: ${id} twice in a row`);
        if (decider.isExplored) count.explored++;
        else if (!hasPlace || come.has(id)) t.fail(`${what}: ${id} is out of turn behind ${[...come].join(", ")}`);
        if (hasPlace) come.add(id);
        last = id;
      }
      t.ok(Math.abs(count.explored / 20_000 - 0.3) < 0.015, `${what}: ${count.explored} explored`);
      t.ok(count.sequences > 500, `${what}: ${count.sequences} sequences`);
    }
    t.end();
  },
);

await t.test("a cell of one banner explores nothing, nor does one of a default banner", (t) => {
  const campaigns = new Map([[2, { name: "", defaultBanner: 5 }]]);
  const cells = [{ campaign: 1, period: 1, converting: [100] }];
  const catalog = smallCatalog(cells, 4, new Map(), new Map(), { campaigns, exploration: 0.9999 });
  for (const [campaign, banner] of [
    [1, 100],
    [2, 5],
  ] as const) {
    let drawn = 0;
    const decider = deciderFor(catalog, "no-repeat", () => (drawn++, 0));
    decider.history.read(String(banner));
    t.equal(catalog.index.bannerIds[decider.decide(catalog.cellOf(campaign, 1))], banner);
    t.strictSame([decider.isExplored, decider.isRepeatAvoided, drawn], [false, false, 1]);
  }
  t.end();
});

await t.test("one random number decides, one more draws, and a third where the last banner was drawn", (t) => {
  const cell = { campaign: 1, period: 1, converting: range(100, 111) };
  const decided = (numbers: readonly number[], last = ""): [number, boolean, boolean, number] => {
    const catalog = exploring([cell], 0.25);
    let drawn = 0;
    const decider = deciderFor(catalog, "no-repeat", () => numbers[drawn++]!);
    decider.history.read(last);
    const id = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
    return [id, decider.isExplored, decider.isRepeatAvoided, drawn];
  };
  const below1 = 1 - 2 ** -53;
  t.strictSame(decided([0.25, 0]), [100, false, false, 2]);
  t.strictSame(decided([0.25 - 2 ** -53, 0]), [100, true, false, 2]);
  t.strictSame(decided([0, below1]), [111, true, false, 2]);
  t.strictSame(decided([0, 0, 0], "100"), [101, true, true, 3]);
  t.strictSame(decided([0, below1, below1], "111"), [110, true, true, 3]);
  t.strictSame(decided([0, 0.5, below1], "106"), [111, true, true, 3]);
  t.strictSame(decided([0, below1], "100"), [111, true, false, 2]);
  t.end();
});

await t.test("an index that does not explore is decided by the rule alone, with not one random number more", (t) => {
  for (const rotation of ROTATIONS) {
    const shown = [0, 1].map((way) => {
      const catalog = exploring([{ campaign: 1, period: 1, ...CELLS["fixed places and a pool"] }], 0);
      const random = seededRandom(8);
      const decider = way === 0 ? deciderFor(catalog, rotation, random) : new Decider(catalog, rotation, random);
      return range(1, 500).map(() => decider.decide(catalog.cellOf(1, 1)));
    });
    t.strictSame(shown[0], shown[1], rotation);
  }
  t.end();
});
