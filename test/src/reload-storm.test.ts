import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import type { ReloadResult } from "../../src/index/reload.js";
import { Connection, type RawAnswer } from "./server/connection.js";
import { metricsOf } from "./admin/metric.js";
import { broken, FIRST, generationOf, publish, SECOND } from "./published.js";
import { RunningServer } from "./running-server.js";
import { range } from "./small-index.js";
import { servedBanner, Visitors } from "./visitors.js";

/** Fewer where a second run of the same test need not be as long. */
const RELOADS = Number(process.env["STORM_RELOADS"] ?? 500);

const BROKEN = broken();
const GENERATIONS = [generationOf(FIRST), generationOf(SECOND)];
/** Which of the two indexes a banner is in. */
const indexOf = (banner: number): number => Math.floor(banner / 100) - 1;

/** Page and cookie must be of one banner, which only one generation has. */
function judge(banner: number, { body }: RawAnswer): string | undefined {
  const shown = /image_(\d+)\.svg[^"]*" alt="Banner (\d+)"/.exec(body.toString());
  const isOne = shown?.[1] === String(banner) && shown[2] === String(banner);
  return isOne ? undefined : `cookie of ${banner}, page of ${shown?.[1] ?? body.toString()}`;
}

/** What is served now, asked on each connection. */
async function served(connections: readonly Connection[]): Promise<number[]> {
  return Promise.all(
    connections.map(async (connection) => {
      connection.send("GET /campaigns/1 HTTP/1.1");
      return indexOf(servedBanner(await connection.answer()));
    }),
  );
}

async function start(
  t: Test,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ file: string; server: RunningServer; port: number; adminPort: unknown }> {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2", ...environment });
  const { port, adminPort } = await server.next("ready");
  return { file, server, port: Number(port), adminPort };
}

/** Visitors of both kinds; all of them stay until they are stopped. */
class Crowd {
  readonly #visitors: readonly Visitors[];

  constructor(port: number) {
    this.#visitors = [new Visitors(port, 8, { judge }), new Visitors(port, 4, { judge, reconnect: true })];
  }

  async leave(): Promise<{ answers: number; failures: string[]; refused: number }> {
    await Promise.all(this.#visitors.map((visitors) => visitors.more(500)));
    await Promise.all(this.#visitors.map((visitors) => visitors.stop()));
    return {
      answers: this.#visitors.reduce((sum, { banners }) => sum + banners.length, 0),
      failures: this.#visitors.flatMap(({ failures }) => failures),
      refused: this.#visitors.reduce((sum, { refused }) => sum + refused, 0),
    };
  }
}

await t.test(`${RELOADS} reloads under load, every third of a broken file`, async (t) => {
  const { file, server, port, adminPort } = await start(t);
  const crowd = new Crowd(port);
  // Enough that both workers have some.
  const watchers = await Promise.all(range(1, 16).map(() => Connection.open(port)));
  let current = 0;
  const wrong: string[] = [];
  const counts = { replaced: 0, unchanged: 0, refused: 0 };
  for (let reload = 1; reload <= RELOADS; reload++) {
    const isBroken = reload % 3 === 0;
    const previous = GENERATIONS[current];
    if (!isBroken) current = 1 - current;
    publish(file, isBroken ? BROKEN : [FIRST, SECOND][current]!);
    const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
    const result = (await response.json()) as ReloadResult;
    counts[result.result]++;
    const told = [response.status, result.result, result.generation, result.previous].join(" ");
    const expected = [isBroken ? "409 refused" : "200 replaced", GENERATIONS[current], previous].join(" ");
    if (told !== expected) wrong.push(`reload ${reload}: ${told}, expected ${expected}`);
    // Every request that is sent after the result, to whichever worker, is answered from what it names.
    const now = await served(watchers);
    if (now.some((index) => index !== current)) wrong.push(`reload ${reload}: served ${now.join(" ")}`);
  }
  t.same(wrong, []);
  const refused = Math.floor(RELOADS / 3);
  t.same(counts, { replaced: RELOADS - refused, unchanged: 0, refused });
  const { answers, failures, refused: unconnected } = await crowd.leave();
  t.same(failures, [], `none of ${answers} requests failed`);
  t.equal(unconnected, 0);
  t.ok(watchers.every(({ socket }) => !socket.closed));

  const metrics = await metricsOf(adminPort);
  for (const [result, count] of Object.entries(counts))
    t.equal(metrics.get(`billboard_index_reloads_total{result="${result}"}`), count);
  t.equal(metrics.get(`billboard_index_info{generation="${GENERATIONS[current]!}"}`), 1);
  for (const { socket } of watchers) socket.destroy();
  t.equal(await server.stop(), 0);
});

await t.test("a reload waits for a worker that is busy, and until then none serves the new index", async (t) => {
  const goOn = join(t.testdirName, "go-on");
  const FAULT = `--import=${pathToFileURL(join(import.meta.dirname, "../../tools/soak/fault.js")).href}`;
  const { file, server, port, adminPort } = await start(t, { NODE_OPTIONS: FAULT, FAULT: "hold", GO_ON: goOn });
  const visitors = range(1, 16).map(() => new Visitors(port, 1, { judge }));
  await Promise.all(visitors.map((visitor) => visitor.more(5)));
  server.process.kill("SIGUSR2");
  await server.next("held");
  publish(file, SECOND);
  let result: ReloadResult | undefined;
  const asked = fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" }).then(async (response) => {
    result = (await response.json()) as ReloadResult;
  });
  // Those with the other worker go on meanwhile.
  const before = visitors.map(({ banners }) => banners.length);
  while (!visitors.some(({ banners }, at) => banners.length > before[at]! + 100)) await sleep(5);
  await sleep(200);
  t.equal(result, undefined, "one worker is not ready");
  t.ok(visitors.every(({ banners }) => banners.every((banner) => indexOf(banner) === 0)));
  writeFileSync(goOn, "");
  await asked;
  t.match(result, { result: "replaced", generation: GENERATIONS[1] });
  const counts = visitors.map(({ banners }) => banners.length);
  await Promise.all(visitors.map((visitor) => visitor.more(5)));
  await Promise.all(visitors.map((visitor) => visitor.stop()));
  t.same(
    visitors.flatMap(({ failures }) => failures),
    [],
  );
  // One response may have been on its way.
  t.ok(visitors.every(({ banners }, at) => banners.slice(counts[at]! + 1).every((banner) => indexOf(banner) === 1)));
  t.equal(await server.stop(), 0);
});

await t.test("a worker that fails to load an index keeps all with the one before, and alive", async (t) => {
  const fail = join(t.testdirName, "fail");
  const FAILING = `--import=${pathToFileURL(join(import.meta.dirname, "server/failing-worker.js")).href}`;
  const { file, server, port, adminPort } = await start(t, { NODE_OPTIONS: FAILING, FAIL: fail });
  const crowd = new Crowd(port);
  const watchers = await Promise.all(range(1, 16).map(() => Connection.open(port)));
  const reload = async (): Promise<[status: number, ReloadResult]> => {
    const response = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
    return [response.status, (await response.json()) as ReloadResult];
  };
  writeFileSync(fail, "");
  publish(file, SECOND);
  const [first, second] = GENERATIONS;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const refused = { result: "refused", generation: first, previous: first, reason: "an error of the test" };
    t.same(await reload(), [409, refused]);
    t.same(new Set(await served(watchers)), new Set([0]));
  }
  const metrics = await metricsOf(adminPort);
  t.equal(metrics.get("billboard_worker_restarts_total"), 0);
  t.equal(metrics.get("billboard_workers"), 2);
  t.equal(metrics.get(`billboard_index_info{generation="${first!}"}`), 1);
  t.match(await server.next("error"), { err: { message: "an error of the test", stack: /failing-worker/ } });
  rmSync(fail);
  t.same(await reload(), [200, { result: "replaced", generation: second, previous: first }]);
  t.same(new Set(await served(watchers)), new Set([1]));
  t.same((await crowd.leave()).failures, []);
  for (const { socket } of watchers) socket.destroy();
  t.equal(await server.stop(), 0);
});

await t.test("a storm of signals is a few reloads, the last of which sees the last index", async (t) => {
  const { file, server, port, adminPort } = await start(t);
  const crowd = new Crowd(port);
  for (let signal = 1; signal <= 500; signal++) {
    publish(file, signal % 2 === 0 ? FIRST : SECOND);
    server.process.kill("SIGHUP");
  }
  publish(file, SECOND);
  server.process.kill("SIGHUP");
  // Begins after the signals' have, or is the one that was waiting when it came.
  await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
  const watchers = await Promise.all(range(1, 16).map(() => Connection.open(port)));
  t.same(new Set(await served(watchers)), new Set([1]));
  t.same((await crowd.leave()).failures, []);
  for (const { socket } of watchers) socket.destroy();
  t.equal(await server.stop(), 0);
  const reloads = server.log.filter(({ event }) => event === "reload");
  t.ok(reloads.length <= 502 && reloads.every(({ result }) => result !== "refused"), `${reloads.length} reloads`);
});
