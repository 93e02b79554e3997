import t from "tap";
import { Decider, ROTATIONS, type Rotation } from "../../../../src/decision/decide.js";
import { expectedShares, type Places } from "../../../../src/admin/dashboard/expected-share.js";
import { seededRandom } from "../../seeded-random.js";
import { range, smallCatalog } from "../../small-index.js";

const VISITS = 60_000;

/** Banners that always have a place are 1 to 10; those of the pool are from 101 on. */
const CELLS: readonly Places[] = [
  { fixed: 1, drawn: 0, pool: 0 },
  { fixed: 2, drawn: 0, pool: 0 },
  { fixed: 10, drawn: 0, pool: 0 },
  { fixed: 4, drawn: 1, pool: 2 },
  { fixed: 4, drawn: 1, pool: 50 },
  { fixed: 1, drawn: 4, pool: 5 },
  { fixed: 2, drawn: 3, pool: 9 },
  { fixed: 0, drawn: 5, pool: 8 },
];

/** The share of each banner of the collection, and of the pool, among one visitor's. */
function simulate({ fixed, pool }: Places, rotation: Rotation): { ofFixed: number[]; ofPool: number[] } {
  const catalog = smallCatalog([{ period: 1, campaign: 1, converting: range(1, fixed), pool: range(101, 100 + pool) }]);
  const decider = new Decider(catalog, rotation, seededRandom(7));
  const counts = new Map<number, number>();
  let memory = "";
  for (let visit = 0; visit < VISITS; visit++) {
    decider.history.read(memory);
    const banner = catalog.index.bannerIds[decider.decide(catalog.cellOf(1, 1))]!;
    memory = `${banner}${decider.history.tail()}`;
    counts.set(banner, (counts.get(banner) ?? 0) + 1);
  }
  const shareOf = (banner: number): number => (counts.get(banner) ?? 0) / VISITS;
  return { ofFixed: range(1, fixed).map(shareOf), ofPool: range(101, 100 + pool).map(shareOf) };
}

for (const rotation of ROTATIONS)
  for (const places of CELLS)
    await t.test(`${rotation}: ${JSON.stringify(places)} as the decisions themselves have it`, (t) => {
      const { eachFixed, wholePool } = expectedShares(places, rotation);
      const { ofFixed, ofPool } = simulate(places, rotation);
      const isNear = (share: number, expected: number, of: string): void => {
        t.ok(Math.abs(share - expected) < 0.006, `${of}: ${share} of ${expected}`);
      };
      for (const share of ofFixed) isNear(share, eachFixed, "a fixed banner");
      for (const share of ofPool) isNear(share, wholePool / places.pool, "a banner of the pool");
      isNear(
        ofPool.reduce((sum, share) => sum + share, 0),
        wholePool,
        "the pool",
      );
      t.ok(Math.abs(places.fixed * eachFixed + wholePool - 1) < 1e-12, "all shares together are 1");
      t.end();
    });

await t.test("who may not be shown the same twice sees more of a small pool than places tell", (t) => {
  const places = { fixed: 4, drawn: 1, pool: 50 };
  const { wholePool } = expectedShares(places, "no-repeat");
  // Worked out by hand: 1/4 to the pool, from it (1/50) 4/4 + (49/50) 4/5 = 0.804 back.
  t.ok(Math.abs(wholePool - 0.25 / (0.25 + 0.804)) < 1e-12);
  t.equal(expectedShares(places, "independent").wholePool, 1 - 4 / 5);
  t.end();
});
