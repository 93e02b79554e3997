import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import type { Status } from "../../../src/admin/status-json.js";
import { switchText } from "../../../src/pull/switch.js";
import { FIRST, generationOf, publish, SECOND } from "../published.js";
import { digestOf, pullingServer, servedBy, statusCodeOf } from "./pulling-server.js";
import { INDEX, TestSource } from "./test-source.js";

const [first, second] = [generationOf(FIRST), generationOf(SECOND)];
const AHEAD_MS = 10_000;

await t.test("replicas change over at the moment that the source names, whatever is reloaded meanwhile", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folders = [t.testdir({ a: {}, b: {} })].flatMap((dir) => [join(dir, "a"), join(dir, "b")]);
  const servers = folders.map((folder) => pullingServer(t, source, folder, { SWITCH_AT: "period" }));
  const ready = await Promise.all(servers.map((server) => server.next("ready")));
  const at = Date.now() + AHEAD_MS;
  source.files.set(`${INDEX}.switch`, switchText({ digest: digestOf(SECOND), at }));
  source.files.set(INDEX, SECOND);
  for (const server of servers)
    t.match(await server.next("switch"), { generation: second, at: new Date(at).toISOString() });
  const [a, b] = ready as [(typeof ready)[0], (typeof ready)[0]];
  const status = (await (await fetch(`http://127.0.0.1:${String(a["adminPort"])}/status.json`)).json()) as Status;
  t.match(status.pull?.waiting, { generation: second });
  // One is asked to load what is on its disk, and the other finds there what is to be served later.
  t.equal(await statusCodeOf(a["adminPort"], "/reload", "POST"), 200);
  t.match(await servers[0]!.next("reload"), { result: "unchanged", generation: first });
  publish(join(folders[1]!, "index.bin"), SECOND);
  t.equal(await statusCodeOf(b["adminPort"], "/reload", "POST"), 200);
  t.match(await servers[1]!.next("reload"), { result: "replaced", generation: second });
  const swapped = await servers[0]!.next("reload");
  t.match(swapped, { result: "replaced", generation: second, previous: first });
  t.ok(Number(swapped["time"]) >= at, "not before its moment");
  t.equal(await servedBy(a["port"]), second);
  t.match(await servers[1]!.next("reload"), { result: "unchanged", generation: second });
  t.equal(await servedBy(b["port"]), second);
  for (const server of servers) t.equal(await server.stop(), 0);
});

await t.test("a server that ends before the moment serves what it served, and puts nothing in place", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  // The drain is longer than the moment is away, so that there is time to serve the new one.
  const server = pullingServer(t, source, folder, { SWITCH_AT: "period", SHUTDOWN_DELAY: "8" });
  const { port } = await server.next("ready");
  const at = Date.now() + 7000;
  source.files.set(`${INDEX}.switch`, switchText({ digest: digestOf(SECOND), at }));
  source.files.set(INDEX, SECOND);
  t.match(await server.next("switch"), { generation: second });
  // Within the seconds in which it is loaded and waits.
  await sleep(at - 3000 - Date.now());
  server.process.kill("SIGTERM");
  await server.next("drain");
  await sleep(at + 500 - Date.now());
  t.equal(await servedBy(port), first);
  t.equal(await server.exited, 0);
  t.same(
    server.log.filter(({ event }) => event === "reload").map(({ result }) => result),
    ["refused"],
  );
  t.same(readdirSync(folder), ["index.bin"]);
  t.equal(generationOf(readFileSync(join(folder, "index.bin"))), first);
});
