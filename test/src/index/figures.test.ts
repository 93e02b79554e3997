import fc from "fast-check";
import t from "tap";
import { RevenueSums } from "../../../src/index/figures.js";

const number64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(2n ** 32n - 1n, 2n ** 32n, -(2n ** 32n), -1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n),
);
const addends = fc.array(fc.tuple(fc.nat(4), number64), { maxLength: 60 });

function sumsOf(numbers: readonly (readonly [number, bigint])[]): { sums: RevenueSums; expected: bigint[] } {
  const sums = new RevenueSums(5, { entryRevenue: BigInt64Array.from(numbers, ([, number]) => number) });
  const expected = [0n, 0n, 0n, 0n, 0n];
  numbers.forEach(([at, number], entry) => {
    sums.add(at, entry);
    expected[at]! += number;
  });
  return { sums, expected };
}

await t.test("sums are those of BigInts, negative ones and those beyond 64 bits too", (t) => {
  fc.assert(
    fc.property(addends, (numbers) => {
      const { sums, expected } = sumsOf(numbers);
      return expected.every((sum, place) => sums.get(place) === sum);
    }),
  );
  t.end();
});

await t.test("the greatest come first, and of equal ones the lower place, however few are asked for", (t) => {
  fc.assert(
    fc.property(addends, fc.integer({ min: 1, max: 6 }), (numbers, most) => {
      const { sums, expected } = sumsOf(numbers);
      const order = [0, 1, 2, 3, 4].sort((a, b) =>
        expected[a] === expected[b] ? a - b : expected[a]! > expected[b]! ? -1 : 1,
      );
      return String(sums.greatest(most)) === String(order.slice(0, most));
    }),
  );
  t.end();
});

await t.test("among very many, the greatest are found wherever they are", (t) => {
  const places = Array.from({ length: 10_000 }, (_, place) => place);
  const revenue = (place: number): bigint => BigInt((place * 7919) % 10_007);
  const sums = new RevenueSums(places.length, { entryRevenue: BigInt64Array.from(places, revenue) });
  for (const place of places) sums.add(place, place);
  const all = [...places].sort((a, b) => ((b * 7919) % 10_007) - ((a * 7919) % 10_007));
  t.same(sums.greatest(3), all.slice(0, 3));
  t.same(sums.greatest(2000), all.slice(0, 2000));
  t.end();
});
