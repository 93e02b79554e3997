import { once } from "node:events";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { Router } from "../../../src/response/router.js";
import { openServer } from "../../../src/server/engine.js";
import { canSharePort } from "../../../src/server/shared-port.js";
import type { PublicServer } from "../../../src/server/public-server.js";
import { SETTINGS } from "../response/response-settings.js";
import { Connection } from "./connection.js";
import { ENGINE } from "./tested-engine.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

const NOON = Date.UTC(2026, 10, 23, 12, 0);
const CELLS: SmallCell[] = [
  { campaign: 1, period: 1, converting: range(100, 111) },
  { campaign: 10, period: 1, converting: range(100, 111) },
  { campaign: 2, period: 1, converting: [100] },
];
/** More than the kernel takes in at once for a client that does not read. */
const LARGE = 16 << 20;

function routerOf(cells: readonly SmallCell[], now = (): number => NOON): Router {
  const large = imageOf(Buffer.alloc(LARGE, "0123456789abcdef"), "png", "png");
  return new Router(smallCatalog(cells, 4, new Map([[999, large]])), SETTINGS, seededRandom(1), now);
}

async function start(
  router = routerOf(CELLS),
  sendTimeoutMs?: number,
): Promise<{ server: PublicServer; port: number; faults: string[] }> {
  const faults: string[] = [];
  const events = {
    onError: (error: unknown, method: string, path: string) => faults.push(`${method} ${path}: ${String(error)}`),
  };
  const server = await openServer(ENGINE, { router, events, ...(sendTimeoutMs !== undefined && { sendTimeoutMs }) });
  return { server, port: await server.listen("127.0.0.1", 0), faults };
}

await t.test("every route and method over one connection", async (t) => {
  const { server, port } = await start();
  const connection = await Connection.open(port);
  const ask = async (line: string, hasBody = true, ...headers: string[]): ReturnType<Connection["answer"]> => {
    connection.send(`${line} HTTP/1.1`, ...headers);
    return connection.answer(hasBody);
  };
  const page = await ask("GET /campaigns/1/?utm=x");
  t.equal(page.status, 200);
  t.match(page.headers["set-cookie"], /^last_banner=1\d\d; Path=\/campaigns\/1; /);
  t.match(page.body.toString(), /<img src="\/campaigns\/banners\/image_1\d\d\.svg\?v=[0-9a-f]{32}" alt="Banner 1\d\d"/);

  const image = await ask("GET /campaigns/banners/image_100.svg");
  t.equal(image.headers["content-type"], "image/svg+xml");
  t.equal(image.body.length, Number(image.headers["content-length"]));

  const unmodified = await ask(
    "GET /campaigns/banners/image_100.svg",
    true,
    `If-None-Match: ${image.headers["etag"] ?? ""}`,
  );
  t.equal(unmodified.status, 304);
  t.equal(unmodified.headers["etag"], image.headers["etag"]);
  t.equal(unmodified.headers["content-length"], image.headers["content-length"], "the length of what the client has");

  t.equal((await ask("GET /campaigns/%31/banner")).body.toString(), "Campaign not found.\n");
  t.equal((await ask("GET /nothing")).status, 404);
  // A method that does not exist is no request to node:http.
  const unheardOf = ENGINE === "uws" ? ["BREW", "get"] : [];
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", ...unheardOf]) {
    const refused = await ask(`${method} /campaigns/1`, true);
    t.same([refused.status, refused.headers["allow"]], [405, "GET, HEAD"], method);
  }
  t.equal(connection.rest, "");
  server.close();
});

await t.test("HEAD says what GET says, without a body, and the next request is answered", async (t) => {
  const { server, port } = await start();
  const connection = await Connection.open(port);
  for (const path of ["/campaigns/2", "/campaigns/banners/image_100.svg", "/nothing", "/campaigns/7"]) {
    // Both at once, so that the second is there when the first has been answered.
    connection.send(`HEAD ${path} HTTP/1.1`);
    connection.send(`GET ${path} HTTP/1.1`);
    const head = await connection.answer(false);
    const get = await connection.answer();
    t.equal(head.status, get.status, path);
    t.same({ ...head.headers, date: "" }, { ...get.headers, date: "" });
    connection.send(`GET ${path} HTTP/1.1`);
    t.same((await connection.answer()).body, get.body);
  }
  t.equal(connection.rest, "");
  server.close();
});

await t.test("of itself the server says no more than its library's lines", async (t) => {
  const { server, port } = await start();
  const connection = await Connection.open(port);
  const libraryLines = { uws: ["uwebsockets"], node: ["connection", "keep-alive"] }[ENGINE];
  const own = ["date", "content-length", "cache-control", ...libraryLines];
  const allowed: Record<string, string[]> = {
    "/campaigns/1": [
      "content-type",
      "content-security-policy",
      "x-content-type-options",
      "cross-origin-resource-policy",
      "referrer-policy",
      "set-cookie",
    ],
    "/campaigns/banners/image_100.svg": [
      "content-type",
      "etag",
      "content-security-policy",
      "x-content-type-options",
      "cross-origin-resource-policy",
    ],
    "/campaigns/7": [
      "content-type",
      "content-security-policy",
      "x-content-type-options",
      "cross-origin-resource-policy",
    ],
  };
  for (const [path, names] of Object.entries(allowed)) {
    connection.send(`GET ${path} HTTP/1.1`);
    const { headers } = await connection.answer();
    t.same(Object.keys(headers).sort(), [...own, ...names].sort(), path);
  }
  server.close();
});

await t.test("an If-None-Match of several lines is one list", async (t) => {
  const { server, port } = await start();
  const connection = await Connection.open(port);
  const path = "/campaigns/banners/image_100.svg";
  connection.send(`GET ${path} HTTP/1.1`);
  const { headers } = await connection.answer();
  const version = headers["etag"]!.slice(1, -1);
  for (const [address, caching] of [
    [path, "public, max-age=3600"],
    [`${path}?v=${version}`, "public, max-age=31536000, immutable"],
  ]) {
    connection.send(`GET ${address!} HTTP/1.1`, 'If-None-Match: "x"', `If-None-Match: W/"${version}"`);
    const unmodified = await connection.answer();
    t.same([unmodified.status, unmodified.headers["cache-control"]], [304, caching]);
    connection.send(`GET ${address!} HTTP/1.1`, 'If-None-Match: "x"', 'If-None-Match: "y"');
    t.equal((await connection.answer()).status, 200);
  }
  server.close();
});

await t.test("cookies of campaigns 1 and 10 do not mix, and come in any of two headers", async (t) => {
  const { server, port } = await start(routerOf([{ campaign: 1, period: 1, converting: [100, 101] }]));
  const connection = await Connection.open(port);
  for (const headers of [
    ["Cookie: last_banner=100"],
    ["Cookie: a=b", "Cookie: last_banner=100"],
    ["cookie: a=1; last_banner=100; b=2"],
  ])
    for (let visit = 0; visit < 20; visit++) {
      connection.send("GET /campaigns/1 HTTP/1.1", ...headers);
      t.match((await connection.answer()).headers["set-cookie"], /^last_banner=101; Path=\/campaigns\/1;/);
    }
  server.close();
});

await t.test("a client that goes away harms nobody", async (t) => {
  const { server, port, faults } = await start();
  for (let visit = 0; visit < 20; visit++) {
    const leaving = await Connection.open(port);
    leaving.send("GET /campaigns/banners/image_999.png HTTP/1.1");
    await once(leaving.socket, "data");
    leaving.socket.destroy();
    const halfSaid = await Connection.open(port);
    halfSaid.socket.end("GET /campaigns/1 HT");
  }
  const staying = await Connection.open(port);
  staying.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  t.equal((await staying.answer()).body.length, LARGE);
  t.same(faults, []);
  server.close();
});

await t.test("a slow client gets a large image whole", async (t) => {
  const { server, port } = await start();
  const connection = await Connection.open(port);
  connection.socket.pause();
  connection.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  const other = await Connection.open(port);
  other.send("GET /campaigns/1 HTTP/1.1");
  t.equal((await other.answer()).status, 200, "meanwhile another is served");
  connection.socket.resume();
  const { body } = await connection.answer();
  t.ok(body.equals(Buffer.alloc(LARGE, "0123456789abcdef")));
  server.close();
});

await t.test("more requests than are answered in one turn of the event loop are answered in the next", async (t) => {
  const { server, port } = await start();
  const connections = await Promise.all(range(1, 3000).map(() => Connection.open(port)));
  // Nothing is read between these: server and clients are one thread.
  for (const connection of connections) connection.send("GET /campaigns/1 HTTP/1.1");
  const answers = await Promise.all(connections.map((connection) => connection.answer()));
  t.same(new Set(answers.map(({ status }) => status)), new Set([200]));
  const wrong = answers.filter(({ headers, body }) => {
    const banner = /^last_banner=(\d+)/.exec(headers["set-cookie"] ?? "")?.[1];
    return banner === undefined || !body.includes(`image_${banner}.svg`);
  });
  t.equal(wrong.length, 0, "each the whole page of its own banner");
  server.close();
});

await t.test("a client that takes nothing is cut after the time that it has", async (t) => {
  const { server, port } = await start(undefined, 1000);
  const stuck = await Connection.open(port);
  stuck.socket.pause();
  stuck.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  await sleep(3000);
  stuck.socket.resume();
  await stuck.closed;
  t.ok(stuck.socket.bytesRead < LARGE, `${stuck.socket.bytesRead} bytes`);
  server.close();
});

await t.test("a request is answered from the answers that are in use", async (t) => {
  const { server, port } = await start(routerOf([{ campaign: 1, period: 1, converting: [100] }]));
  const connection = await Connection.open(port);
  const banner = async (): Promise<string | undefined> => {
    connection.send("GET /campaigns/1 HTTP/1.1");
    return /last_banner=\d+/.exec((await connection.answer()).headers["set-cookie"] ?? "")?.[0];
  };
  t.equal(await banner(), "last_banner=100");
  server.use(routerOf([{ campaign: 1, period: 1, converting: [200] }]));
  t.equal(await banner(), "last_banner=200", "on the same connection");
  server.close();
});

await t.test("a fault of our own is one 500, is reported, and the server goes on", async (t) => {
  let broken = true;
  const router = routerOf(CELLS, () => {
    if (broken) throw new Error("the clock has stopped");
    return NOON;
  });
  const { server, port, faults } = await start(router);
  const connection = await Connection.open(port);
  connection.send("GET /campaigns/1 HTTP/1.1");
  t.equal((await connection.answer()).status, 500);
  t.same(faults, ["GET /campaigns/1: Error: the clock has stopped"]);
  broken = false;
  const next = await Connection.open(port);
  next.send("GET /campaigns/1 HTTP/1.1");
  t.equal((await next.answer()).status, 200);
  server.close();
});

await t.test("a port that is taken is an error, and so is an address of another machine", async (t) => {
  const { server, port } = await start();
  const second = await openServer(ENGINE, { router: routerOf(CELLS), events: { onError: () => undefined } });
  // By node:http, threads of one process share a port, and the claim on it keeps others off.
  if (ENGINE === "uws" || !canSharePort()) {
    await t.rejects(second.listen("127.0.0.1", port), {
      message: new RegExp(`^cannot listen on 127.0.0.1:${port}: the port (was|is) taken`),
    });
    await t.rejects(second.listen("0.0.0.0", port), /taken/);
  }
  // uWebSockets.js does not say why.
  const elsewhere = ENGINE === "uws" ? /cannot be opened: see HOST and PORT/ : /the address is not this machine's/;
  await t.rejects(second.listen("192.0.2.1", 0), elsewhere);
  server.close();
  t.ok((await second.listen("127.0.0.1", 0)) > 0, "it can listen elsewhere after that");
  second.close();
});

await t.test("draining answers what is in flight, asks clients to leave and closes what is idle", async (t) => {
  const { server, port } = await start();
  const idle = await Connection.open(port);
  const busy = await Connection.open(port);
  const slow = await Connection.open(port);
  for (const connection of [idle, busy]) {
    connection.send("GET /campaigns/1 HTTP/1.1");
    await connection.answer();
  }
  slow.socket.pause();
  slow.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  // Answered after the image was asked for, so the server has begun to send it.
  busy.send("GET /campaigns/1 HTTP/1.1");
  await busy.answer();

  const drained = server.drain(60_000);
  // The port closes at the end of the second turn of the event loop from here.
  for (let turn = 1; turn <= 3; turn++) await setImmediate();
  await t.rejects(Connection.open(port), { code: "ECONNREFUSED" });
  busy.send("GET /campaigns/1 HTTP/1.1");
  const last = await busy.answer();
  t.equal(last.status, 200);
  t.equal(last.headers["connection"], "close");
  await busy.closed;
  // Longer than the quiet after which idle connections are closed: one that is being answered is not idle.
  await sleep(1000);
  slow.socket.resume();
  t.equal((await slow.answer()).body.length, LARGE, "what was in flight is finished");
  t.equal(await drained, true);
  await Promise.all([idle.closed, slow.closed]);
});

await t.test("a client that went away before it had its image does not hold up the end", async (t) => {
  const { server, port } = await start();
  const idle = await Connection.open(port);
  const leaving = await Connection.open(port);
  leaving.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  await once(leaving.socket, "data");
  leaving.socket.destroy();
  // Short of the 10 s after which the library itself closes what is idle.
  t.equal(await server.drain(8_000), true);
  await idle.closed;
});

await t.test("HEAD and images too ask the client to leave while draining", async (t) => {
  const { server, port } = await start();
  const connections = [await Connection.open(port), await Connection.open(port)] as const;
  for (const connection of connections) {
    connection.send("GET /campaigns/1 HTTP/1.1");
    await connection.answer();
  }
  const drained = server.drain(60_000);
  connections[0].send("HEAD /campaigns/1 HTTP/1.1");
  connections[1].send("GET /campaigns/banners/image_100.svg HTTP/1.1");
  t.equal((await connections[0].answer(false)).headers["connection"], "close");
  t.equal((await connections[1].answer()).headers["connection"], "close");
  t.equal(await drained, true);
  await Promise.all(connections.map(({ closed }) => closed));
});

await t.test("a client that takes nothing does not hold up the end beyond the deadline", async (t) => {
  const { server, port } = await start();
  const stuck = await Connection.open(port);
  stuck.socket.pause();
  stuck.send("GET /campaigns/banners/image_999.png HTTP/1.1");
  const other = await Connection.open(port);
  other.send("GET /campaigns/1 HTTP/1.1");
  await other.answer();
  t.equal(await server.drain(100), false, "and says that not all was finished");
  stuck.socket.resume();
  await stuck.closed;
});
