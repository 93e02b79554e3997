/** Whether those who read a large image slowly get all of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { BareServer } from "../running-server.js";
import { inEveryPeriod, smallIndex } from "../small-index.js";
import { SlowClient } from "./slow-clients.js";

const LARGE = 16 << 20;
const PATH = "/campaigns/banners/image_999.png";
/** The library cuts who makes no writable event for 10 s, in steps of 4 s. */
const SLOWLY_MS = 14_500;
const PIECE = 2_000;
const BETWEEN_PIECES_MS = 200;

await t.test("a steady reader of 10 kB/s gets a large image whole, with pauses between its pieces", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const large = imageOf(Buffer.alloc(LARGE, "0123456789abcdef"), "png", "png");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: [100] }), 4, new Map([[999, large]])));
  const server = new BareServer({ INDEX_FILE: file });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { socket, lasted } = await SlowClient.reader(await server.ready(), PATH);
  let read = 0;
  const start = performance.now();
  while (performance.now() - start < SLOWLY_MS) {
    // Of what has come in, as it lies there: the rest stays with the kernel.
    read += ((socket.read(PIECE) ?? socket.read()) as Buffer | null)?.length ?? 0;
    await sleep(BETWEEN_PIECES_MS);
  }
  t.ok(read > PIECE && read < LARGE / 4, `${read} bytes were read slowly`);
  const whole = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > LARGE) resolve();
    });
  });
  socket.resume();
  await Promise.race([whole, lasted]);
  socket.destroy();
  t.ok(read > LARGE, `${read} bytes in all`);
  t.equal(await server.stop(), 0);
  t.same(server.warnings, []);
  t.equal(server.text, "");
});
