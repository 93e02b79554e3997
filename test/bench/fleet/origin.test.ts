import { performance } from "node:perf_hooks";
import t, { type Test } from "tap";
import { SlowOrigin } from "../../../bench/fleet/origin.js";

const OLD = Uint8Array.from({ length: 1000 }, (_, at) => at % 7);
const NEW = Uint8Array.from({ length: 1000 }, (_, at) => at % 11);

async function opened(t: Test, bytesASecond: number): Promise<{ origin: SlowOrigin; address: string }> {
  const origin = new SlowOrigin(OLD, bytesASecond);
  t.teardown(() => {
    origin.close();
  });
  return { origin, address: await origin.open() };
}

const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());

await t.test("it sends its index, the rest of it, and nothing to whoever has it", async (t) => {
  const { origin, address } = await opened(t, 1e9);
  const first = await fetch(address);
  const tag = first.headers.get("etag")!;
  t.same(await bytesOf(first), OLD);
  const rest = await fetch(address, { headers: { Range: "bytes=600-", "If-Range": tag } });
  t.same([rest.status, rest.headers.get("content-range")], [206, "bytes 600-999/1000"]);
  t.same(await bytesOf(rest), OLD.subarray(600));
  t.equal((await fetch(address, { headers: { "If-None-Match": tag } })).status, 304);

  origin.publish(NEW);
  const next = await fetch(address, { headers: { "If-None-Match": tag, Range: "bytes=600-", "If-Range": tag } });
  t.equal(next.status, 200);
  t.same(await bytesOf(next), NEW);
  t.same([origin.requests, origin.bytes, origin.ends.length], [4, 2400, 3]);
});

await t.test("two transfers share its line, and no byte is faster than it", async (t) => {
  const { origin, address } = await opened(t, 4000);
  const began = performance.now();
  const bodies = await Promise.all([fetch(address), fetch(address)].map(async (response) => bytesOf(await response)));
  t.same(bodies, [OLD, OLD]);
  // 2000 bytes; a step may have been due since before they began.
  t.ok(origin.ends.at(-1)! - began > 400, `${origin.ends.at(-1)! - began} ms`);
});

await t.test("one that fails cuts what is under way, and answers nobody until it is back", async (t) => {
  const { origin, address } = await opened(t, 100);
  const cut = await fetch(address);
  origin.fail();
  await t.rejects(bytesOf(cut));
  await t.rejects(fetch(address));
  origin.isDown = false;
  const { status, body } = await fetch(address);
  t.equal(status, 200);
  await body?.cancel();
});
