import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import t, { type Test } from "tap";
import { imageOf } from "../../build/images/folder.js";
import type { ReloadResult } from "../../src/index/reload.js";
import { publish } from "./published.js";
import { RunningServer } from "./running-server.js";
import { inEveryPeriod, smallIndex } from "./small-index.js";

/** More than the buffers of the system take. */
const SIZE = 16 * 2 ** 20;
const INDEXES = [1, 2, 3, 4].map((byte) => {
  const image = imageOf(Buffer.alloc(SIZE, byte), "png", "png");
  return smallIndex(inEveryPeriod({ campaign: 1, converting: [7] }), 4, new Map([[7, image]]));
});

interface Serving {
  readonly read: (requests: number) => Promise<Socket>;
  readonly reload: (index: Uint8Array) => Promise<string>;
}

async function serve(t: Test): Promise<Serving> {
  const file = join(t.testdir(), "index.bin");
  publish(file, INDEXES[0]!);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1" });
  t.teardown(() => server.stop());
  const { port, adminPort } = await server.next("ready");
  return {
    /** Takes no more than the buffers hold. */
    read: async (requests) => {
      const reader = connect(Number(port), "127.0.0.1").on("error", () => undefined);
      t.teardown(() => reader.destroy());
      reader.write("GET /campaigns/banners/image_7.png HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(requests));
      await once(reader, "readable");
      return reader;
    },
    reload: async (index) => {
      publish(file, index);
      const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
      return ((await response.json()) as ReloadResult).result;
    },
  };
}

await t.test("slow readers of whom there is always one keep no index in memory", async (t) => {
  const { read, reload } = await serve(t);
  for (const index of [...INDEXES.slice(1), ...INDEXES]) {
    await read(1);
    t.equal(await reload(index), "replaced");
  }
});

await t.test("one who pipelines and reads nothing keeps no index in memory, gone or not", async (t) => {
  const { read, reload } = await serve(t);
  await read(3);
  for (const index of INDEXES.slice(1)) t.equal(await reload(index), "replaced");
  (await read(3)).destroy();
  for (const index of INDEXES) t.equal(await reload(index), "replaced");
});
