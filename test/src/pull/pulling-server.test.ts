import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Status } from "../../../src/admin/status-json.js";
import { BILLBOARD } from "../billboard.js";
import { metricsOf } from "../admin/metric.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { lockFolder } from "../../../src/index/lock/folder-lock.js";
import { newKeys, pullingServer, servedBy, statusCodeOf } from "./pulling-server.js";
import { answer, cutAfter, INDEX, TestSource } from "./test-source.js";

const [first, second] = [generationOf(FIRST), generationOf(SECOND)];
const SIG = `${INDEX}.sig`;

const statusOf = async (adminPort: unknown): Promise<Status> =>
  (await (await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`)).json()) as Status;

await t.test("without a copy the server is alive and not ready until the first index arrives", async (t) => {
  const source = await TestSource.open(t);
  const folder = join(t.testdir(), "new");
  const server = pullingServer(t, source, folder);
  const { adminPort } = await server.next("start");
  const failed = await server.next("pull");
  t.match(failed, { level: 40, msg: /there is no index: .*; until then, the first index is awaited from http:.*bin$/ });
  t.match(await server.next("pull"), { level: 40, result: "failed", msg: /answers 404: nothing is there$/ });
  t.equal(await statusCodeOf(adminPort, "/readyz"), 503);
  t.equal(await statusCodeOf(adminPort, "/healthz"), 200);
  t.equal(await statusCodeOf(adminPort, "/reload", "POST"), 503);
  t.equal(await statusCodeOf(adminPort, "/overview.json"), 503);
  source.wrong.push(answer(200, broken()));
  source.files.set(INDEX, FIRST);
  t.match(await server.next("pull"), { level: 50, result: "refused", msg: /index\.bin: altered: / });
  t.match(await server.next("pull"), { level: 30, result: "replaced", generation: first, bytes: FIRST.length });
  const { port, generation } = await server.next("ready");
  t.equal(generation, first);
  t.equal(await servedBy(port), first);
  t.equal(await statusCodeOf(adminPort, "/readyz"), 200);
  t.same(readdirSync(folder), ["index.bin"]);
  t.equal(await server.stop(), 0);
});

await t.test("a server that awaits its first index ends with 0 when it is told to", async (t) => {
  const source = await TestSource.open(t);
  source.wrong.push(() => undefined);
  const folder = t.testdir();
  const PID_FILE = join(folder, "pid");
  const server = pullingServer(t, source, folder, { PID_FILE });
  await server.next("start");
  await source.hasBeenAsked(1);
  const stopping = spawnSync(process.execPath, [BILLBOARD, "stop", "--pid-file", PID_FILE], { encoding: "utf8" });
  t.match(stopping.stdout, /process \d+ has ended/);
  t.equal(await server.exited, 0);
});

await t.test("a broken copy is as none, and does not become the previous one", async (t) => {
  const source = await TestSource.open(t, SECOND);
  const folder = t.testdir({ "index.bin": Buffer.from("<html>"), "index.bin.pull-999999999-0011aabb": "left" });
  const server = pullingServer(t, source, folder);
  t.equal(await servedBy(await server.ready()), second);
  t.same(readdirSync(folder), ["index.bin"], "and what a pull left that was killed is gone");
  t.equal(await server.stop(), 0);
});

await t.test("a good copy serves at once, for ever, and the source is asked again and again", async (t) => {
  const source = await TestSource.open(t, SECOND);
  const folder = t.testdir({ "index.bin": Buffer.from(FIRST) });
  const page = `<html>${" ".repeat(1000)}`;
  source.wrong.push(answer(500, "oh"), answer(200, page), answer(200, broken(SECOND)), cutAfter(SECOND, 1000));
  await source.close();
  const server = pullingServer(t, source, folder);
  const { port: publicPort, adminPort } = await server.next("ready");
  t.match(await server.next("pull"), { level: 40, result: "failed", reason: /no answer: connect ECONNREFUSED/ });
  t.equal(await servedBy(publicPort), first);
  t.equal(await statusCodeOf(adminPort, "/readyz"), 200);
  t.equal((await metricsOf(adminPort)).get("billboard_pull_last_success_timestamp_seconds"), 0);
  await source.reopen();
  const results = [];
  for (let result; result !== "replaced";) {
    const line = await server.next("pull");
    result = line["result"];
    if (!/ECONNREFUSED/.test(String(line["reason"]))) results.push(result);
    if (result !== "replaced") t.equal(await servedBy(publicPort), first);
  }
  t.same(results, ["failed", "refused", "refused", "failed", "replaced"]);
  t.match(source.askedForIndex[4]!.headers, { range: "bytes=1000-" });
  t.equal(await servedBy(publicPort), second);
  t.same(readdirSync(folder), ["index.bin", "index.previous.bin"]);
  t.same(readFileSync(join(folder, "index.bin")), Buffer.from(SECOND));
  t.same(readFileSync(join(folder, "index.previous.bin")), Buffer.from(FIRST));
  const asked = source.asked.length;
  await source.hasBeenAsked(asked + 2);
  t.match(source.asked[asked + 1]!.headers, { "if-none-match": /^"/ });
  const metrics = await metricsOf(adminPort);
  for (const [result, times] of [
    ["replaced", 1],
    ["refused", 2],
  ] as const)
    t.equal(metrics.get(`billboard_pull_transfers_total{result="${result}"}`), times);
  t.ok(metrics.get('billboard_pull_transfers_total{result="unchanged"}')! >= 1);
  t.ok(metrics.get('billboard_pull_transfers_total{result="failed"}')! >= 3);
  t.ok(metrics.get("billboard_pull_bytes_total")! >= 2 * SECOND.length);
  t.ok(metrics.get("billboard_pull_last_success_timestamp_seconds")! > 1.7e9);
  const { pull } = await statusOf(adminPort);
  t.match(pull, { source: source.url, last_result: "unchanged", transfers: { replaced: 1 }, last_success_at: /Z$/ });
  t.equal(await server.stop(), 0);
  t.same(readdirSync(folder), ["index.bin", "index.previous.bin"]);
});

await t.test("after a restart the copy is not brought again, and serves where the source is away", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  const before = pullingServer(t, source, folder);
  await before.ready();
  t.equal(await before.stop(), 0);
  const after = pullingServer(t, source, folder, { LOG_LEVEL: "debug" });
  const { adminPort } = await after.next("ready");
  t.match(await after.next("pull"), { result: "unchanged" });
  t.ok((await metricsOf(adminPort)).get("billboard_pull_bytes_total")! <= FIRST.length);
  t.match(await after.next("pull"), { result: "unchanged" });
  t.match(source.asked.at(-1)!.headers, { "if-none-match": /^"/ });
  t.equal(await after.stop(), 0);
  await source.close();
  const away = pullingServer(t, source, folder);
  t.equal(await servedBy(await away.ready()), first);
  t.equal(await away.stop(), 0);
});

await t.test("what is put there by hand is served on a reload, until the source is asked again", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  const server = pullingServer(t, source, folder);
  const { adminPort } = await server.next("ready");
  publish(join(folder, "index.bin"), SECOND);
  t.equal(await statusCodeOf(adminPort, "/reload", "POST"), 200);
  t.match(await server.next("reload"), { generation: second });
  t.match(await server.next("reload"), { generation: first, previous: second });
  t.equal(await server.stop(), 0);
});

await t.test("a build and a pull into one folder do not mix: a pull waits while a build runs", async (t) => {
  const source = await TestSource.open(t, SECOND);
  const folder = t.testdir({ "index.bin": Buffer.from(FIRST) });
  const build = await lockFolder(folder);
  const server = pullingServer(t, source, folder);
  const port = await server.ready();
  t.match(await server.next("pull"), {
    result: "failed",
    msg: /another build or pull \(process \d+\) is running there/,
  });
  t.equal(await servedBy(port), first);
  t.same(readFileSync(join(folder, "index.bin")), Buffer.from(FIRST));
  await build.release();
  while ((await server.next("pull"))["result"] !== "replaced");
  t.equal(await servedBy(port), second);
  t.same(readdirSync(folder), ["index.bin", "index.previous.bin"]);
  t.equal(await server.stop(), 0);
});

await t.test("with a key, nothing unsigned, of another key, for another index, or older is served", async (t) => {
  const keys = newKeys();
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  const server = pullingServer(t, source, folder, { INDEX_PUBLIC_KEY: keys.publicKey });
  const { adminPort } = await server.next("start");
  await server.next("pull");
  const refused = async (reason: RegExp): Promise<void> => {
    for (let line = await server.next("pull"); ; line = await server.next("pull"))
      // One may be under way that still sees what was there before.
      if (reason.test(String(line["reason"]))) return void t.match(line, { level: 50, result: "refused" });
  };
  await refused(/index\.bin\.sig: INDEX_PUBLIC_KEY is set, and no signature is there/);
  source.files.set(SIG, newKeys().sign(FIRST, 5));
  await refused(/index\.bin\.sig: its signature was not made by the expected key/);
  source.files.set(SIG, keys.sign(SECOND, 5));
  await refused(/its signature is for another index/);
  t.equal(source.askedForIndex.length, 1, "only its beginning was asked for");
  t.equal(await statusCodeOf(adminPort, "/readyz"), 503);
  source.files.set(SIG, keys.sign(FIRST, 5));
  const port = await server.ready();
  t.equal(await servedBy(port), first);
  source.files.set(INDEX, SECOND);
  source.files.set(SIG, keys.sign(SECOND, 4));
  await refused(/its signature has the sequence 4, and what is served has 5/);
  source.files.set(SIG, keys.sign(SECOND));
  await refused(/its signature has no sequence, and what is served has 5/);
  t.equal(await servedBy(port), first);
  // The one that is served is signed again: what came between is older then.
  source.files.set(INDEX, FIRST);
  source.files.set(SIG, keys.sign(FIRST, 8));
  while (readFileSync(join(folder, "index.bin.sig"), "utf8") !== keys.sign(FIRST, 8))
    await source.hasBeenAsked(source.asked.length + 1);
  source.files.set(SIG, keys.sign(SECOND, 7));
  await refused(/its signature has the sequence 7, and what is served has 8/);
  source.files.set(INDEX, SECOND);
  source.files.set(SIG, keys.sign(SECOND, 8));
  while ((await server.next("pull"))["result"] !== "replaced");
  t.equal(await servedBy(port), second);
  t.notOk("if-none-match" in source.askedForIndex.at(-1)!.headers, "the signature says that it is another");
  t.same(readdirSync(folder).sort(), ["index.bin", "index.bin.sig", "index.previous.bin", "index.previous.bin.sig"]);
  t.equal(await server.stop(), 0);
});

await t.test("a key holds at every load, whatever a crash or a rollback has left", async (t) => {
  const keys = newKeys();
  const folder = t.testdir();
  const file = join(folder, "index.bin");
  const source = await TestSource.open(t);
  await source.close();
  const settings = { INDEX_PUBLIC_KEY: keys.publicKey, INDEX_URL: "" };
  publish(file, FIRST);
  writeFileSync(`${file}.sig`, keys.sign(FIRST, 5));
  const server = pullingServer(t, source, folder, settings);
  const { adminPort, port } = await server.next("ready");
  const reloadIs = async (result: string, reason?: RegExp): Promise<void> => {
    server.process.kill("SIGHUP");
    t.match(await server.next("reload"), { result, ...(reason && { reason }) });
  };
  publish(file, SECOND);
  await reloadIs("refused", /index\.bin: INDEX_PUBLIC_KEY is set, and its signature is for another index: sign it/);
  t.equal(await statusCodeOf(adminPort, "/reload", "POST"), 409);
  await server.next("reload");
  writeFileSync(`${file}.sig`, keys.sign(SECOND, 4));
  await reloadIs("refused", /has the sequence 4, and what is served has 5/);
  // Between the two renames of a pull: the index is new, and the signature still the old one.
  writeFileSync(`${file}.sig`, keys.sign(FIRST, 5));
  writeFileSync(`${file}.sig.next`, keys.sign(SECOND, 6));
  await reloadIs("replaced");
  t.equal(await servedBy(port), second);
  // Before the first of them.
  publish(file, FIRST);
  await reloadIs("refused", /has the sequence 5, and what is served has 6/);
  t.equal(await server.stop(), 0);

  const older = pullingServer(t, source, folder, { ...settings, INDEX_ALLOW_OLDER: "1" });
  t.equal(await servedBy(await older.ready()), first, "a restart finds whichever signature is the index's");
  publish(file, SECOND);
  older.process.kill("SIGHUP");
  t.match(await older.next("reload"), { result: "replaced" });
  publish(file, FIRST);
  older.process.kill("SIGHUP");
  t.match(await older.next("reload"), { result: "replaced" }, "INDEX_ALLOW_OLDER");
  t.equal(await older.stop(), 0);

  rmSync(`${file}.sig`);
  rmSync(`${file}.sig.next`);
  const unsigned = pullingServer(t, source, folder, settings);
  t.equal(await unsigned.exited, 1);
  t.match(unsigned.text, /index\.bin: INDEX_PUBLIC_KEY is set, and no signature is beside it, as .*index\.bin\.sig/);
  const free = pullingServer(t, source, folder, { INDEX_URL: "" });
  t.equal(await servedBy(await free.ready()), first, "without a key nothing need be signed");
  t.equal(await free.stop(), 0);
});
