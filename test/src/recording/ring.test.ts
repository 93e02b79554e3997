import { Worker } from "node:worker_threads";
import t from "tap";
import {
  CLICK,
  IMPRESSION,
  newRing,
  READ_POSITION,
  RECORD_WORDS,
  RingReader,
  RingWriter,
  WRITE_POSITION,
  type Ring,
} from "../../../src/recording/ring.js";

const MODULE = new URL("../../../src/recording/ring.js", import.meta.url).href;
const ID = new Uint32Array([0xdeadbeef, 0, 1, 0xffffffff]);

function readAll(ring: Ring, most?: number): number[][] {
  const records: number[][] = [];
  const count = new RingReader(ring).read((words, at) => {
    records.push([...words.subarray(at, at + RECORD_WORDS)]);
  }, most);
  t.equal(count, records.length);
  return records;
}

await t.test("what is written is read once, in order, with all 32 bits of each word", (t) => {
  const ring = newRing(8);
  const writer = new RingWriter(ring);
  writer.impression(1, 2, 3);
  writer.click(0xffffffff, 0xfffffffe, 0x80000000, ID);
  t.same(readAll(ring), [
    [IMPRESSION, 1, 2, 3, 0, 0, 0, 0],
    [CLICK, 0xffffffff, 0xfffffffe, 0x80000000, ...ID],
  ]);
  t.same(readAll(ring), []);
  t.end();
});

await t.test("no more than asked for is read at once, and the rest after", (t) => {
  const ring = newRing(8);
  const writer = new RingWriter(ring);
  for (let banner = 1; banner <= 5; banner++) writer.impression(0, 0, banner);
  t.same(
    [readAll(ring, 2), readAll(ring, 0), readAll(ring, 9)].map((records) => records.map((words) => words[3])),
    [[1, 2], [], [3, 4, 5]],
  );
  t.end();
});

await t.test("a full ring drops and counts, by kind, and goes on once there is room", (t) => {
  const ring = newRing(4);
  const writer = new RingWriter(ring);
  for (let banner = 1; banner <= 6; banner++) writer.impression(0, 0, banner);
  writer.click(0, 0, 7, ID);
  t.same(new RingReader(ring).dropped, { impressions: 2, clicks: 1 });
  t.same(
    readAll(ring).map((words) => words[3]),
    [1, 2, 3, 4],
  );
  writer.click(0, 0, 8, ID);
  t.same(
    readAll(ring).map((words) => words[3]),
    [8],
  );
  t.same(new RingReader(ring).dropped, { impressions: 2, clicks: 1 });
  t.end();
});

await t.test("positions wrap at 2^31 and 2^32, with the ring empty, part full and full", (t) => {
  for (const around of [2 ** 31, 2 ** 32])
    for (let before = 0; before <= 5; before++) {
      const ring = newRing(4);
      ring[WRITE_POSITION] = ring[READ_POSITION] = (around - before) | 0;
      const writer = new RingWriter(ring);
      const read: number[] = [];
      for (let round = 0; round < 4; round++) {
        for (let at = 0; at < 5; at++) writer.impression(0, round, at);
        read.push(...readAll(ring).map((words) => words[2]! * 10 + words[3]!));
      }
      t.same(read, [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33], `${before} before ${around}`);
      t.equal(new RingReader(ring).dropped.impressions, 4);
    }
  t.end();
});

await t.test("the writer that replaces one that died goes on where that ended", (t) => {
  const ring = newRing(4);
  new RingWriter(ring).impression(0, 0, 1);
  const successor = new RingWriter(ring);
  for (let banner = 2; banner <= 6; banner++) successor.impression(0, 0, banner);
  t.same(
    readAll(ring).map((words) => words[3]),
    [1, 2, 3, 4],
  );
  t.equal(new RingReader(ring).dropped.impressions, 2);
  t.end();
});

await t.test("a record is there only once all of it is written", (t) => {
  const ring = newRing(4);
  const looks: number[][][] = [];
  const id = new Proxy(ID, {
    get: (target, name) => {
      looks.push(readAll(ring));
      return Reflect.get(target, name) as unknown;
    },
  });
  new RingWriter(ring).click(1, 2, 3, id);
  t.same(looks, [[], [], [], []]);
  t.same(readAll(ring), [[CLICK, 1, 2, 3, ...ID]]);
  t.end();
});

await t.test("its size is a power of two", (t) => {
  for (const records of [0, 3, 65_537]) t.throws(() => newRing(records), /must be a power of two/);
  t.end();
});

await t.test("between two threads nothing is torn, doubled or out of order, or missing uncounted", async (t) => {
  const ring = newRing(256);
  const count = 1_000_000;
  // Around the wrap of its positions.
  ring[WRITE_POSITION] = ring[READ_POSITION] = -count / 2;
  const program = `
    const { workerData } = require("node:worker_threads");
    import(${JSON.stringify(MODULE)}).then(({ RingWriter }) => {
      const writer = new RingWriter(workerData);
      for (let n = 1; n <= ${count}; n++)
        if (n % 10 === 0) writer.click(n, n, n, new Uint32Array([n, n, n, n]));
        else writer.impression(n, n, n);
    });`;
  const worker = new Worker(program, { eval: true, workerData: ring });
  const ended = new AbortController();
  worker.once("exit", () => {
    ended.abort();
  });
  const reader = new RingReader(ring);
  const read = { impressions: 0, clicks: 0 };
  let last = 0;
  let torn = 0;
  const each = (words: Uint32Array, at: number): void => {
    const n = words[at + 1]!;
    const isClick = n % 10 === 0;
    const id = isClick ? n : 0;
    const expected = [isClick ? CLICK : IMPRESSION, n, n, n, id, id, id, id];
    if (n <= last || expected.some((word, index) => words[at + index] !== word)) torn++;
    last = n;
    if (isClick) read.clicks++;
    else read.impressions++;
  };
  while (!ended.signal.aborted) {
    // Often, so as to meet the writer in the midst of a record.
    for (let reads = 0; reads < 10_000; reads++) reader.read(each);
    await new Promise(setImmediate);
  }
  reader.read(each);
  t.equal(torn, 0);
  t.ok(read.impressions > 0);
  t.equal(read.clicks + reader.dropped.clicks, count / 10);
  t.equal(read.impressions + reader.dropped.impressions, count - count / 10);
});
