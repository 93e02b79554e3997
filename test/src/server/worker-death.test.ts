import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { restartDelay } from "../../../src/server/worker-pool.js";
import { Connection } from "./connection.js";
import { metricsOf } from "../admin/metric.js";
import { RunningServer } from "../running-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { Visitors } from "../visitors.js";

const FAULT = `--import=${pathToFileURL(join(import.meta.dirname, "../../../tools/soak/fault.js")).href}`;
const PAGES = `billboard_http_requests_total{route="campaign",code="200"}`;

/** A server with two workers, and four connections to each of them. */
async function start(
  t: Test,
  fault: string,
  workers = "2",
): Promise<{ server: RunningServer; port: number; adminPort: unknown }> {
  const file = join(t.testdir(), "index.bin");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) })));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: workers, NODE_OPTIONS: FAULT, FAULT: fault });
  const { port, adminPort } = await server.next("ready");
  return { server, port: Number(port), adminPort };
}

for (const fault of ["throw", "reject", "exit"])
  await t.test(`a worker that dies (${fault}) is replaced, and the others do not notice`, async (t) => {
    const { server, port, adminPort } = await start(t, fault);
    let answered = 0;
    let counted = 0;
    for (let death = 1; death <= 3; death++) {
      // Each on a connection of its own: a worker may take those of its own visitors with it, and no others.
      const visitors = range(1, 24).map(() => new Visitors(port, 1));
      await Promise.all(visitors.map((visitor) => visitor.more(20)));
      server.process.kill("SIGUSR2");
      const died = await server.next("worker-died");
      t.match(died, {
        level: 50,
        worker: Number,
        reason: fault === "exit" ? "it ended with 7" : /a fault of the test/,
      });
      await server.next("worker-restarted");
      const unharmed = visitors.filter(({ failures }) => failures.length === 0);
      t.ok(unharmed.length > 0 && unharmed.length < 24, `${unharmed.length} of 24 were with the other worker`);
      await Promise.all(unharmed.map((visitor) => visitor.more(20)));
      t.ok(
        unharmed.every(({ failures }) => failures.length === 0),
        "their connections go on",
      );
      const newcomers = new Visitors(port, 16);
      await newcomers.more(200);
      const everybody = [...visitors, newcomers];
      await Promise.all(everybody.map((visitor) => visitor.stop()));
      t.same(newcomers.failures, [], "who comes now is served");

      answered += everybody.reduce((sum, { banners }) => sum + banners.length, 0);
      const metrics = await metricsOf(adminPort);
      t.equal(metrics.get("billboard_worker_restarts_total"), death);
      t.equal(metrics.get("billboard_workers"), 2);
      const pages = metrics.get(PAGES)!;
      t.ok(pages > counted && pages >= answered, `${pages} pages counted, ${answered} answered: none was lost`);
      counted = pages;
    }
    t.equal(await server.stop(), 0);
  });

await t.test("a single worker that dies is replaced as well, and takes up the index of now", async (t) => {
  const { server, port, adminPort } = await start(t, "throw", "1");
  const file = join(t.testdirName, "index.bin");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: range(200, 211) })));
  const verdict = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
  t.equal(verdict.status, 200);
  server.process.kill("SIGUSR2");
  await server.next("worker-died");
  await server.next("worker-restarted");
  const connection = await Connection.open(port);
  connection.send("GET /campaigns/1 HTTP/1.1");
  t.match((await connection.answer()).headers["set-cookie"], /^last_banner=2\d\d;/);
  t.equal(await server.stop(), 0);
});

await t.test("a worker that keeps dying is replaced ever later, within bounds", (t) => {
  t.same(range(1, 12).map(restartDelay), [0, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000]);
  t.end();
});
