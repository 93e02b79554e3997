import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../build/images/folder.js";
import type { ReloadResult } from "../../src/index/reload.js";
import { broken } from "./published.js";
import { BareServer } from "./running-server.js";
import { inEveryPeriod, smallIndex } from "./small-index.js";

const MIB = 2 ** 20;
const SIZE = 256 * MIB;
/** Beside two indexes; a third would be more. */
const REST = 150 * MIB;

function largeIndex(banner: number): Uint8Array {
  const image = imageOf(Buffer.alloc(SIZE, banner), "png", "png");
  return smallIndex(inEveryPeriod({ campaign: 1, converting: [banner] }), 4, new Map([[banner, image]]));
}

const skip = process.platform === "linux" ? false : "only Linux says in /proc how much memory a process has";

await t.test("two indexes are in memory at most, whatever is asked in whatever order", { skip }, async (t) => {
  const dir = t.testdir();
  const file = join(dir, "index.bin");
  const second = largeIndex(2);
  writeFileSync(join(dir, "first"), largeIndex(1));
  writeFileSync(join(dir, "second"), second);
  writeFileSync(join(dir, "altered"), broken(second));
  let links = 0;
  const put = (name: string): void => {
    const link = join(dir, String(++links));
    linkSync(join(dir, name), link);
    renameSync(link, file);
  };
  put("first");
  const server = new BareServer({ INDEX_FILE: file, WORKERS: "2" });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { port, adminPort } = await server.next("ready");
  let peak = 0;
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${server.process.pid!}/status`, "utf8");
    peak = Math.max(peak, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024);
  }, 3);
  const readers: Socket[] = [];
  const read = (from: unknown, path: string): Socket => {
    const reader = connect(Number(from), "127.0.0.1");
    reader.on("error", () => undefined).pause();
    // Twice: the second waits for the first.
    reader.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(2));
    return reader;
  };
  /** Takes an image, and so the index that it is in, no further than the buffers of the system go, or leaves. */
  const stall = (): void => {
    for (const banner of [1, 2]) {
      const image = `banners/image_${banner}.png`;
      readers.push(
        read(port, `/campaigns/${image}`),
        read(adminPort, `/${image}`),
        read(adminPort, `/preview/1/campaigns/${image}`),
        read(adminPort, "/index.json"),
      );
      const leaving = read(port, `/campaigns/${image}`);
      leaving.once("readable", () => leaving.destroy());
    }
  };
  const results: string[] = [];
  const steps = ["second", "altered", "second", "first", "altered", "altered", "second", "first", "first", "altered"];
  /** Reloads follow each other at once: another waits whenever one ends. */
  const ask = async (): Promise<void> => {
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
      stall();
      put(step);
      const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
      results.push(((await response.json()) as ReloadResult).result);
    }
  };
  await Promise.all([ask(), ask()]);
  clearInterval(look);
  for (const reader of readers) reader.destroy();
  t.same(new Set(results), new Set(["replaced", "unchanged", "refused"]));
  t.ok(peak > SIZE && peak < 2 * SIZE + REST, `${(peak / MIB).toFixed()} MiB at most, with an index of 256`);
  t.equal(await server.stop(), 0);
});
