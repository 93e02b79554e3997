import fc from "fast-check";
import t from "tap";
import { placeRange } from "../../../src/view/place-range.js";
import { Rest } from "../../../src/view/rest.js";

await t.test("a window has what sorting all would put there", async (t) => {
  const numbers = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Infinity), fc.double({ noNaN: true })),
    {
      maxLength: 300,
      size: "max",
    },
  );
  await fc.assert(
    fc.asyncProperty(numbers, fc.nat(320), fc.nat(320), fc.boolean(), async (values, from, length, isAscending) => {
      const ordered = isAscending ? values.toSorted((a, b) => a - b) : values;
      const items = Uint32Array.from(ordered.keys());
      const keys = Float64Array.from(ordered);
      // Of the same key, the odd ones come first.
      const byTie = (a: number, b: number): number => (b % 2) - (a % 2);
      const sorted = [...items].sort((a, b) => {
        const [keyA, keyB] = [ordered[a]!, ordered[b]!];
        return keyA < keyB ? -1 : keyA > keyB ? 1 : byTie(a, b) || a - b;
      });
      await placeRange({ items, keys, byTie }, from, from + length, new Rest(() => Promise.resolve()));
      t.same([...items.subarray(from, from + length)], sorted.slice(from, from + length));
      t.same(
        [...items].sort((a, b) => a - b),
        [...ordered.keys()],
        "none is lost",
      );
    }),
    { seed: 20261130, numRuns: 300 },
  );
});

await t.test("a window of many is the same wherever it begins, and however they lie", async (t) => {
  const count = 30_000;
  const spread = (at: number): number => (at * 7919) % 10_007;
  const orders = { ascending: (at: number) => at, descending: (at: number) => -at, spread, alike: () => 1 };
  for (const [name, keyOf] of Object.entries(orders)) {
    const values = Float64Array.from({ length: count }, (_, at) => keyOf(at));
    const sorted = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
    const ordered = { items: Uint32Array.from(values.keys()), keys: values.slice(), byTie: () => 0 };
    for (const [from, to] of [
      [0, 100],
      [29_900, 30_000],
      [15_000, 15_100],
      [100, 12_000],
      [0, count],
    ] as const) {
      await placeRange(ordered, from, to, new Rest(() => Promise.resolve()));
      t.same([...ordered.items.subarray(from, to)], sorted.slice(from, to), `${name}: ${from} to ${to}`);
    }
  }
});
