import t from "tap";
import { waitsFor, type Pause } from "../../../bench/pauses/pauses.js";

const core = (...pauses: Pause[]): { watched: Pause; pauses: Pause[] } => ({ watched: [0, 1000], pauses });

await t.test("who comes in a pause waits for its rest", (t) => {
  // A fiftieth of the time is the one pause: half of those who come in it wait for more than half of it.
  t.same(waitsFor([core([500, 520])]), { p50: 0, p99: 10_000, p999: 19_000, max: 20_000 });
  t.same(waitsFor([core()]), { p50: 0, p99: 0, p999: 0, max: 0 });
  t.same(waitsFor([core([0, 1000])]), { p50: 500_000, p99: 990_000, p999: 999_000, max: 1_000_000 });
  t.end();
});

await t.test("many short pauses are as likely to be met as a long one, and are over sooner", (t) => {
  const short = Array.from({ length: 20 }, (_, at): Pause => [at * 50, at * 50 + 1]);
  t.same(waitsFor([core(...short)]), { p50: 0, p99: 500, p999: 950, max: 1000 });
  const mixed = waitsFor([core([100, 110], [200, 202], [300, 302], [400, 402])]);
  t.same(mixed, { p50: 0, p99: 1500, p999: 9000, max: 10_000 });
  t.end();
});

await t.test("a request needs all of the cores, and pauses at the same time count once", (t) => {
  t.same(waitsFor([core([500, 515]), core([505, 520])]), waitsFor([core([500, 520])]));
  t.same(waitsFor([core([500, 520]), core([505, 510])]), waitsFor([core([500, 520])]));
  t.same(waitsFor([core([100, 110]), core([500, 510])]), waitsFor([core([100, 110], [500, 510])]));
  t.end();
});

await t.test("only the time in which all were watched counts", (t) => {
  const late = {
    watched: [500, 1500] as const,
    pauses: [
      [490, 505],
      [1100, 1200],
    ] as const,
  };
  t.same(waitsFor([core(), late]), { p50: 0, p99: 0, p999: 4500, max: 5000 });
  t.throws(() => waitsFor([core(), { watched: [1000, 2000], pauses: [] }]), {
    message: "the cores were not watched at the same time",
  });
  t.end();
});
