import t from "tap";
import { visit, type Visits } from "../../../src/decision/visits.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog } from "../small-index.js";

const CATALOG = smallCatalog([{ period: 2, campaign: 7, converting: range(1, 6) }]);
const ASKED = { campaign: 7, period: 2, last: "", visits: 200 };

const visits = (asked: Partial<typeof ASKED>, rotation: "no-repeat" | "sequence" | "independent"): Visits =>
  visit(CATALOG, { ...ASKED, ...asked }, rotation, seededRandom(3))!;

await t.test("a visitor who remembers never gets the same banner twice in a row, from one call to the next", (t) => {
  const first = visits({}, "no-repeat");
  t.equal(first.banners.length, 200);
  t.ok(first.banners.every((banner, at) => banner !== first.banners[at - 1]));
  t.equal(first.last, String(first.banners.at(-1)));
  for (const banner of range(1, 6))
    t.notOk(visits({ last: String(banner), visits: 1 }, "no-repeat").banners.includes(banner), "what is remembered");
  t.end();
});

await t.test("a sequence goes on from what is remembered", (t) => {
  const { banners, last } = visits({ visits: 4 }, "sequence");
  t.equal(last, banners.toReversed().join("-"));
  const rest = visits({ visits: 2, last }, "sequence").banners;
  t.same([...banners, ...rest].sort(), range(1, 6));
  t.end();
});

await t.test("independent visits may repeat, and the same chance makes the same visits", (t) => {
  const { banners } = visits({}, "independent");
  t.ok(banners.some((banner, at) => banner === banners[at - 1]));
  t.same(visits({}, "independent").banners, banners);
  t.same(visits({ last: "1-x" }, "no-repeat").banners, visits({}, "no-repeat").banners, "what is none is nothing");
  t.end();
});

await t.test("each visit tells whether it explored; none does where the index does not", (t) => {
  t.ok(visits({}, "no-repeat").explored.every((isExplored) => !isExplored));
  const cells = [{ period: 2, campaign: 7, converting: range(1, 11) }];
  const exploring = smallCatalog(cells, 4, new Map(), new Map(), { exploration: 0.25 });
  const { banners, explored } = visit(exploring, ASKED, "no-repeat", seededRandom(3))!;
  t.equal(explored.length, banners.length);
  const count = explored.filter(Boolean).length;
  t.ok(count > 20 && count < 80, `${count} of 200`);
  t.ok(explored[banners.indexOf(11)], "nothing else shows what is behind the cut");
  t.end();
});

await t.test("a campaign without a cell in the period has no visits", (t) => {
  t.equal(visit(CATALOG, { ...ASKED, period: 1 }, "no-repeat", Math.random), undefined);
  t.equal(visit(CATALOG, { ...ASKED, campaign: 8 }, "no-repeat", Math.random), undefined);
  t.end();
});
