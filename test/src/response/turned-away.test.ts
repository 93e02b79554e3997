import { join } from "node:path";
import t from "tap";
import type { Status } from "../../../src/admin/status-json.js";
import { newCounters, ORIGINS_TURNED_AWAY } from "../../../src/response/counters.js";
import { Router } from "../../../src/response/router.js";
import { LastTurnedAway, MAX_ORIGINS, TurnedAway } from "../../../src/response/turned-away.js";
import { metricsOf } from "../admin/metric.js";
import { FIRST, publish } from "../published.js";
import { request } from "../request.js";
import { BareServer } from "../running-server.js";
import { Connection } from "../server/connection.js";
import { inEveryPeriod, range, smallCatalog } from "../small-index.js";
import { SETTINGS } from "./response-settings.js";

const CATALOG = smallCatalog(inEveryPeriod({ campaign: 7, converting: [201] }), 4);
const SHOP = "https://shop.example";
const NEWS = "http://news.example:8080";

await t.test("who is turned away is counted and noted; who is allowed, is here, or is no other site, is not", (t) => {
  const notedOf = (allowedOrigins: readonly string[]): [number, Record<string, number>] => {
    const counters = newCounters();
    const turnedAway = new TurnedAway(counters);
    const router = new Router(CATALOG, { ...SETTINGS, allowedOrigins }, Math.random, Date.now, counters, turnedAway);
    const ask = (path: string, headers: Record<string, string>): unknown => request(router, "GET", path, headers);
    for (const path of ["/campaigns/7/banner.json", "/campaigns/8/banner.json"]) {
      ask(path, {});
      ask(path, { origin: SHOP, host: "media.example" });
      ask(path, { origin: NEWS, host: "media.example" });
      for (const origin of ["http://media.example", "https://media.example"])
        ask(path, { origin, host: "media.example" });
      ask(path, { origin: "https://media.example.evil.example", host: "media.example" });
    }
    for (const path of ["/campaigns/7", "/campaigns/7/banner", "/embed.js", "/nothing"]) ask(path, { origin: SHOP });
    return [counters[ORIGINS_TURNED_AWAY]!, Object.fromEntries(turnedAway.take() ?? [])];
  };
  const evil = { "https://media.example.evil.example": 2 };
  t.same(notedOf([]), [6, { [SHOP]: 2, [NEWS]: 2, ...evil }]);
  t.same(notedOf([SHOP]), [4, { [NEWS]: 2, ...evil }]);
  t.same(notedOf(["*"]), [0, {}]);
  t.end();
});

await t.test("what no browser writes is counted and not noted", (t) => {
  const counters = newCounters();
  const turnedAway = new TurnedAway(counters);
  const odd = [
    "null",
    "shop.example",
    "https://",
    "https://shop.example/",
    "https://shop.example/path?secret",
    "https://user@shop.example",
    "https://Shop.example",
    "https://shop.example:0",
    "https://shop.example:123456",
    "https://<b>",
    "https://shop.example\u0000",
    `https://${"a".repeat(254)}`,
    "chrome-extension://abcdefgh",
    "__proto__",
  ];
  for (const origin of odd) turnedAway.note(origin);
  t.equal(turnedAway.take(), undefined);
  t.equal(counters[ORIGINS_TURNED_AWAY], odd.length);
  const good = [
    SHOP,
    NEWS,
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://[::1]:8080",
    "https://xn--bcher-kva.example",
  ];
  for (const origin of good) turnedAway.note(origin);
  t.same([...turnedAway.take()!.keys()], good);
  t.end();
});

await t.test("a million origins are counted, and as few noted as ever", (t) => {
  const counters = newCounters();
  const turnedAway = new TurnedAway(counters);
  const last = new LastTurnedAway();
  for (let at = 0; at < 1_000_000; at++) {
    turnedAway.note(`https://a${at}.example`);
    if (at % 1000 !== 999) continue;
    const noted = turnedAway.take()!;
    if (noted.size !== MAX_ORIGINS) t.fail(`${noted.size} are noted`);
    last.add(noted, at);
    if (last.origins.length > MAX_ORIGINS) t.fail(`${last.origins.length} are kept`);
  }
  t.equal(counters[ORIGINS_TURNED_AWAY], 1_000_000);
  t.same(
    last.origins.map(({ origin }) => origin),
    range(0, MAX_ORIGINS - 1).map((at) => `https://a${999_019 - at}.example`),
  );
  t.end();
});

await t.test("what the workers have noted is summed, and the last comes first", (t) => {
  const last = new LastTurnedAway();
  last.add(new Map([[SHOP, 2]]), 1);
  last.add(new Map([[NEWS, 1]]), 2);
  t.same(
    last.origins.map(({ origin }) => origin),
    [NEWS, SHOP],
  );
  last.add(new Map([[SHOP, 3]]), 4);
  t.same(last.origins, [
    { origin: SHOP, count: 5, lastAt: 4 },
    { origin: NEWS, count: 1, lastAt: 2 },
  ]);
  t.end();
});

await t.test("a running server tells them, of all its workers, also after a reload", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new BareServer({ INDEX_FILE: file, WORKERS: "2", ALLOWED_ORIGINS: SHOP });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { port, adminPort } = await server.next("ready");
  const ask = async (origin: string): Promise<void> => {
    const connection = await Connection.open(Number(port));
    connection.send("GET /campaigns/1/banner.json HTTP/1.1", `Origin: ${origin}`);
    await connection.answer();
    connection.socket.destroy();
  };
  const turnedAway = async (): Promise<Status["turned_away"]> => {
    const answer = await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`);
    return ((await answer.json()) as Status).turned_away;
  };
  t.same(await turnedAway(), []);
  // Over so many connections, each worker has some.
  for (let at = 0; at < 40; at++) await ask(at % 2 === 0 ? SHOP : NEWS);
  while (((await turnedAway())[0]?.count ?? 0) < 20);
  server.process.kill("SIGHUP");
  await server.next("reload");
  await ask(NEWS);
  while ((await turnedAway())[0]!.count < 21);
  const [only, ...others] = await turnedAway();
  t.same([only!.origin, only!.count, others.length], [NEWS, 21, 0]);
  t.match(only!.last_at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  t.equal((await metricsOf(adminPort)).get("billboard_origins_turned_away_total"), 21);
  t.equal(await server.stop(), 0);
  t.same(server.warnings, []);
});
