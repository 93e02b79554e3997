import t from "tap";
import type { Catalog } from "../../../src/index/catalog.js";
import { Decider } from "../../../src/decision/decide.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

/** One visitor, who sends back what the server has told him to remember. */
class SequenceVisitor {
  /** The cookie's value. */
  memory = "";

  constructor(
    readonly catalog: Catalog,
    readonly random = seededRandom(1),
  ) {}

  /** The banner that is shown; a new decider each time, as after a reload. */
  visit(campaign = 1, period = 1, catalog = this.catalog): number {
    const decider = new Decider(catalog, "sequence", this.random);
    decider.history.read(this.memory);
    const banner = catalog.index.bannerIds[decider.decide(catalog.cellOf(campaign, period))]!;
    this.memory = `${banner}${decider.history.tail()}`;
    return banner;
  }

  visits(count: number, campaign = 1, period = 1, catalog = this.catalog): number[] {
    return Array.from({ length: count }, () => this.visit(campaign, period, catalog));
  }
}

const sorted = (banners: readonly number[]): number[] => banners.toSorted((a, b) => a - b);

/** Cells whose collections have each of the sizes there are, with and without random places. */
const CELLS: readonly (SmallCell & { readonly n: number; readonly always: readonly number[] })[] = [
  { campaign: 1, period: 1, converting: range(100, 111), n: 10, always: range(100, 109) },
  { campaign: 2, period: 1, converting: range(100, 106), n: 7, always: range(100, 106) },
  { campaign: 3, period: 1, converting: [100], n: 1, always: [100] },
  { campaign: 4, period: 1, converting: [100, 101], n: 2, always: [100, 101] },
  { campaign: 5, period: 1, converting: [100, 101], pool: range(200, 219), n: 5, always: [100, 101] },
  { campaign: 6, period: 1, pool: range(200, 219), n: 5, always: [] },
  {
    campaign: 7,
    period: 1,
    converting: [100],
    clicked: [101, 102],
    pool: [200, 201, 202],
    n: 5,
    always: [100, 101, 102],
  },
  { campaign: 8, period: 1, converting: [100], pool: [200, 201], n: 3, always: [100, 200, 201] },
];
const catalog = smallCatalog(CELLS);

await t.test("each sequence has every place once, and none begins with the last of the one before", (t) => {
  for (const { campaign, n, always, pool = [] } of CELLS) {
    const visitor = new SequenceVisitor(catalog, seededRandom(campaign));
    let before = 0;
    for (let sequence = 0; sequence < 300; sequence++) {
      const shown = visitor.visits(n, campaign);
      const wrong = (what: string): string =>
        `campaign ${campaign}, sequence ${sequence}: ${what}: ${shown.join(", ")}`;
      if (new Set(shown).size !== n) t.fail(wrong("a banner twice"));
      if (!always.every((banner) => shown.includes(banner))) t.fail(wrong("one is missing"));
      if (!shown.every((banner) => always.includes(banner) || pool.includes(banner))) t.fail(wrong("a stranger"));
      if (n > 1 && shown[0] === before) t.fail(wrong(`it begins as the last ended, with ${before}`));
      before = shown.at(-1)!;
    }
    t.pass(`campaign ${campaign}`);
  }
  t.end();
});

await t.test("the order is another each time, and every order is as likely as the others", (t) => {
  const cell = smallCatalog([{ campaign: 1, period: 1, converting: [1, 2, 3] }]);
  const visitor = new SequenceVisitor(cell, seededRandom(5));
  const orders = new Map<string, number>();
  for (let round = 0; round < 12_000; round++) {
    visitor.memory = "";
    const order = visitor.visits(3).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  t.same(sorted([...orders.keys()].map(Number)), [123, 132, 213, 231, 312, 321]);
  const expected = 12_000 / 6;
  const chiSquare = [...orders.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // The 99.9 % quantile for five degrees of freedom (NIST handbook, table 1.3.6.7.4).
  t.ok(chiSquare < 20.515, `${chiSquare}`);
  t.end();
});

await t.test("random places are drawn from the whole pool, evenly, and in every place of the sequence", (t) => {
  const visitor = new SequenceVisitor(catalog, seededRandom(6));
  const counts = new Map(range(200, 219).map((banner) => [banner, 0]));
  const firsts = new Set<boolean>();
  for (let sequence = 0; sequence < 4000; sequence++) {
    visitor.memory = "";
    const shown = visitor.visits(5, 5);
    firsts.add(shown[0]! >= 200);
    for (const banner of shown) if (banner >= 200) counts.set(banner, counts.get(banner)! + 1);
  }
  t.equal(firsts.size, 2);
  const expected = (4000 * 3) / 20;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // For nineteen degrees of freedom; without replacement within a sequence the spread is smaller yet.
  t.ok(chiSquare < 43.82, `${chiSquare}`);
  t.end();
});

await t.test(
  "a sequence survives a change of period, of generation and back: what is gone is forgotten, what stays is not shown again",
  (t) => {
    const before = smallCatalog([
      { campaign: 1, period: 1, converting: range(1, 6) },
      { campaign: 1, period: 2, converting: range(4, 9) },
    ]);
    // The same banners stand in other places, since there are others before them.
    const after = smallCatalog([
      { campaign: 1, period: 2, converting: range(4, 9) },
      { campaign: 2, period: 1, converting: [1, 2] },
    ]);
    const wrong: string[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const visitor = new SequenceVisitor(before, seededRandom(seed));
      const first = visitor.visits(4, 1, 1);
      const stays = first.filter((banner) => banner >= 4);
      const rest = visitor.visits(3 - Math.min(3, stays.length), 1, 2);
      const late = visitor.visits(6 - stays.length - rest.length, 1, 2, after);
      if (sorted([...stays, ...rest, ...late]).join() !== range(4, 9).join()) wrong.push(`seed ${seed}: not each once`);
      if (visitor.memory.split("-").some((id) => Number(id) < 4))
        wrong.push(`seed ${seed}: what is gone is remembered`);
    }
    t.same(wrong, []);
    t.end();
  },
);

await t.test(
  "a memory of anything is no harm: the last banner is never shown again, and what is remembered stays short",
  (t) => {
    const random = seededRandom(9);
    const ids = [...range(98, 112), ...range(198, 221), 4294967295];
    for (let round = 0; round < 20_000; round++) {
      const { campaign, n, always, pool = [] } = CELLS[round % CELLS.length]!;
      const visitor = new SequenceVisitor(catalog, random);
      const forged = Array.from({ length: Math.floor(random() * 11) }, () => ids[Math.floor(random() * ids.length)]!);
      visitor.memory = forged.join("-");
      const shown = visitor.visit(campaign);
      const remembered = visitor.memory.split("-").map(Number);
      const isFaulty =
        !remembered.every((id) => always.includes(id) || pool.includes(id)) ||
        (n > 1 && shown === forged[0]) ||
        remembered.length > 10 ||
        new Set(remembered).size !== remembered.length;
      if (isFaulty) t.fail(`campaign ${campaign}: ${forged.join("-")} then ${visitor.memory}`);
    }
    t.pass();
    t.end();
  },
);

await t.test("more of a pool than has a place is remembered no longer than any sequence", (t) => {
  const visitor = new SequenceVisitor(catalog);
  visitor.memory = range(200, 209).join("-");
  const shown = visitor.visits(2, 5);
  t.same(sorted(shown), [100, 101], "the places that are left are those of the others");
  t.same(visitor.memory.split("-").map(Number), [...shown.toReversed(), ...range(200, 207)]);
  t.end();
});

await t.test("where a sequence begins behind a banner of the pool, each place is as likely as the others", (t) => {
  let always = 0;
  for (let seed = 1; seed <= 10_000; seed++) {
    const visitor = new SequenceVisitor(catalog, seededRandom(seed));
    visitor.memory = "200-201-202-100-101";
    if (visitor.visit(5) < 200) always++;
  }
  // Two of five places; 4,000 is expected, with a standard deviation of 49.
  t.ok(always > 3800 && always < 4200, `${always} of 10,000`);
  t.end();
});

await t.test("a repeat is avoided where the last banner has a place, and is not the only one", (t) => {
  const isAvoided = (campaign: number, memory: string): boolean => {
    const decider = new Decider(catalog, "sequence", seededRandom(1));
    decider.history.read(memory);
    decider.decide(catalog.cellOf(campaign, 1));
    return decider.isRepeatAvoided;
  };
  t.equal(isAvoided(1, ""), false);
  t.equal(isAvoided(1, "105"), true);
  t.equal(isAvoided(1, "111-105"), false, "the last is below the cut");
  t.equal(isAvoided(1, "105-111"), true);
  t.equal(isAvoided(1, range(100, 109).join("-")), true, "where a new sequence begins, too");
  t.equal(isAvoided(3, "100"), false);
  t.equal(isAvoided(5, "207"), true, "in the pool");
  t.end();
});

await t.test("independent: nothing is remembered, and nothing avoided", (t) => {
  const decider = new Decider(catalog, "independent", seededRandom(2));
  const cell = catalog.cellOf(4, 1);
  let repeats = 0;
  let last = -1;
  for (let visit = 0; visit < 2000; visit++) {
    if (decider.history.read("100")) t.fail("something is remembered");
    const banner = decider.decide(cell);
    if (banner === last) repeats++;
    last = banner;
  }
  t.ok(repeats > 900 && repeats < 1100, `${repeats} of 2,000 are as the one before`);
  t.equal(decider.history.tail(), "");
  t.end();
});
