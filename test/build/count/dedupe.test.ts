import t from "tap";
import { OUTSIDE_COUNTER } from "../../../build/count/counters.js";
import { FirstClicks, FirstConversions } from "../../../build/count/dedupe.js";
import { IdMap } from "../../../build/read/id-map.js";
import { seededRandom } from "../../src/seeded-random.js";

const counterOf = (clicks: FirstClicks, click: number): number => clicks.counterAt(clicks.indexOf(click));

/** More than columns have room for at first, so that they grow. */
const MANY = 5000;

await t.test("the first click of an id counts; a later one repeats it, or contradicts it", (t) => {
  const clicks = new FirstClicks();
  t.equal(clicks.add(9, 3, 0, 2), undefined);
  t.equal(clicks.add(9, 3, 0, 3), "duplicate");
  t.equal(clicks.add(9, 4, 1, 2), "conflict");
  t.equal(clicks.add(9, 3, 1, 9), "duplicate", "it is held against the first, not against the one before it");
  t.equal(clicks.add(8, 4, 1, 3), undefined);
  t.equal(counterOf(clicks, 9), 3);
  t.equal(counterOf(clicks, 8), 4);
  t.strictSame(clicks.locationOf(9), { file: 0, line: 2 });
  t.strictSame(clicks.locationOf(8), { file: 1, line: 3 });
  t.end();
});

await t.test("a click that never came has no index", (t) => {
  const clicks = new FirstClicks();
  t.equal(clicks.indexOf(1), -1);
  clicks.add(4294967295, 0, 0, 2);
  t.equal(clicks.indexOf(1), -1);
  t.equal(counterOf(clicks, 4294967295), 0, "the first counter is one");
  t.end();
});

await t.test("a click outside of the window is known, and gives way to the first inside", (t) => {
  const clicks = new FirstClicks();
  clicks.addOutside(9);
  t.equal(counterOf(clicks, 9), OUTSIDE_COUNTER);
  t.equal(clicks.add(9, 3, 0, 5), undefined);
  t.equal(counterOf(clicks, 9), 3);
  t.strictSame(clicks.locationOf(9), { file: 0, line: 5 });
  clicks.addOutside(9);
  t.equal(counterOf(clicks, 9), 3, "the one inside stays");
  t.equal(clicks.add(9, 3, 0, 7), "duplicate");
  for (let id = 10; id < 10 + MANY; id++) clicks.addOutside(id);
  t.equal(counterOf(clicks, 9 + MANY), OUTSIDE_COUNTER);
  t.end();
});

await t.test("many clicks at once count as they do one by one, with room for them or without", (t) => {
  const ids = new IdMap(1);
  const [alone, together] = [new FirstClicks(), new FirstClicks(ids)];
  const random = seededRandom(5);
  for (let file = 0; file < 6; file++) {
    const column = (limit: number): Uint32Array =>
      Uint32Array.from({ length: 900 }, () => Math.floor(random() * limit));
    const clicks = column(file < 2 ? 200 : MANY);
    // Some are outside of the window, before those inside or behind them.
    const counters = column(4).map((counter) => (counter === 3 ? OUTSIDE_COUNTER : counter));
    const lines = clicks.map((_, row) => row + 2);
    const indexes = new Uint32Array(clicks.length);
    const { size } = ids;
    ids.addAll(clicks, clicks, clicks.length, indexes);
    if (file === 3) for (const each of [ids, together]) each.reserve(MANY);
    const expected: unknown[] = [];
    clicks.forEach((click, row) => {
      const counter = counters[row]!;
      if (counter === OUTSIDE_COUNTER) {
        alone.addOutside(click);
        return;
      }
      const repeat = alone.add(click, counter, file, lines[row]!);
      if (repeat !== undefined) expected.push({ row, repeat, first: alone.locationOf(click) });
    });
    t.strictSame(together.addRows({ indexes, size }, counters, lines, file), expected);
    t.ok(expected.length > 50);
  }
  for (let click = 0; click < MANY; click++)
    if (alone.indexOf(click) !== together.indexOf(click) || counterOf(alone, click) !== counterOf(together, click))
      t.fail(`click ${click}`);
  t.end();
});

await t.test("the first conversion of an id counts; one with another click or revenue contradicts it", (t) => {
  const conversions = new FirstConversions();
  t.equal(conversions.add(1, 9, -5n, 2, 7), undefined);
  t.equal(conversions.add(1, 9, -5n, 2, 8), "duplicate");
  t.equal(conversions.add(1, 8, -5n, 3, 2), "conflict");
  t.equal(conversions.add(1, 9, 5n, 3, 3), "conflict");
  t.equal(conversions.add(1, 9, -5n, 3, 4), "duplicate");
  t.equal(conversions.add(2, 9, -5n, 3, 5), undefined, "a click may have several");
  t.strictSame(conversions.locationOf(1), { file: 2, line: 7 });
  t.strictSame(conversions.locationOf(2), { file: 3, line: 5 });
  t.end();
});

await t.test("places and contents are kept, however many there are", (t) => {
  const clicks = new FirstClicks();
  const conversions = new FirstConversions();
  const largest = 9223372036854775807n;
  for (let id = 1; id <= MANY; id++) {
    clicks.add(id, id * 2, id % 7, id + 1);
    conversions.add(id, id * 3, largest - BigInt(id), id % 5, id + 2);
  }
  const wrong: number[] = [];
  for (let id = 1; id <= MANY; id++) {
    const click = clicks.locationOf(id);
    const conversion = conversions.locationOf(id);
    const isSame =
      counterOf(clicks, id) === id * 2 &&
      [click.file, click.line, conversion.file, conversion.line].join() === [id % 7, id + 1, id % 5, id + 2].join() &&
      conversions.add(id, id * 3, largest - BigInt(id), 0, 0) === "duplicate" &&
      conversions.add(id, id * 3, largest - BigInt(id) - 1n, 0, 0) === "conflict";
    if (!isSame) wrong.push(id);
  }
  t.strictSame(wrong, []);
  t.end();
});
