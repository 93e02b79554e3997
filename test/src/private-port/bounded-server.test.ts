import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import { BoundedServer } from "../../../src/private-port/bounded-server.js";
import { Connection } from "../server/connection.js";
import { INDEX, startAdmin } from "../admin/running-admin.js";

type Handle = (message: IncomingMessage, response: ServerResponse) => void;

const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 10_000 };

async function start(
  t: Test,
  handle: Handle,
  max = 100,
  headersTimeout = 10_000,
  sendTimeoutMs?: number,
): Promise<[BoundedServer, number]> {
  const server = new BoundedServer(handle, max, { ...TIMEOUTS, headersTimeout }, sendTimeoutMs);
  t.teardown(() => {
    server.close();
  });
  return [server, await server.listen("127.0.0.1", 0, "ADMIN_")];
}

const pipelined = (count: number, path = "/"): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count);

/** Connected, and indifferent to how it ends. */
async function open(t: Test, port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  t.teardown(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Resolves when it has ended, by an error or without. */
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.resume().once("close", resolve));

/** Pipelines 1,000 requests, and asks on another connection meanwhile. @returns the first connection */
async function askMeanwhile(t: Test, port: number, handled: () => number): Promise<Connection> {
  const many = await Connection.open(port);
  const other = await Connection.open(port);
  many.socket.write(pipelined(1000, "/many"));
  await many.answer();
  other.send("GET / HTTP/1.1");
  t.equal((await other.answer()).status, 200);
  t.ok(handled() < 900, `another visitor is answered after ${handled()} of 1000`);
  other.socket.destroy();
  return many;
}

await t.test("of a connection's requests one is handled at a time, and others have their turn", async (t) => {
  let [underWay, most, handled] = [0, 0, 0];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    most = Math.max(most, ++underWay);
    await setImmediate();
    if (message.url === "/many") handled++;
    underWay--;
    response.end();
  };
  const [, port] = await start(t, (message, response) => void handle(message, response));
  const many = await askMeanwhile(t, port, () => handled);
  for (let answers = 1; answers < 1000; answers++) await many.answer();
  t.equal(handled, 1000, "all are answered in the end");
  t.ok(most <= 2, "one of each connection");
  many.socket.destroy();
});

await t.test("others have their turn between requests that are answered at once, too", async (t) => {
  let handled = 0;
  const [, port] = await start(t, (message, response) => {
    if (message.url === "/many") handled++;
    response.end();
  });
  const many = await askMeanwhile(t, port, () => handled);
  many.socket.destroy();
});

await t.test("nothing is handled for a connection that has been closed", async (t) => {
  let handled = 0;
  const [server, port] = await start(t, (message, response) => {
    handled++;
    message.socket.destroy();
    response.end();
  });
  const socket = await open(t, port);
  socket.write(pipelined(1000));
  await closed(socket);
  while (server.connections > 0) await setImmediate();
  t.equal(handled, 1);
});

await t.test("who has more requests waiting than anybody needs is cut", async (t) => {
  const waiting: ServerResponse[] = [];
  const [, port] = await start(t, (message, response) => {
    if (message.url === "/") waiting.push(response);
    else response.end();
  });
  const socket = await open(t, port);
  socket.write(pipelined(10_000));
  await closed(socket);
  t.equal(waiting.length, 1);
  const other = await Connection.open(port);
  other.socket.write(pipelined(2, "/other"));
  t.equal((await other.answer()).status, 200);
  t.equal((await other.answer()).status, 200, "what waited there counts no longer");
  other.socket.destroy();
});

await t.test("connections that do nothing make room for those that ask, the oldest first", async (t) => {
  const held: ServerResponse[] = [];
  const [server, port] = await start(
    t,
    (message, response) => {
      if (message.url === "/held") held.push(response);
      else response.end();
    },
    10,
  );
  const busy = await Connection.open(port);
  busy.send("GET /held HTTP/1.1");
  while (held.length === 0) await setImmediate();
  for (let idle = 0; idle < 50; idle++) {
    const socket = await open(t, port);
    socket.write(["", "GET / HT", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx"][idle % 3]!);
  }
  const newest = await Connection.open(port);
  const asking = await Connection.open(port);
  asking.send("GET / HTTP/1.1");
  t.equal((await asking.answer()).status, 200);
  t.ok(server.connections <= 10, `${server.connections} connections`);
  newest.send("GET / HTTP/1.1");
  t.equal((await newest.answer()).status, 200, "an older one has made room");
  held[0]!.end();
  t.equal((await busy.answer()).status, 200, "what is under way goes on");

  for (let stalling = 1; stalling <= 20; stalling++) {
    (await open(t, port)).write(pipelined(1, "/held"));
    while (held.length <= stalling) await setImmediate();
  }
  const next = await Connection.open(port);
  next.send("GET / HTTP/1.1");
  t.equal((await next.answer()).status, 200, "where none is idle the oldest of all is cut");
  t.ok(server.connections <= 10, `${server.connections} connections`);
  for (const { socket } of [busy, newest, asking, next]) socket.destroy();
});

await t.test("headers that do not come are not waited for", async (t) => {
  const [, port] = await start(t, (_, response) => response.end(), 100, 200);
  const socket = await open(t, port);
  socket.write("GET / HTTP/1.1\r\nHost: loc");
  await closed(socket);
  t.pass("it was cut");
});

await t.test("who takes nothing of what it is sent is cut, and who waits for it is not", async (t) => {
  const held: ServerResponse[] = [];
  const asked: string[] = [];
  // More than the buffers of the system take.
  const large = Buffer.alloc(64 * 2 ** 20);
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    asked.push(message.url!);
    if (message.url === "/held") held.push(response);
    else response.end(large);
  };
  const [server, port] = await start(t, handle, 100, 10_000, 200);
  const waiting = await Connection.open(port);
  waiting.send("GET /held HTTP/1.1");
  const stalled = await open(t, port);
  stalled.pause().write(pipelined(1));
  while (asked.length < 2 || server.connections > 1) await sleep(10);
  await closed(stalled);
  t.ok(stalled.bytesRead < large.length, "it was cut");
  held[0]!.end();
  t.equal((await waiting.answer()).status, 200);
  waiting.socket.destroy();
});

await t.test("health is told between requests that are many and dear", async (t) => {
  let looks = 0;
  const { ask, port } = await startAdmin(t, {
    index: () => {
      looks++;
      return INDEX;
    },
  });
  await ask("GET", "/metrics");
  const looksOfOne = looks;
  const crowd = await Promise.all(Array.from({ length: 50 }, () => Connection.open(port)));
  for (const { socket } of crowd) socket.write(pipelined(35, "/metrics"));
  await Promise.all(crowd.map((each) => each.answer()));
  const before = looks;
  for (let probe = 0; probe < 9; probe++)
    t.equal((await ask("GET", probe % 2 === 0 ? "/healthz" : "/readyz")).status, 200);
  const meanwhile = (looks - before) / looksOfOne;
  t.ok(meanwhile > 9, "they are still being answered");
  // A probe takes three turns of the event loop or a few more, and each turn answers one of them, not one a connection.
  t.ok(meanwhile < 100, `${meanwhile} of the crowd's were answered during 9 probes`);
  for (const { socket } of crowd) socket.destroy();
});
