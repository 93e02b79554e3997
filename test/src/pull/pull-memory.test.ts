import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { generationOf, broken } from "../published.js";
import { BareServer } from "../running-server.js";
import { inEveryPeriod, smallIndex } from "../small-index.js";
import { servedBy } from "./pulling-server.js";
import { answer, INDEX, TestSource } from "./test-source.js";

const MIB = 2 ** 20;
const SIZE = 256 * MIB;
/** Beside two indexes, with what a transfer leaves; a third would be more. */
const REST = 240 * MIB;

function largeIndex(banner: number): Uint8Array {
  const image = imageOf(Buffer.alloc(SIZE, banner), "png", "png");
  return smallIndex(inEveryPeriod({ campaign: 1, converting: [banner] }), 4, new Map([[banner, image]]));
}

const skip = process.platform === "linux" ? false : "only Linux says in /proc how much memory a process has";

await t.test("what is pulled is in memory once, beside what is served", { skip }, async (t) => {
  const [first, second] = [largeIndex(1), largeIndex(2)];
  const source = await TestSource.open(t, first);
  const folder = t.testdir();
  const server = new BareServer({
    INDEX_FILE: join(folder, "index.bin"),
    INDEX_URL: source.url,
    INDEX_POLL: "1",
    WORKERS: "2",
  });
  t.teardown(() => server.process.kill("SIGKILL"));
  let peak = 0;
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${server.process.pid!}/status`, "utf8");
    peak = Math.max(peak, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024);
  }, 3);
  const { port } = await server.next("ready");
  for (const index of [second, first]) {
    // Refused only when all of it is in memory.
    source.wrong.push(answer(200, broken(index)), answer(200, broken(index)));
    source.files.set(INDEX, index);
    const generation = generationOf(index);
    while ((await server.next("reload"))["generation"] !== generation);
    t.equal(await servedBy(port), generation);
  }
  clearInterval(look);
  t.same(
    server.log.filter(({ event }) => event === "reload").map(({ result }) => result),
    ["refused", "refused", "replaced", "refused", "refused", "replaced"],
  );
  t.ok(peak > SIZE && peak < 2 * SIZE + REST, `${(peak / MIB).toFixed()} MiB at most, with an index of 256`);
  t.same(readdirSync(folder), ["index.bin", "index.previous.bin"]);
  t.equal(await server.stop(), 0);
});
