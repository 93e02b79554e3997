import t from "tap";
import { describeReload, Reloader, type ReloadResult } from "../../../src/index/reload.js";

const resultOf = (generation: string): ReloadResult => ({ result: "replaced", generation, previous: "" });

/** A reloader over a disk that a test fills, whose reloads wait until the test lets them go on. */
function reloaderOver(disk: { generation: string }): {
  reloader: Reloader;
  reloads: () => number;
  letGoOn: () => void;
} {
  const waiting: (() => void)[] = [];
  let reloads = 0;
  const reloader = new Reloader(async () => {
    reloads++;
    const { generation } = disk;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return resultOf(generation);
  });
  const letGoOn = (): void => {
    waiting.shift()?.();
  };
  return { reloader, reloads: () => reloads, letGoOn };
}

await t.test("one reload after the other", async (t) => {
  const disk = { generation: "a" };
  const { reloader, reloads, letGoOn } = reloaderOver(disk);
  for (const generation of ["a", "b"]) {
    disk.generation = generation;
    const request = reloader.request();
    letGoOn();
    t.same(await request, resultOf(generation));
  }
  t.equal(reloads(), 2);
});

await t.test(
  "a storm of requests is one reload under way and one after it, which sees what came meanwhile",
  async (t) => {
    const disk = { generation: "a" };
    const { reloader, reloads, letGoOn } = reloaderOver(disk);
    const requests = Array.from({ length: 100 }, () => reloader.request());
    disk.generation = "b";
    letGoOn();
    while (reloads() < 2) await new Promise((resolve) => setImmediate(resolve));
    letGoOn();
    const results = await Promise.all(requests);
    t.equal(reloads(), 2);
    t.same(
      results.map(({ generation }) => generation),
      ["a", ...Array<string>(99).fill("b")],
      "who asks during a reload gets the result of the one that begins after it",
    );
    const after = reloader.request();
    letGoOn();
    t.same(await after, resultOf("b"), "the next begins at once");
    t.equal(reloads(), 3);
  },
);

await t.test("what came of a reload is one line", (t) => {
  const line = (result: ReloadResult["result"], reason?: string): string =>
    describeReload({ result, generation: "b", previous: "a", ...(reason !== undefined && { reason }) });
  t.equal(line("replaced"), "index reloaded: generation b replaces a");
  t.equal(line("unchanged"), "index unchanged: generation b is served already");
  t.equal(line("refused", "index.bin: altered"), "reload refused: index.bin: altered; generation b stays");
  t.end();
});
