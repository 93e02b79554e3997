import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import type { ReloadResult } from "../../../src/index/reload.js";
import { metricsOf } from "../admin/metric.js";
import { FIRST, generationOf, publish, SECOND } from "../published.js";
import { RunningServer } from "../running-server.js";
import { range } from "../small-index.js";
import { Visitors } from "../visitors.js";

const FAULT = pathToFileURL(join(import.meta.dirname, "../../../tools/soak/fault.js")).href;
const HANGS = "billboard_worker_hangs_total";

/** `canGoOn` from the beginning. */
function launch(t: Test, environment: Readonly<Record<string, string>>, canGoOn = false): RunningServer {
  const file = join(t.testdir(), "index.bin");
  const goOn = join(t.testdirName, "go-on");
  publish(file, FIRST);
  if (canGoOn) writeFileSync(goOn, "");
  const server = new RunningServer({
    INDEX_FILE: file,
    WORKERS: "2",
    NODE_OPTIONS: `--import=${FAULT}`,
    GO_ON: goOn,
    ...environment,
  });
  t.teardown(() => server.process.kill("SIGKILL"));
  return server;
}

async function start(
  t: Test,
  environment: Readonly<Record<string, string>>,
  canGoOn = false,
): Promise<{ server: RunningServer; file: string; goOn: string; port: number; adminPort: unknown }> {
  const server = launch(t, environment, canGoOn);
  const { port, adminPort } = await server.next("ready");
  const [file, goOn] = [join(t.testdirName, "index.bin"), join(t.testdirName, "go-on")];
  return { server, file, goOn, port: Number(port), adminPort };
}

async function readiness(adminPort: unknown): Promise<readonly [status: number, text: string]> {
  const response = await fetch(`http://127.0.0.1:${String(adminPort)}/readyz`);
  return [response.status, await response.text()];
}

async function reload(adminPort: unknown): Promise<ReloadResult> {
  const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
  return (await response.json()) as ReloadResult;
}

async function servedGeneration(adminPort: unknown): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`);
  return ((await response.json()) as { index: { generation: string } }).index.generation;
}

await t.test("a worker that hangs is noticed, its reload is refused, and all goes on when it does", async (t) => {
  const { server, file, goOn, adminPort } = await start(t, { FAULT: "hold" });
  t.same(await readiness(adminPort), [200, "ready\n"]);
  server.process.kill("SIGUSR2");
  await server.next("held");
  const begin = performance.now();
  publish(file, SECOND);
  const [first, second] = [generationOf(FIRST), generationOf(SECOND)];
  const asked = reload(adminPort);
  const { worker } = await server.next("worker-hangs");
  const ms = performance.now() - begin;
  t.ok(ms < 5000, `noticed after ${ms} ms`);
  t.same(await readiness(adminPort), [503, `Worker ${String(worker)} hangs.\n`]);
  t.equal((await metricsOf(adminPort)).get(HANGS), 1);
  const reason = `worker ${String(worker)} did not answer: it hangs`;
  t.same(await asked, { result: "refused", generation: first, previous: first, reason });
  t.same(await reload(adminPort), { result: "refused", generation: first, previous: first, reason });
  t.equal(await servedGeneration(adminPort), first);

  writeFileSync(goOn, "");
  t.match(await server.next("worker-resumed"), { worker });
  t.same(await readiness(adminPort), [200, "ready\n"]);
  t.same(await reload(adminPort), { result: "replaced", generation: second, previous: first });
  rmSync(goOn);
  t.equal((await metricsOf(adminPort)).get(HANGS), 1);
  t.equal(await server.stop(), 0);
});

await t.test("one that hangs between being ready and the swap: the result comes, and is true", async (t) => {
  const { server, file, goOn, port, adminPort } = await start(t, { FAULT: "hold-swap" });
  server.process.kill("SIGUSR2");
  await server.next("armed");
  publish(file, SECOND);
  const asked = reload(adminPort);
  await server.next("held");
  await server.next("worker-hangs");
  t.match(await asked, { result: "replaced", generation: generationOf(SECOND) });
  t.equal(await servedGeneration(adminPort), generationOf(SECOND));
  t.equal((await metricsOf(adminPort)).get(`billboard_index_info{generation="${generationOf(SECOND)}"}`), 1);
  writeFileSync(goOn, "");
  await server.next("worker-resumed");
  const visitors = new Visitors(port, 16, { judge: (banner) => (banner < 200 ? `banner ${banner}` : undefined) });
  await visitors.more(200);
  await visitors.stop();
  t.same(visitors.failures, []);
  t.equal(await server.stop(), 0);
});

await t.test("a worker that hangs for HANG_TIMEOUT has the others drained, and the process ends itself", async (t) => {
  const { server, port } = await start(t, { FAULT: "hold", HANG_TIMEOUT: "4" });
  const visitors = range(1, 16).map(() => new Visitors(port, 1));
  await Promise.all(visitors.map((visitor) => visitor.more(5)));
  server.process.kill("SIGUSR2");
  t.match(await server.next("drain"), { level: 60, worker: Number, msg: /has hung for 4 s/ });
  t.match(await server.next("stop"), { level: 60, worker: Number });
  await server.exited;
  t.equal(server.process.signalCode, "SIGKILL", "the one way past a thread that hangs");
  t.equal(server.text, "");
  await Promise.all(visitors.map((visitor) => visitor.stop()));
  const unharmed = visitors.filter(({ failures }) => failures.length === 0).length;
  t.ok(unharmed > 0 && unharmed < 16, `${unharmed} of 16 were with the other worker`);
});

await t.test("a worker that hangs before it listens is noticed, and its reload is refused", async (t) => {
  const { server, file, goOn, adminPort } = await start(t, { FAULT: "hold-start" }, true);
  rmSync(goOn);
  server.process.kill("SIGUSR2");
  const { worker } = await server.next("worker-died");
  await server.next("held");
  publish(file, SECOND);
  const asked = reload(adminPort);
  t.match(await server.next("worker-hangs"), { worker });
  t.same(await readiness(adminPort), [503, `Worker ${String(worker)} hangs.\n`]);
  t.match(await asked, { result: "refused", reason: `worker ${String(worker)} did not answer: it hangs` });
  writeFileSync(goOn, "");
  await server.next("worker-restarted");
  await server.next("worker-resumed");
  t.same(await readiness(adminPort), [200, "ready\n"]);
  t.match(await reload(adminPort), { result: "replaced", generation: generationOf(SECOND) });
  t.equal(await server.stop(), 0);
});

await t.test("a start at which all workers hang ends the process after HANG_TIMEOUT", async (t) => {
  const server = launch(t, { FAULT: "hold-start", HANG_TIMEOUT: "1", SHUTDOWN_TIMEOUT: "1" });
  t.match(await server.next("drain"), { level: 60, worker: 1, msg: /has hung for/ });
  await server.exited;
  t.equal(server.process.signalCode, "SIGKILL");
  t.notOk(server.log.some(({ event }) => event === "ready"));
});

await t.test("HANG_TIMEOUT=0 waits for ever, and SIGTERM ends it all the same", async (t) => {
  const { server } = await start(t, { FAULT: "hold", HANG_TIMEOUT: "0", SHUTDOWN_TIMEOUT: "1" });
  server.process.kill("SIGUSR2");
  await server.next("worker-hangs");
  await server.stop();
  t.match(await server.next("drain"), { signal: "SIGTERM" }, "not because of the hang");
  t.equal(server.process.signalCode, "SIGKILL");
});

await t.test("a main thread that stands still, or a process that is stopped, makes no worker hang", async (t) => {
  const { server, adminPort } = await start(t, { FAULT: "main-busy" });
  // Each comes between two of the looks, which are a second apart.
  await sleep(1500);
  server.process.kill("SIGUSR2");
  await server.next("busy");
  await sleep(1500);
  server.process.kill("SIGSTOP");
  await sleep(4500);
  server.process.kill("SIGCONT");
  await sleep(1500);
  t.same(await readiness(adminPort), [200, "ready\n"]);
  t.equal((await metricsOf(adminPort)).get(HANGS), 0);
  t.equal(await server.stop(), 0);
});
