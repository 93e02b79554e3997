import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { IndexSource } from "../../../src/pull/source.js";
import { Transfer } from "../../../src/pull/transfer.js";
import { missing } from "../../needed-programs.js";
import { billboardBeside } from "../billboard.js";
import { metricsOf } from "../admin/metric.js";
import { FIRST, generationOf, publish, SECOND } from "../published.js";
import { inEveryPeriod, smallIndex } from "../small-index.js";
import { startNginx, TOKEN } from "./nginx-source.js";
import { ObjectStore } from "./object-store.js";
import { digestOf, newKeys, pullingServer, servedBy } from "./pulling-server.js";

/** So large that it comes in pieces; each of its own size, which with the second is all that is in ETags of nginx. */
function largeIndex(banner: number): Uint8Array {
  const image = imageOf(Buffer.alloc(8 * 2 ** 20 + 1000 * banner, banner), "png", "png");
  return smallIndex(inEveryPeriod({ campaign: 1, converting: [banner] }), 4, new Map([[banner, image]]));
}

await t.test(
  "from nginx: conditional, with the token, and on from where it was cut",
  { skip: missing("nginx") },
  async (t) => {
    const parent = t.testdir();
    const nginx = await startNginx(t, parent);
    const [large, larger] = [largeIndex(1), largeIndex(2)];
    publish(join(nginx.folder, "index.bin"), large);
    let stop = new AbortController();
    let received = 0;
    const transfer = new Transfer(
      new IndexSource(new URL(nginx.url), TOKEN, {}),
      join(parent, "arriving"),
      { maxBytes: 1e9, stallMs: 60_000 },
      (bytes) => {
        received += bytes;
        stop.abort();
      },
    );
    await t.rejects(transfer.attempt([], undefined, stop.signal), { name: "AbortError" });
    t.ok(received > 0 && received < large.length);
    await t.rejects(transfer.attempt([], undefined, (stop = new AbortController()).signal), { name: "AbortError" });
    const cut = received;
    const go = (): AbortSignal => AbortSignal.any([]);
    const { brought } = await transfer.attempt([], undefined, go());
    t.equal(received, large.length, "each byte came once");
    t.ok(cut < large.length);
    t.same(readFileSync(transfer.path), Buffer.from(large));
    const { digest, validators } = brought!;
    t.match(validators, { etag: /^"/ });
    t.match(await transfer.attempt([{ digest, validators }], undefined, go()), { known: digest });
    t.equal(received, large.length);
    await t.rejects(transfer.attempt([], undefined, (stop = new AbortController()).signal), { name: "AbortError" });
    publish(join(nginx.folder, "index.bin"), larger);
    t.match(await transfer.attempt([], undefined, go()), { brought: { digest: digestOf(larger) } }, "another by then");
    t.same(readFileSync(transfer.path), Buffer.from(larger));
  },
);

await t.test("a server pulls from nginx what was put there", { skip: missing("nginx") }, async (t) => {
  const parent = t.testdir();
  const nginx = await startNginx(t, parent);
  publish(join(nginx.folder, "index.bin"), FIRST);
  const server = pullingServer(t, nginx, join(parent, "own"), { INDEX_TOKEN: TOKEN, LOG_LEVEL: "debug" });
  const { port, adminPort } = await server.next("ready");
  t.equal(await servedBy(port), generationOf(FIRST));
  t.match(await server.next("pull"), { result: "unchanged" });
  t.equal((await metricsOf(adminPort)).get("billboard_pull_bytes_total"), FIRST.length);
  publish(join(nginx.folder, "index.bin"), SECOND);
  while ((await server.next("pull"))["result"] !== "replaced");
  t.equal(await servedBy(port), generationOf(SECOND));
  const stranger = pullingServer(t, nginx, join(parent, "stranger"));
  await stranger.next("pull");
  t.match(await stranger.next("pull"), { result: "failed", reason: /answers 401: INDEX_TOKEN, or the keys/ });
  t.equal(await stranger.stop(), 0);
  t.equal(await server.stop(), 0);
});

await t.test("from an object store, signed, as billboard publish puts it there", async (t) => {
  const parent = t.testdir();
  const store = await ObjectStore.start(join(parent, "store"), "indexes");
  t.teardown(() => store.stop());
  const keys = newKeys();
  const url = "s3://indexes/live/index.bin";
  mkdirSync(join(parent, "built"));
  const built = join(parent, "built", "index.bin");
  const put = async (bytes: Uint8Array, sequence: number): Promise<void> => {
    publish(built, bytes);
    publish(`${built}.sig`, Buffer.from(keys.sign(bytes, sequence)));
    const { status, stderr } = await billboardBeside(["publish", "--to", url, "--index", built], store.environment);
    t.same([status, stderr], [0, ""]);
  };
  await put(FIRST, 1);
  const settings = { ...store.environment, INDEX_PUBLIC_KEY: keys.publicKey };
  const server = pullingServer(t, { url }, join(parent, "own"), settings);
  const { port } = await server.next("ready");
  t.equal(await servedBy(port), generationOf(FIRST));
  await put(SECOND, 2);
  for (let result; result !== "replaced"; result = (await server.next("pull"))["result"])
    t.not(result, "refused", "nothing is refused while it is published");
  t.equal(await servedBy(port), generationOf(SECOND));
  const wrong = pullingServer(t, { url }, join(parent, "wrong"), { ...settings, AWS_SECRET_ACCESS_KEY: "wrong" });
  await wrong.next("pull");
  t.match(await wrong.next("pull"), { result: "failed", reason: /answers 403/ });
  t.equal(await wrong.stop(), 0);
  t.equal(await server.stop(), 0);
});
