import t from "tap";
import { cellNumbers, CellTable, NONE } from "../../../src/index/cells.js";
import { homeSlot, slotCount } from "../../../src/index/id-table.js";
import { seededRandom } from "../seeded-random.js";

const COUNT = 20_000;

/** Ids as data have them: what they have in common must not put them into the same slots. */
function patterns(): [what: string, ids: Uint32Array][] {
  const random = seededRandom(3);
  const each = (id: (at: number) => number): Uint32Array => Uint32Array.from({ length: COUNT }, (_, at) => id(at));
  const shifted = [4, 8, 12, 16, 17].map((bits): [string, Uint32Array] => [
    `multiples of 2^${bits}`,
    each((at) => ((at + 1) * 2 ** bits) >>> 0).slice(0, Math.min(COUNT, 2 ** (32 - bits) - 1)),
  ]);
  return [
    ["consecutive", each((at) => at + 1)],
    ["consecutive, the largest", each((at) => 2 ** 32 - 1 - at)],
    ["consecutive, from the middle", each((at) => 2 ** 31 - COUNT / 2 + at)],
    ["in thousands, as shops number", each((at) => (at + 1) * 1000)],
    ["two blocks", each((at) => (at % 2) * 3_000_000_000 + at + 1)],
    ["squares", each((at) => (at + 1) ** 2)],
    ["sparse", Uint32Array.from(new Set(each(() => 1 + Math.floor(random() * (2 ** 32 - 1)))))],
    ...shifted,
  ];
}

for (const [what, ids] of patterns())
  await t.test(`a search among ids that are ${what} is short, and finds each`, (t) => {
    const slots = slotCount(ids.length);
    const cells = new CellTable(new Uint32Array(cellNumbers(2, ids.length)), ids.length);
    // Of period 2: the table of period 1 stays empty.
    for (const id of ids) cells.add(id, 2, 1);
    let steps = 0;
    let most = 0;
    let wrong = 0;
    for (const id of ids) {
      const cell = cells.find(id, 2);
      if (cell < slots || cells.campaignOf(cell) !== id || cells.find(id, 1) !== NONE) wrong++;
      const distance = (cell - slots - homeSlot(id, slots) + slots) % slots;
      steps += distance + 1;
      most = Math.max(most, distance + 1);
    }
    t.equal(wrong, 0);
    // At half full, 1.5 on average (Knuth, volume 3, section 6.4, theorem K), and the longest of them in proportion to
    // log n.
    t.ok(steps / ids.length < 1.6, `${steps / ids.length} slots on average`);
    t.ok(most < 60, `${most} slots at the most`);
    t.end();
  });

await t.test("entries lie in the order of the slots, one cell's behind the other's", (t) => {
  const cells = new CellTable(new Uint32Array(cellNumbers(2, 3)), 3);
  cells.add(5, 2, 7);
  cells.add(5, 1, 4);
  cells.add(6, 1, 1);
  cells.add(7, 1, 2);
  cells.placeEntries();
  let start = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    t.equal(cells.startOf(cell), cells.campaignOf(cell) === 0 ? 0 : start);
    start += cells.sizeOf(cell);
  }
  t.equal(start, 14);
  t.equal(cells.startOf(cells.find(5, 2)), 7);
  t.end();
});

await t.test("no campaign is found under 0, which stands for an empty slot", (t) => {
  t.equal(new CellTable(new Uint32Array(cellNumbers(1, 0)), 0).find(0, 1), NONE);
  t.end();
});
