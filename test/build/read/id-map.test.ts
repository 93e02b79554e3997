import t from "tap";
import { distinct, ensureCapacity, IdMap, NOT_FOUND } from "../../../build/read/id-map.js";
import { seededRandom } from "../../src/seeded-random.js";

const LARGEST = 4294967295;

/** 200,000 pairs with many repeats: of small numbers, neighbours, multiples of powers of two and the whole range. */
function manyPairs(seed: number): [number, number][] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const numbers = [
    () => below(50),
    () => below(100_000),
    () => LARGEST - below(1000),
    () => below(65_536) * 65_536,
    () => below(2 ** 32),
  ];
  const next = (): number => numbers[below(numbers.length)]!();
  const pairs = Array.from({ length: 200_000 - 4 }, (): [number, number] => [next(), next()]);
  return [[0, 0], [LARGEST, LARGEST], [0, LARGEST], [LARGEST, 0], ...pairs];
}

/** A comparison that takes no time to tell how two long columns differ. */
function isSame(column: Uint32Array, expected: readonly number[]): boolean {
  return column.length === expected.length && column.every((number, at) => number === expected[at]);
}

await t.test("keys of one number have the ordinals that a Map gives them", (t) => {
  const table = new IdMap(1);
  const expected = new Map<number, number>();
  let wrong = 0;
  for (const [key] of manyPairs(1)) {
    if (table.find(key) !== (expected.get(key) ?? -1)) wrong++;
    if (!expected.has(key)) expected.set(key, expected.size);
    if (table.add(key) !== expected.get(key)) wrong++;
    if (table.size !== expected.size) wrong++;
  }
  t.equal(wrong, 0);
  for (const [key, ordinal] of expected) if (table.find(key) !== ordinal) wrong++;
  t.equal(wrong, 0, "all are found after the last growth");
  t.ok(isSame(table.first, [...expected.keys()]));
  t.equal(table.second.length, 0);
  t.ok(expected.size > 100_000 && expected.size < 200_000, "there are many keys, and repeats");
  t.end();
});

await t.test("keys of two numbers have the ordinals that a Map gives them", (t) => {
  const table = new IdMap(2);
  const expected = new Map<number, Map<number, number>>();
  const ordinalOf = (first: number, second: number): number => expected.get(first)?.get(second) ?? -1;
  const keys: [number, number][] = [];
  const pairs = manyPairs(2);
  let wrong = 0;
  for (const [first, second] of pairs) {
    if (table.find(first, second) !== ordinalOf(first, second)) wrong++;
    if (ordinalOf(first, second) === -1) {
      if (!expected.has(first)) expected.set(first, new Map());
      expected.get(first)!.set(second, keys.length);
      keys.push([first, second]);
    }
    if (table.add(first, second) !== ordinalOf(first, second)) wrong++;
    // The other way round it is another key.
    if (table.find(second, first) !== ordinalOf(second, first)) wrong++;
  }
  t.equal(wrong, 0);
  for (const [first, second] of pairs) if (table.find(first, second) !== ordinalOf(first, second)) wrong++;
  t.equal(wrong, 0, "all are found after the last growth");
  t.equal(table.size, keys.length);
  t.ok(
    isSame(
      table.first,
      keys.map(([first]) => first),
    ),
  );
  t.ok(
    isSame(
      table.second,
      keys.map(([, second]) => second),
    ),
  );
  t.ok(keys.length > 100_000 && keys.length < 200_000, "there are many keys, and repeats");
  t.end();
});

await t.test("many keys at once have the indexes that one by one they have, with room for them or without", (t) => {
  const pairs = manyPairs(3);
  const firsts = Uint32Array.from(pairs, ([first]) => first);
  const seconds = Uint32Array.from(pairs, ([, second]) => second);
  for (const width of [1, 2] as const)
    for (const [reserved, block] of [
      [0, 777],
      [1000, pairs.length],
      [300_000, 50_000],
    ] as const) {
      const [alone, together] = [new IdMap(width), new IdMap(width)];
      const indexes = new Uint32Array(block);
      let wrong = 0;
      for (let from = 0; from < pairs.length; from += block) {
        const end = Math.min(from + block, pairs.length);
        together.addAll(firsts.subarray(from, end), seconds.subarray(from, end), end - from, indexes);
        // In between, as more than one block needs it.
        if (from === block) together.reserve(reserved);
        for (let at = from; at < end; at++)
          if (indexes[at - from] !== alone.add(firsts[at]!, width === 2 ? seconds[at]! : 0)) wrong++;
      }
      t.equal(wrong, 0, `${width} ${reserved} ${block}`);
      t.ok(isSame(together.first, [...alone.first]) && isSame(together.second, [...alone.second]));
      for (let at = 0; at < pairs.length; at++) {
        const key = [firsts[at]!, width === 2 ? seconds[at]! : 0] as const;
        if (together.find(...key) !== alone.find(...key)) wrong++;
      }
      t.equal(wrong, 0, "all are found");
    }
  t.end();
});

await t.test("many keys are found at once as one by one, and those that are none", (t) => {
  const table = new IdMap(1);
  const keys = Uint32Array.from(manyPairs(5), ([first]) => first);
  for (let at = 0; at < keys.length; at += 2) table.add(keys[at]!);
  const indexes = new Uint32Array(keys.length + 1);
  table.findAll(keys, indexes);
  const one = keys.map((key) => table.find(key));
  t.ok(one.includes(NOT_FOUND) && one.includes(0), "both come up");
  t.ok(isSame(indexes.subarray(0, -1), [...one]));
  t.end();
});

await t.test("zero is a key like others, and in no table before it is added", (t) => {
  for (const width of [1, 2] as const) {
    const table = new IdMap(width);
    t.equal(table.find(0), -1);
    t.equal(table.add(5), 0);
    t.equal(table.find(0), -1);
    t.equal(table.add(0), 1);
    t.equal(table.find(0), 1);
    t.equal(table.add(0), 1);
    t.equal(table.size, 2);
  }
  t.end();
});

await t.test("a column that has room is answered as it is", (t) => {
  const column = new Uint32Array(10);
  t.equal(ensureCapacity(column, 0), column);
  t.equal(ensureCapacity(column, 10), column);
  t.not(ensureCapacity(column, 11), column);
  t.end();
});

await t.test("a column that grows keeps its numbers and its type, and has at least twice the room", (t) => {
  const revenues = BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n);
  const larger = ensureCapacity(revenues, 3);
  t.ok(larger instanceof BigInt64Array);
  t.strictSame([...larger.subarray(0, 3)], [-(2n ** 63n), 2n ** 63n - 1n, 0n]);
  t.equal(ensureCapacity(new Uint32Array(0), 1).length, 1024);
  t.equal(ensureCapacity(new Uint32Array(2000), 2001).length, 4000);
  t.equal(ensureCapacity(new Uint8Array(2000), 9000).length, 9000);
  t.end();
});

await t.test("distinct numbers are ascending, each once, and the column is as it was", (t) => {
  const column = Uint32Array.of(7, 0, LARGEST, 7, 10, 9, 0, LARGEST);
  t.strictSame([...distinct(column)], [0, 7, 9, 10, LARGEST]);
  t.strictSame([...column], [7, 0, LARGEST, 7, 10, 9, 0, LARGEST]);
  t.strictSame([...distinct(new Uint32Array(0))], []);
  t.end();
});

await t.test("ids that all lie at the same place of their groups fill the whole table", (t) => {
  for (const step of [16, 17, 1 << 12]) {
    const ids = Uint32Array.from({ length: 100_000 }, (_, at) => (at + 1) * step);
    const table = new IdMap(1);
    table.reserve(ids.length);
    const indexes = new Uint32Array(ids.length);
    table.addAll(ids, ids, ids.length, indexes);
    table.findAll(ids.slice().reverse(), indexes);
    t.ok(indexes.every((index, at) => index === ids.length - 1 - at));
    t.equal(table.find(1), -1);
  }
  t.end();
});
