import { Worker } from "node:worker_threads";
import t from "tap";
import {
  newRing,
  READ_POSITION,
  RingReader,
  RingWriter,
  WRITE_POSITION,
  type Ring,
} from "../../../src/recording/ring.js";

const MODULE = new URL("../../../src/recording/ring.js", import.meta.url).href;
const ID = new Uint32Array([0xdeadbeef, 0, 1, 0xffffffff]);

type Row = readonly [kind: string, seconds: number, campaign: number, banner: number, ...id: number[]];

function readAll(ring: Ring, most?: number): Row[] {
  const rows: Row[] = [];
  const events = {
    impression: (...row: [number, number, number]) => rows.push(["impression", ...row]),
    click: (seconds: number, campaign: number, banner: number, id: Uint32Array) =>
      rows.push(["click", seconds, campaign, banner, ...id]),
  };
  t.equal(new RingReader(ring).read(events, most), rows.length);
  return rows;
}

await t.test("what is written is read once, in order, with all 32 bits of each word", (t) => {
  const ring = newRing(8);
  const writer = new RingWriter(ring);
  writer.impression(1, 2, 3);
  writer.click(0xffffffff, 0xfffffffe, 0x80000000, ID);
  writer.impression(4, 5, 6);
  t.same(readAll(ring), [
    ["impression", 1, 2, 3],
    ["click", 0xffffffff, 0xfffffffe, 0x80000000, ...ID],
    ["impression", 4, 5, 6],
  ]);
  t.same(readAll(ring), []);
  t.end();
});

await t.test("no more than asked for is read at once, and the rest after", (t) => {
  const ring = newRing(8);
  const writer = new RingWriter(ring);
  for (let banner = 1; banner <= 5; banner++) writer.impression(0, 0, banner);
  t.same(
    [readAll(ring, 2), readAll(ring, 0), readAll(ring, 9)].map((records) => records.map((row) => row[3])),
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
    readAll(ring).map((row) => row[3]),
    [1, 2, 3, 4],
  );
  writer.click(0, 0, 8, ID);
  t.same(
    readAll(ring).map((row) => row[3]),
    [8],
  );
  t.same(new RingReader(ring).dropped, { impressions: 2, clicks: 1 });
  t.end();
});

await t.test("a click, of two slots, is dropped where one is left, which an impression takes", (t) => {
  const ring = newRing(4);
  const writer = new RingWriter(ring);
  for (let banner = 1; banner <= 3; banner++) writer.impression(0, 0, banner);
  writer.click(0, 0, 7, ID);
  writer.impression(0, 0, 4);
  t.same(new RingReader(ring).dropped, { impressions: 0, clicks: 1 });
  t.same(
    readAll(ring).map((row) => row[3]),
    [1, 2, 3, 4],
  );
  t.end();
});

await t.test("a click's second slot may be the first of the ring", (t) => {
  const ring = newRing(4);
  const writer = new RingWriter(ring);
  for (let banner = 1; banner <= 3; banner++) writer.impression(0, 0, banner);
  readAll(ring);
  writer.click(1, 2, 3, ID);
  writer.click(4, 5, 6, ID);
  t.same(readAll(ring), [
    ["click", 1, 2, 3, ...ID],
    ["click", 4, 5, 6, ...ID],
  ]);
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
        read.push(...readAll(ring).map((row) => row[2] * 10 + row[3]));
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
    readAll(ring).map((row) => row[3]),
    [1, 2, 3, 4],
  );
  t.equal(new RingReader(ring).dropped.impressions, 2);
  t.end();
});

await t.test("a record is there only once all of it is written", (t) => {
  const ring = newRing(4);
  const looks: Row[][] = [];
  const id = new Proxy(ID, {
    get: (target, name) => {
      looks.push(readAll(ring));
      return Reflect.get(target, name) as unknown;
    },
  });
  new RingWriter(ring).click(1, 2, 3, id);
  t.same(looks, [[], [], [], []]);
  t.same(readAll(ring), [["click", 1, 2, 3, ...ID]]);
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
  const look = (isClick: boolean, n: number, ...words: number[]): void => {
    if (n <= last || isClick !== (n % 10 === 0) || words.some((word) => word !== n)) torn++;
    last = n;
  };
  const events = {
    impression: (n: number, campaign: number, banner: number): void => {
      look(false, n, campaign, banner);
      read.impressions++;
    },
    click: (n: number, campaign: number, banner: number, id: Uint32Array): void => {
      look(true, n, campaign, banner, ...id);
      read.clicks++;
    },
  };
  while (!ended.signal.aborted) {
    // Often, so as to meet the writer in the midst of a record.
    for (let reads = 0; reads < 10_000; reads++) reader.read(events);
    await new Promise(setImmediate);
  }
  reader.read(events);
  t.equal(torn, 0);
  t.ok(read.impressions > 0);
  t.equal(read.clicks + reader.dropped.clicks, count / 10);
  t.equal(read.impressions + reader.dropped.impressions, count - count / 10);
});
