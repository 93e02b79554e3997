import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { Connection } from "./server/connection.js";
import { metricsOf } from "./admin/metric.js";
import { FIRST, generationOf, publish, SECOND } from "./published.js";
import { RunningServer } from "./running-server.js";
import { range, smallIndex } from "./small-index.js";
import { Visitors } from "./visitors.js";

const HELD = { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "held-load.js")).href}` };

function start(t: Test, environment: Record<string, string> = {}): { server: RunningServer; file: string } {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  return { server: new RunningServer({ INDEX_FILE: file, WORKERS: "2", ...environment }), file };
}

/** What every line of the log about a request has. */
const COMMON = ["level", "time", "event", "worker"];

const statusOf = async (adminPort: unknown, path: string, method = "GET"): Promise<number> =>
  (await fetch(`http://127.0.0.1:${String(adminPort)}${path}`, { method })).status;

await t.test("no reload begins before its request is there", async (t) => {
  const { server } = start(t);
  const { adminPort } = await server.next("ready");
  const connection = await Connection.open(Number(adminPort));
  connection.socket.write("POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx");
  const reloads = async (): Promise<unknown> =>
    (await metricsOf(adminPort)).get('billboard_index_reloads_total{result="unchanged"}');
  // Would be behind the one that has begun, which would count too.
  t.equal(await statusOf(adminPort, "/reload", "POST"), 200);
  t.equal(await reloads(), 1);
  connection.socket.write("x");
  t.match(await connection.answer(), { status: 200 });
  t.equal(await reloads(), 2);
  connection.socket.destroy();
  t.equal(await server.stop(), 0);
});

await t.test("before the first index the server is alive and not ready, and a reload waits for it", async (t) => {
  const { server, file } = start(t, HELD);
  const { adminPort } = await server.next("start");
  t.equal(await statusOf(adminPort, "/healthz"), 200);
  t.equal(await statusOf(adminPort, "/readyz"), 503);
  t.equal(await statusOf(adminPort, "/index.json"), 503);
  t.equal(await statusOf(adminPort, "/reload", "POST"), 503);
  t.equal((await metricsOf(adminPort)).get('billboard_index_info{generation=""}'), 0);
  server.process.kill("SIGHUP");
  // Answered behind the signal's handler, which is what the SIGUSR2 must wait for.
  await statusOf(adminPort, "/healthz");
  server.process.kill("SIGUSR2");
  await server.next("ready");
  t.match(await server.next("reload"), { result: "unchanged", generation: generationOf(FIRST) });
  t.equal(await statusOf(adminPort, "/readyz"), 200);
  publish(file, SECOND.subarray(1));
  t.equal(await statusOf(adminPort, "/reload", "POST"), 409);
  t.equal(await statusOf(adminPort, "/readyz"), 200, "a reload that fails leaves it ready");
  t.equal(await server.stop(), 0);
});

await t.test("a server that is told to end before it serves ends with 0", async (t) => {
  const { server } = start(t, HELD);
  await server.next("start");
  t.equal(await server.stop(), 0);
});

await t.test("SHUTDOWN_DELAY: not ready at once, and everything else as before", async (t) => {
  const { server } = start(t, { SHUTDOWN_DELAY: "3600" });
  const { port, adminPort } = await server.next("ready");
  server.process.kill("SIGTERM");
  await server.next("drain");
  t.equal(await statusOf(adminPort, "/readyz"), 503);
  t.equal(await statusOf(adminPort, "/healthz"), 200);
  t.equal(await statusOf(adminPort, "/reload", "POST"), 503);
  const visitors = new Visitors(Number(port), 4, {
    reconnect: true,
    judge: (_, { headers }) => (headers["connection"] === "close" ? "told to leave" : undefined),
  });
  await visitors.more(50);
  await visitors.stop();
  t.same([visitors.failures, visitors.refused], [[], 0]);
  server.process.kill("SIGHUP");
  t.equal(await statusOf(adminPort, "/healthz"), 200);
  server.process.kill("SIGTERM");
  t.equal(await server.exited, 1);
  t.notOk(
    server.log.some(({ event }) => event === "reload"),
    "whoever ends takes nothing up",
  );
});

await t.test("after SHUTDOWN_DELAY the server drains and ends by itself", async (t) => {
  const { server } = start(t, { SHUTDOWN_DELAY: "1" });
  await server.ready();
  t.equal(await server.stop(), 0);
  const [drain, stop] = server.log.slice(-2);
  t.match([drain, stop], [{ event: "drain", delay: 1 }, { event: "stop" }]);
  t.ok(Number(stop!["time"]) - Number(drain!["time"]) >= 1000);
});

await t.test("what is in flight at SHUTDOWN_TIMEOUT is cut, and the server ends with 0 all the same", async (t) => {
  const { server } = start(t, { SHUTDOWN_TIMEOUT: "1" });
  const port = await server.ready();
  // Asks again and again for what it was told to be the last: only the deadline ends it.
  const connection = await Connection.open(port);
  connection.socket.on("data", () => {
    connection.send("GET /campaigns/1 HTTP/1.1");
  });
  connection.send("HEAD /campaigns/1 HTTP/1.1");
  t.equal(await server.stop(), 0);
  await connection.closed;
});

await t.test("the public port has none of the administration's routes", async (t) => {
  const { server } = start(t);
  const port = await server.ready();
  const connection = await Connection.open(port);
  for (const path of ["/healthz", "/readyz", "/metrics", "/reload", "/index.json", "/status.json", "/visit.json"]) {
    connection.send(`GET ${path} HTTP/1.1`);
    t.equal((await connection.answer()).status, 404, path);
    connection.send(`POST ${path} HTTP/1.1`);
    t.equal((await connection.answer()).status, 405, path);
  }
  connection.socket.destroy();
  t.equal(await server.stop(), 0);
  t.notOk(server.log.some(({ event }) => event === "reload"));
});

await t.test("ACCESS_LOG_SAMPLE: every request with 1, none without, and nothing of the visitor", async (t) => {
  for (const sample of ["1", ""]) {
    const { server } = start(t, { ACCESS_LOG_SAMPLE: sample });
    const connection = await Connection.open(await server.ready());
    const ask = async (line: string, hasBody = true): Promise<void> => {
      connection.send(`${line} HTTP/1.1`, "Cookie: last_banner=103; secret=1", "User-Agent: secret", "Referer: secret");
      await connection.answer(hasBody);
    };
    await ask("GET /campaigns/1?secret=1");
    await ask("HEAD /campaigns/banners/image_100.svg", false);
    await ask("GET /campaigns/secret");
    await ask("POST /secret");
    connection.socket.destroy();
    t.equal(await server.stop(), 0);
    const logged = server.log.filter(({ event }) => event === "request");
    const expected = [
      { method: "GET", route: "campaign", code: 200, path: "/campaigns/1" },
      { method: "HEAD", route: "image", code: 200, path: "/campaigns/banners/image_100.svg" },
      { method: "GET", route: "campaign", code: 404 },
      { method: "OTHER", route: "other", code: 405 },
    ];
    t.same(
      logged.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !COMMON.includes(name)))),
      sample === "1" ? expected : [],
    );
    t.ok(logged.every(({ worker }) => worker === 1 || worker === 2));
    t.notMatch(JSON.stringify(server.log), /secret|last_banner/);
  }
});

await t.test("ACCESS_LOG_SAMPLE is a share", async (t) => {
  const { server } = start(t, { ACCESS_LOG_SAMPLE: "0.25" });
  const visitors = new Visitors(await server.ready(), 4);
  await visitors.more(4000);
  await visitors.stop();
  t.equal(await server.stop(), 0);
  const share = server.log.filter(({ event }) => event === "request").length / visitors.banners.length;
  // Seven standard deviations of a share of 4,000.
  t.ok(Math.abs(share - 0.25) < 0.05, String(share));
});

await t.test("decisions are counted by rule, and repeats that were avoided", async (t) => {
  const { server } = start(t);
  const { port, adminPort } = await server.next("ready");
  const connection = await Connection.open(Number(port));
  for (const visit of range(1, 20)) {
    connection.send("GET /campaigns/1 HTTP/1.1", `Cookie: last_banner=${visit <= 7 ? 100 : 999}`);
    await connection.answer();
  }
  const metrics = await metricsOf(adminPort);
  t.equal(metrics.get('billboard_decisions_total{rule="top-10"}'), 20);
  t.equal(metrics.get("billboard_repeat_avoided_total"), 7);
  t.ok(metrics.get("billboard_index_loaded_timestamp_seconds")! > 1.7e9);
  connection.socket.destroy();
  t.equal(await server.stop(), 0);
});

await t.test("an index that was cut in another zone is a warning, at the start and at each reload", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const cutIn = (timeZone: string): Uint8Array =>
    smallIndex([{ campaign: 1, period: 1, pool: [1] }], 4, new Map(), new Map(), { timeZone });
  publish(file, cutIn("Asia/Kathmandu"));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", TIME_ZONE: "Europe/Berlin" });
  const warning = await server.next("other-zone");
  t.match(warning, { level: 40, timeZone: "Asia/Kathmandu" });
  t.match(warning["msg"], /^the index was cut into periods in Asia\/Kathmandu, and this server's TIME_ZONE is Europe/);
  const { adminPort } = await server.next("ready");
  publish(file, cutIn("Europe/Berlin"));
  t.equal(await statusOf(adminPort, "/reload", "POST"), 200);
  publish(file, cutIn("UTC"));
  t.equal(await statusOf(adminPort, "/reload", "POST"), 200);
  t.match(await server.next("other-zone"), { timeZone: "UTC" }, "and none for one of the server's own");
  t.equal(await server.stop(), 0);
});
