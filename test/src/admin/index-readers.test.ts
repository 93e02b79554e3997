import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import { IndexReaders } from "../../../src/admin/index-readers.js";
import { decode, type Index } from "../../../src/index/format.js";
import { FIRST } from "../published.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";

/** More JSON than the buffers of the system take. */
const LARGE = decode(
  smallIndex(
    range(1, 2000).flatMap((campaign) => inEveryPeriod({ campaign, converting: range(1, 40), pool: range(50, 100) })),
  ),
);

/** A server of nothing but this index, and a reader that takes no more than it is told to. */
async function start(
  t: Test,
  readers: IndexReaders,
  index: Index,
): Promise<{ reader: Socket; sent: Promise<unknown> }> {
  let onSent: (result: unknown) => void;
  const sent = new Promise((resolve) => (onSent = resolve));
  const server = createServer((_, response) => {
    readers.send(index, response).then(() => {
      onSent("whole");
    }, onSent);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const reader = connect((server.address() as AddressInfo).port, "127.0.0.1");
  reader.on("error", () => undefined).pause();
  reader.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return { reader, sent };
}

await t.test("a reader is cut when another index is served, and one that has finished is not", async (t) => {
  const readers = new IndexReaders();
  const finished = await start(t, readers, decode(Uint8Array.from(FIRST)));
  finished.reader.resume();
  t.equal(await finished.sent, "whole");
  t.equal(readers.size, 0, "who has all is not kept");
  const { reader, sent } = await start(t, readers, LARGE);
  await once(reader, "connect");
  while (readers.size === 0) await sleep(5);
  readers.cut();
  t.match(await sent, { code: "ERR_STREAM_PREMATURE_CLOSE" });
  reader.destroy();
});
