import t from "tap";
import { decode, type Index } from "../../src/index-format.js";
import { Reloader, type Verdict } from "../../src/reload.js";
import { smallIndex } from "./small-index.js";

const indexOf = (banner: number): Index => decode(smallIndex([{ campaign: 1, period: 1, converting: [banner] }]));
const first = indexOf(1);
const second = indexOf(2);

/** A reloader over a disk that a test fills, whose loads wait until the test lets them go on. */
function reloaderOver(disk: { index: Index | Error }): {
  reloader: Reloader;
  verdicts: Verdict[];
  served: () => Index;
  loads: () => number;
  letGoOn: () => void;
} {
  const verdicts: Verdict[] = [];
  const waiting: (() => void)[] = [];
  let served = first;
  let loads = 0;
  const reloader = new Reloader(first.generation, {
    load: async () => {
      loads++;
      const { index } = disk;
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (index instanceof Error) throw index;
      return index;
    },
    replace: (index) => {
      served = index;
    },
    report: (verdict) => verdicts.push(verdict),
  });
  const letGoOn = (): void => {
    waiting.shift()?.();
  };
  return { reloader, verdicts, served: () => served, loads: () => loads, letGoOn };
}

await t.test("a new index replaces the old one, and the same again replaces nothing", async (t) => {
  const disk = { index: second };
  const { reloader, verdicts, served, letGoOn } = reloaderOver(disk);
  const request = reloader.request();
  t.equal(served(), first, "the old one serves until the new one is whole");
  letGoOn();
  await request;
  t.equal(served(), second);
  const again = reloader.request();
  letGoOn();
  await again;
  t.same(verdicts, [
    { result: "replaced", generation: second.generation },
    { result: "unchanged", generation: second.generation },
  ]);
});

await t.test("a fault leaves the old index, and a later reload mends it", async (t) => {
  const disk: { index: Index | Error } = { index: new Error("it is broken") };
  const { reloader, verdicts, served, letGoOn } = reloaderOver(disk);
  const request = reloader.request();
  letGoOn();
  await request;
  t.same(verdicts, [{ result: "refused", generation: first.generation, reason: "it is broken" }]);
  t.equal(served(), first);
  disk.index = second;
  const again = reloader.request();
  letGoOn();
  await again;
  t.equal(served(), second);
});

await t.test(
  "a storm of requests is one reload under way and one after it, which sees what came meanwhile",
  async (t) => {
    const disk = { index: first };
    const { reloader, verdicts, served, loads, letGoOn } = reloaderOver(disk);
    const requests = Array.from({ length: 100 }, () => reloader.request());
    disk.index = second;
    letGoOn();
    while (loads() < 2) await new Promise((resolve) => setImmediate(resolve));
    letGoOn();
    await Promise.all(requests);
    t.equal(loads(), 2);
    t.same(
      verdicts.map(({ result }) => result),
      ["unchanged", "replaced"],
    );
    t.equal(served(), second);
  },
);
