import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { imageOf } from "../../build/images/folder.js";
import { metricsOf } from "./admin/metric.js";
import { publish } from "./published.js";
import { RunningServer } from "./running-server.js";
import { inEveryPeriod, range, smallIndex } from "./small-index.js";

const MIB = 2 ** 20;
/** Several times what the rest of the process differs by from one start to the next. */
const SIZE = 256 * MIB;

/** An index whose size is that of one image. */
function largeIndex(banner: number): Uint8Array {
  const image = imageOf(Buffer.alloc(SIZE, banner), "png", "png");
  return smallIndex(inEveryPeriod({ campaign: 1, converting: [banner] }), 4, new Map([[banner, image]]));
}

await t.test("the index is in memory once for all workers, and the one before it is given back", async (t) => {
  const dir = t.testdir({});
  const files = [1, 2].map((banner) => {
    const file = join(dir, `${banner}.bin`);
    writeFileSync(file, largeIndex(banner));
    return file;
  });
  const resident = async (server: RunningServer): Promise<[port: unknown, bytes: number]> => {
    const { adminPort } = await server.next("ready");
    return [adminPort, (await metricsOf(adminPort)).get("process_resident_memory_bytes")!];
  };
  const memoryOf = async (workers: string, index: string): Promise<number> => {
    const server = new RunningServer({ INDEX_FILE: index, WORKERS: workers });
    const [, bytes] = await resident(server);
    await server.stop();
    return bytes;
  };
  const small = join(dir, "small.bin");
  writeFileSync(small, smallIndex(inEveryPeriod({ campaign: 1, converting: [1] })));
  const beyondOne = (await memoryOf("4", files[0]!)) - (await memoryOf("4", small));
  t.ok(beyondOne > 0.9 * SIZE && beyondOne < 1.5 * SIZE, `four workers: ${(beyondOne / MIB).toFixed()} MiB for 256`);

  const served = join(dir, "served.bin");
  publish(served, readFileSync(files[0]!));
  const server = new RunningServer({ INDEX_FILE: served, WORKERS: "2" });
  const [adminPort, before] = await resident(server);
  for (const reload of range(1, 8)) {
    publish(served, readFileSync(files[reload % 2]!));
    const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
    t.match(await response.json(), { result: "replaced" });
  }
  // Each thread lets go of the last in a turn of its own event loop.
  let more = Infinity;
  for (let look = 0; look < 20 && more > SIZE / 2; look++) {
    await sleep(100);
    more = (await metricsOf(adminPort)).get("process_resident_memory_bytes")! - before;
  }
  t.ok(more <= SIZE / 2, `eight reloads later: ${(more / MIB).toFixed()} MiB more`);
  t.equal(await server.stop(), 0);
});
