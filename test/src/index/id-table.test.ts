import t from "tap";
import { fillSlots, findId, holdsIds, slotCount } from "../../../src/index/id-table.js";
import { seededRandom } from "../seeded-random.js";
import { range } from "../small-index.js";

function tableOf(ids: Uint32Array): Uint32Array {
  const slots = new Uint32Array(slotCount(ids.length));
  fillSlots(ids, slots);
  return slots;
}

/** What `holdsIds` stands for, looked up one by one; look-ups that would not end count as not found. */
function findsAll(ids: Uint32Array, slots: Uint32Array): boolean {
  const held = slots.filter((slot) => slot !== 0);
  const isSound = held.every((slot) => slot <= ids.length) && held.length === ids.length && slots.includes(0);
  return isSound && ids.every((id, place) => findId(id, ids, slots) === place);
}

await t.test("each id is found at its place, and no other is found", (t) => {
  for (const ids of [[], [1], [1, 2, 3], [4294967295], Array.from({ length: 1000 }, (_, at) => (at + 1) * 65536)]) {
    const table = Uint32Array.from(ids);
    const slots = tableOf(table);
    t.ok(
      ids.every((id, place) => findId(id, table, slots) === place),
      `${ids.length} ids`,
    );
    for (const absent of [0, 5, 65535, 4294967294]) t.equal(findId(absent, table, slots), -1);
    t.ok(holdsIds(table, slots));
  }
  t.end();
});

await t.test("a table is held to be sound where each look-up finds its id, and only there", (t) => {
  const random = seededRandom(5);
  const below = (limit: number): number => Math.floor(random() * limit);
  const found = { sound: 0, unsound: 0 };
  for (let time = 0; time < 20_000; time++) {
    const ids = Uint32Array.from(new Set(Array.from({ length: 1 + below(9) }, () => below(64) + 1))).sort();
    const slots = tableOf(ids);
    // Two slots change places, or one says something else: often the table is as good as before.
    const [a, b] = [below(slots.length), below(slots.length)];
    if (random() < 0.7) [slots[a], slots[b]] = [slots[b]!, slots[a]!];
    else slots[a] = below(ids.length + 2);
    const expected = findsAll(ids, slots);
    if (holdsIds(ids, slots) !== expected) t.fail(`${ids.join()} in ${slots.join()}: expected ${expected}`);
    found[expected ? "sound" : "unsound"]++;
  }
  t.ok(found.sound > 1000 && found.unsound > 1000, JSON.stringify(found));
  t.end();
});

await t.test("a table without an empty slot is unsound: a look-up in it may not end", (t) => {
  t.notOk(holdsIds(Uint32Array.of(1, 2), Uint32Array.of(1, 2)));
  for (const id of range(1, 8)) t.notOk(holdsIds(Uint32Array.of(id), Uint32Array.of(1, 1)), `${id}`);
  t.end();
});

await t.test("ids that have a pattern meet few slots on average, as random ones do", (t) => {
  const random = seededRandom(6);
  const patterns: Readonly<Record<string, (at: number) => number>> = {
    "one after the other": (at) => at + 1,
    "multiples of 1000": (at) => (at + 1) * 1000,
    "multiples of 65536": (at) => (at + 1) * 65536,
    "from the end": (at) => 4294967295 - at,
    random: () => 1 + Math.floor(random() * 4294967295),
  };
  for (const [name, idAt] of Object.entries(patterns)) {
    const ids = Uint32Array.from(new Set(Array.from({ length: 2_000 }, (_, at) => idAt(at)))).sort();
    const slots = tableOf(ids);
    let met = 0;
    for (const [slot, held] of slots.entries()) {
      if (held === 0) continue;
      // Where its look-up starts: the first slot of a table of its own.
      const alone = new Uint32Array(slots.length);
      fillSlots(Uint32Array.of(ids[held - 1]!), alone);
      met += 1 + ((slot - alone.indexOf(1)) & (slots.length - 1));
    }
    t.ok(met / ids.length < 3, `${name}: ${(met / ids.length).toFixed(2)}`);
  }
  t.end();
});
