import t from "tap";
import { SharedLine } from "../../../bench/fleet/shared-line.js";
import { simulate, type Fleet } from "../../../bench/fleet/simulate.js";
import { range } from "../../src/small-index.js";
import { seededRandom } from "../../../tools/make-sample/random.js";

/** One hundred bytes over a line of 10 a second, asked for every 10 s: figures for the head. */
const SMALL: Fleet = {
  replicas: 1,
  indexBytes: 100,
  bandwidth: { line: 10, transfer: 10 },
  delay: (failures) => (failures === 0 ? 10 : failures),
  firstRequest: (replica) => replica,
  published: 0,
  until: 1000,
};

await t.test("a replica alone gets its index as fast as the line is", (t) => {
  t.same(simulate(SMALL), { requests: 1, peakRequests: 1, bytes: 100, peakBandwidth: 10, arrivals: [10], end: 10 });
  t.end();
});

await t.test("a replica that has what there is asks again after its delay, and gets nothing", (t) => {
  const { requests, bytes, arrivals } = simulate({ ...SMALL, published: Infinity, until: 95 });
  t.same([requests, bytes, arrivals], [10, 0, []]);
  t.end();
});

await t.test("the index is noticed at the first request after it is published", (t) => {
  t.same(simulate({ ...SMALL, published: 10 }).arrivals, [20]);
  t.same(simulate({ ...SMALL, published: 10.5 }).arrivals, [30]);
  t.end();
});

await t.test("two share the line, and the second has it alone once the first is done", (t) => {
  // 10 bytes of the first alone, 90 at half the line until 19, when the second has 90 of its own.
  t.same(simulate({ ...SMALL, replicas: 2 }).arrivals, [19, 20]);
  t.end();
});

await t.test("a transfer takes no more than its own line", (t) => {
  const { arrivals, peakBandwidth } = simulate({ ...SMALL, replicas: 2, bandwidth: { line: 10, transfer: 4 } });
  t.same(arrivals, [25, 26]);
  t.equal(peakBandwidth, 8);
  t.end();
});

await t.test("an origin that fails cuts a transfer, which goes on where it was", (t) => {
  // 40 bytes come until 4. Failures at 4, 5 and 7, with delays of 1, 2 and 3; from 10 on, the other 60.
  const { requests, arrivals, bytes } = simulate({ ...SMALL, outage: { from: 4, until: 8 } });
  t.same(arrivals, [16]);
  t.equal(requests, 4);
  t.equal(bytes, 100);
  t.end();
});

await t.test("requests are counted from the second asked for on", (t) => {
  const fleet = { ...SMALL, replicas: 5, firstRequest: () => 0, published: Infinity, until: 25 };
  t.same([simulate(fleet).requests, simulate(fleet).peakRequests], [15, 5]);
  t.same(simulate({ ...fleet, countFrom: 1 }).requests, 10);
  t.end();
});

await t.test("whatever is random: the same seed gives the same, and every byte is sent once", (t) => {
  for (const seed of range(1, 30)) {
    const run = (): ReturnType<typeof simulate> => {
      const random = seededRandom(String(seed));
      return simulate({
        replicas: 1 + random.below(200),
        indexBytes: 1 + random.below(1e9),
        bandwidth: { line: 1 + random.below(1e9), transfer: 1 + random.below(1e8) },
        delay: (failures) => 2 ** Math.min(failures, 8) * (0.8 + random.below(400) / 1000),
        firstRequest: () => random.below(60_000) / 1000,
        published: random.below(100),
        outage: { from: random.below(100), until: 100 + random.below(500) },
        until: Infinity,
      });
    };
    const random = seededRandom(String(seed));
    const [replicas, indexBytes] = [1 + random.below(200), 1 + random.below(1e9)];
    const outcome = run();
    t.same(run(), outcome);
    t.equal(outcome.arrivals.length, replicas);
    t.ok(Math.abs(outcome.bytes / (replicas * indexBytes) - 1) < 1e-9, `${outcome.bytes} bytes, seed ${seed}`);
    t.same(
      outcome.arrivals,
      [...outcome.arrivals].sort((a, b) => a - b),
    );
  }
  t.end();
});

await t.test("a line says who ends next, and what came of what is cut", (t) => {
  const line = new SharedLine({ line: 12, transfer: 6 });
  t.equal(line.nextEnd, Infinity);
  line.start(0, 1, 60);
  line.start(2, 2, 12);
  line.start(2, 3, 80);
  // 12 bytes of the first by then, and from then on 4 a second of each.
  t.equal(line.nextEnd, 5);
  t.equal(line.end(), 2);
  t.same(line.cut(6), [
    { who: 1, bytes: 30 },
    { who: 3, bytes: 18 },
  ]);
  t.equal(line.nextEnd, Infinity);
  t.same([line.sent, line.peak], [60, 12]);
  t.end();
});
