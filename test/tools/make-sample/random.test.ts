import t from "tap";
import { seededRandom } from "../../../tools/make-sample/random.js";

await t.test("the numbers are those of mulberry32, begun at the FNV-1a of the seed", (t) => {
  // From the author's C code, begun at 0xbf9cf968, which is "foobar" in the FNV authors' test vectors.
  const expected = [4041625555, 1420129204, 1512530472, 88991864, 1280297604];
  const random = seededRandom("foobar");
  t.same(
    expected.map(() => random.below(2 ** 32)),
    expected,
  );
  t.end();
});

await t.test("another seed gives other numbers", (t) => {
  const numbers = (seed: string): number[] =>
    Array.from(
      { length: 8 },
      (
        (random) => () =>
          random.below(1000)
      )(seededRandom(seed)),
    );
  t.same(numbers("banner 101"), numbers("banner 101"));
  t.notSame(numbers("banner 101"), numbers("banner 102"));
  t.end();
});

await t.test("a number between two can be each of them, and none beyond", (t) => {
  const random = seededRandom("ends");
  const drawn = new Set(Array.from({ length: 200 }, () => random.between(-2, 2)));
  t.same(
    [...drawn].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2],
  );
  t.end();
});

await t.test("a shuffle keeps each item once and leaves the original as it was", (t) => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = seededRandom("cards").shuffled(items);
  t.notSame(shuffled, items);
  t.same(
    shuffled.toSorted((a, b) => a - b),
    items,
  );
  t.same(
    items,
    Array.from({ length: 50 }, (_, i) => i),
  );
  t.end();
});
