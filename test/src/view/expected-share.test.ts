import t from "tap";
import { ROTATIONS, type Rotation } from "../../../src/decision/decide.js";
import { deciderFor } from "../../../src/decision/explore.js";
import { expectedShares, type Places } from "../../../src/view/expected-share.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog } from "../small-index.js";

const VISITS = 60_000;

/** Banners that always have a place are 1 to 10; those of the pool, or behind the cut, are from 101 on. */
const CELLS: readonly Places[] = [
  { fixed: 1, drawn: 0, rest: 0, exploration: 0 },
  { fixed: 2, drawn: 0, rest: 0, exploration: 0 },
  { fixed: 10, drawn: 0, rest: 0, exploration: 0 },
  { fixed: 4, drawn: 1, rest: 2, exploration: 0 },
  { fixed: 4, drawn: 1, rest: 50, exploration: 0 },
  { fixed: 1, drawn: 4, rest: 5, exploration: 0 },
  { fixed: 2, drawn: 3, rest: 9, exploration: 0 },
  { fixed: 0, drawn: 5, rest: 8, exploration: 0 },
  { fixed: 10, drawn: 0, rest: 6, exploration: 0 },
  { fixed: 10, drawn: 0, rest: 6, exploration: 0.1 },
  { fixed: 5, drawn: 0, rest: 1, exploration: 0.9 },
  { fixed: 3, drawn: 0, rest: 0, exploration: 0.5 },
  { fixed: 4, drawn: 1, rest: 50, exploration: 0.1 },
  { fixed: 2, drawn: 3, rest: 9, exploration: 0.2 },
  { fixed: 0, drawn: 5, rest: 8, exploration: 0.3 },
];

/** The share of each banner that always has a place, and of each other, among one visitor's. */
function simulate(places: Places, rotation: Rotation): { ofFixed: number[]; ofRest: number[] } {
  const { fixed, drawn, rest, exploration } = places;
  const others = range(101, 100 + rest);
  const cell = {
    converting: range(1, fixed),
    // Behind the ten that earn most, or behind all that convert.
    ...(drawn > 0 ? { pool: others } : { clicked: others }),
  };
  const catalog = smallCatalog([{ period: 1, campaign: 1, ...cell }], 4, new Map(), new Map(), { exploration });
  const decider = deciderFor(catalog, rotation, seededRandom(7));
  const counts = new Map<number, number>();
  let memory = "";
  for (let visit = 0; visit < VISITS; visit++) {
    decider.history.read(memory);
    const banner = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
    memory = `${banner}${decider.history.tail()}`;
    counts.set(banner, (counts.get(banner) ?? 0) + 1);
  }
  const shareOf = (banner: number): number => (counts.get(banner) ?? 0) / VISITS;
  return { ofFixed: range(1, fixed).map(shareOf), ofRest: others.map(shareOf) };
}

for (const rotation of ROTATIONS)
  for (const places of CELLS)
    await t.test(`${rotation}: ${JSON.stringify(places)} as the decisions themselves have it`, (t) => {
      const { eachFixed, wholeRest } = expectedShares(places, rotation);
      const { ofFixed, ofRest } = simulate(places, rotation);
      const isNear = (share: number, expected: number, of: string): void => {
        t.ok(Math.abs(share - expected) < 0.006, `${of}: ${share} of ${expected}`);
      };
      for (const share of ofFixed) isNear(share, eachFixed, "a fixed banner");
      for (const share of ofRest) isNear(share, wholeRest / places.rest, "another banner");
      isNear(
        ofRest.reduce((sum, share) => sum + share, 0),
        wholeRest,
        "all others",
      );
      t.ok(Math.abs(places.fixed * eachFixed + wholeRest - 1) < 1e-12, "all shares together are 1");
      t.end();
    });

await t.test(
  "behind the cut, exploration alone gives a chance, and more than its share where the last is left out",
  (t) => {
    const places = { fixed: 10, drawn: 0, rest: 50, exploration: 0.1 };
    const { wholeRest, eachFixed } = expectedShares(places, "independent");
    t.ok(Math.abs(wholeRest / 50 - 0.1 / 60) < 1e-12);
    t.ok(Math.abs(eachFixed - (0.9 / 10 + 0.1 / 60)) < 1e-12);
    // Worked out by hand: a banner behind the cut comes where it is not the last one, by 1 of the 59 others.
    t.ok(Math.abs(expectedShares(places, "no-repeat").wholeRest / 50 - 0.1 / 59.1) < 1e-12);
    t.equal(expectedShares(places, "sequence").wholeRest, expectedShares(places, "no-repeat").wholeRest);
    t.end();
  },
);

await t.test("who may not be shown the same twice sees more of a small pool than places tell", (t) => {
  const places = { fixed: 4, drawn: 1, rest: 50, exploration: 0 };
  const { wholeRest } = expectedShares(places, "no-repeat");
  // Worked out by hand: 1/4 to the pool, from it (1/50) 4/4 + (49/50) 4/5 = 0.804 back.
  t.ok(Math.abs(wholeRest - 0.25 / (0.25 + 0.804)) < 1e-12);
  t.equal(expectedShares(places, "independent").wholeRest, 1 - 4 / 5);
  t.end();
});
