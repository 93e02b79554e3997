import t from "tap";
import { decode, type Index } from "../../../src/index/format.js";
import { Reloader, type Verdict } from "../../../src/index/reload.js";
import { smallIndex } from "../small-index.js";

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
    replace: async (index) => {
      await Promise.resolve();
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
  const replaced = { result: "replaced", generation: second.generation, previous: first.generation };
  t.same(await request, replaced);
  t.equal(served(), second);
  const again = reloader.request();
  letGoOn();
  const unchanged = { result: "unchanged", generation: second.generation, previous: second.generation };
  t.same(await again, unchanged);
  t.same(verdicts, [replaced, unchanged]);
});

await t.test("a fault leaves the old index, and a later reload mends it", async (t) => {
  const disk: { index: Index | Error } = { index: new Error("it is broken") };
  const { reloader, verdicts, served, letGoOn } = reloaderOver(disk);
  const request = reloader.request();
  letGoOn();
  const { generation } = first;
  t.same(await request, { result: "refused", generation, previous: generation, reason: "it is broken" });
  t.equal(verdicts.length, 1);
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
    const answers = await Promise.all(requests);
    t.equal(loads(), 2);
    t.same(
      answers.map(({ result }) => result),
      ["unchanged", ...Array<string>(99).fill("replaced")],
      "who asks during a reload is told of the one that begins after it",
    );
    t.same(
      verdicts.map(({ result }) => result),
      ["unchanged", "replaced"],
    );
    t.equal(served(), second);
    const after = reloader.request();
    letGoOn();
    t.match(await after, { result: "unchanged" }, "the next begins at once");
    t.equal(loads(), 3);
  },
);
