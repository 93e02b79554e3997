import t from "tap";
import { Expectation } from "../../../tools/load-test/expectation.js";
import { NOON } from "./fake-clock.js";

const QUARTER_MS = 15 * 60_000;

const EXPECTATION = new Expectation(4, "UTC", [
  { period: 1, campaign: 9, collection: [{ banner: 1 }], random_places: 0, pool: [] },
  { period: 1, campaign: 7, collection: [{ banner: 1 }], random_places: 2, pool: [2, 3, 4] },
  { period: 2, campaign: 7, collection: [], random_places: 1, pool: [2, 3] },
]);

await t.test("A cell shows its collection and what may be drawn from its pool", (t) => {
  t.same([...EXPECTATION.cellAt(NOON, 7)!.banners], [1, 2, 3, 4]);
  t.same([...EXPECTATION.cellAt(NOON, 9)!.banners], [1]);
  t.end();
});

await t.test("A cell of an index that explores shows what is behind the cut, too", (t) => {
  const cell = { period: 1, campaign: 7, collection: [{ banner: 1 }], random_places: 0, pool: [], behind_cut: [8, 9] };
  t.same([...new Expectation(1, "UTC", [cell]).cellAt(NOON, 7)!.banners], [1, 8, 9]);
  t.end();
});

await t.test("A cell is single where it has one place, not where it has one fixed banner", (t) => {
  t.equal(EXPECTATION.cellAt(NOON, 7)!.single, false);
  t.equal(EXPECTATION.cellAt(NOON, 9)!.single, true);
  t.equal(EXPECTATION.cellAt(NOON + QUARTER_MS, 7)!.single, true);
  t.end();
});

await t.test("Campaigns and cells are those of the moment's period", (t) => {
  t.same(EXPECTATION.campaignsAt(NOON), [7, 9]);
  t.same(EXPECTATION.campaignsAt(NOON + QUARTER_MS), [7]);
  t.same(EXPECTATION.campaignsAt(NOON + 2 * QUARTER_MS), []);
  t.equal(EXPECTATION.cellAt(NOON + QUARTER_MS, 9), undefined);
  t.end();
});

await t.test("The period is that of the server's time zone", (t) => {
  const cells = [{ period: 3, campaign: 7, collection: [{ banner: 1 }], random_places: 0, pool: [] }];
  t.same(new Expectation(4, "Asia/Tehran", cells).campaignsAt(NOON), [7]);
  t.same(new Expectation(4, "UTC", cells).campaignsAt(NOON), []);
  t.end();
});
