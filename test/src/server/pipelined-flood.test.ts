/** What clients cost the others that pipeline requests without end and read no reply, and that they are cut. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import t, { type Test } from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { BareServer } from "../running-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { Connection } from "./connection.js";
import { ENGINE } from "./tested-engine.js";

// Longer than any of it takes on a machine that is busy with other things.
t.setTimeout(300_000);

const IMAGE = "/campaigns/banners/image_999.png";
const CURRENT = "If-None-Match: *\r\n";
const FLOODS: Readonly<Record<string, string>> = {
  page: "GET /campaigns/1 HTTP/1.1\r\n",
  json: "GET /campaigns/1/banner.json HTTP/1.1\r\n",
  redirect: "GET /campaigns/1/banner HTTP/1.1\r\n",
  image: `GET ${IMAGE} HTTP/1.1\r\n`,
  "not modified": `GET ${IMAGE} HTTP/1.1\r\n${CURRENT}`,
  script: "GET /embed.js HTTP/1.1\r\n",
  "not found": "GET /nothing HTTP/1.1\r\n",
  "not allowed": "POST / HTTP/1.1\r\n",
  "HEAD of a page": "HEAD /campaigns/1 HTTP/1.1\r\n",
  "HEAD of an image": `HEAD ${IMAGE} HTTP/1.1\r\n`,
  "HEAD of nothing": "HEAD /nothing HTTP/1.1\r\n",
  "HEAD, not modified": `HEAD ${IMAGE} HTTP/1.1\r\n${CURRENT}`,
};
/** The kernel holds some 10 MiB of replies that nobody reads, which less than this of requests leads to. */
const MAX_SENT = 16 << 20;
const BURST = 512 << 10;
const AT_ONCE = 8;
/** node:http makes objects of each request, which the garbage collector leaves for a while. */
const MAX_GROWTH_MIB = ENGINE === "uws" ? 48 : 320;

const file = join(t.testdir(), "index.bin");
const images = new Map([[999, imageOf(Buffer.alloc(60_000, "0123"), "png", "png")]]);
writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) }), 4, images));
const server = new BareServer({ INDEX_FILE: file, WORKERS: "2" });
t.teardown(() => server.process.kill("SIGKILL"));
const port = await server.ready();

/** One that has seen no flood yet. */
async function ownServer(t: Test): Promise<{ port: number }> {
  const server = new BareServer({ INDEX_FILE: file, WORKERS: "1" });
  t.teardown(() => server.process.kill("SIGKILL"));
  return { port: await server.ready() };
}

function residentMib(): number {
  const kib = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${server.process.pid}/status`, "utf8"))![1];
  return Number(kib) / 1024;
}

/** Sends until it is cut, and returns how many bytes that took; MAX_SENT where it is not cut. */
async function flood(request: string, atOnce: number): Promise<number> {
  const socket = connect(port, "127.0.0.1").pause();
  const gone = once(socket, "close").catch(() => undefined);
  socket.on("error", () => undefined);
  const requests = `${request}Host: test\r\n\r\n`.repeat(atOnce);
  let sent = 0;
  while (!socket.closed && sent < MAX_SENT) {
    sent += requests.length;
    if (!socket.write(requests)) await Promise.race([gone, once(socket, "drain").catch(() => undefined)]);
    else await turn();
  }
  socket.destroy();
  return sent;
}

/** Asks until `over` resolves. @returns the longest time that a page took, in milliseconds */
async function visit(over: Promise<unknown>): Promise<number> {
  const connection = await Connection.open(port);
  let longest = 0;
  const state = { isOver: false };
  const ended = over.then(() => (state.isOver = true));
  while (!state.isOver) {
    const start = performance.now();
    connection.send("GET /campaigns/1 HTTP/1.1");
    const { status } = await connection.answer();
    if (status !== 200) throw new Error(`a visitor got ${status}`);
    longest = Math.max(longest, performance.now() - start);
    await turn();
  }
  await ended;
  connection.socket.destroy();
  return longest;
}

const requestLength = (request: string): number => request.length + "Host: test\r\n\r\n".length;

await t.test("who pipelines and reads nothing is cut, whatever it asks for, and others are served", async (t) => {
  // That all buffers have been used once.
  await Promise.all(range(1, AT_ONCE).map(() => flood(FLOODS["page"]!, 1000)));
  const before = residentMib();
  for (const [what, request] of Object.entries(FLOODS)) {
    const start = performance.now();
    const floods = Promise.all(range(1, AT_ONCE).map(() => flood(request, Math.floor(BURST / requestLength(request)))));
    const visits = await Promise.all(range(1, 4).map(() => visit(floods)));
    const took = performance.now() - start;
    const sent = await floods;
    t.ok(
      Math.max(...sent) < MAX_SENT,
      `${what}: cut after ${(Math.max(...sent) / 2 ** 20).toFixed(1)} MiB of requests`,
    );
    const grown = residentMib() - before;
    t.ok(grown < MAX_GROWTH_MIB, `${what}: ${grown.toFixed(0)} MiB more memory`);
    t.comment(`${what}: ${took.toFixed(0)} ms, the longest visit ${Math.max(...visits).toFixed(0)} ms`);
  }
});

await t.test("so is who sends a few requests at a time", async (t) => {
  const kinds = ["page", "not modified", "HEAD of a page"];
  const all = await Promise.all(kinds.map((what) => flood(FLOODS[what]!, 20)));
  for (const [at, sent] of all.entries())
    t.ok(sent < MAX_SENT, `${kinds[at]!}: cut after ${(sent / 2 ** 20).toFixed(1)} MiB of requests`);
});

await t.test("who pipelines and reads gets every reply", async (t) => {
  const { port } = await ownServer(t);
  const heads = 200;
  const pipelining = range(1, 4).map(async () => {
    const connection = await Connection.open(port);
    for (let at = 0; at < heads; at++) connection.send("HEAD /campaigns/1 HTTP/1.1");
    for (let at = 0; at < heads; at++) if ((await connection.answer(false)).status !== 200) return at;
    connection.socket.destroy();
    return heads;
  });
  t.same(await Promise.all(pipelining), Array<number>(4).fill(heads));
});

// Others wait for as long as a turn takes that answers all that a client has sent.
await t.test("who keeps coming back with thousands of requests is cut in the turn that reads them", async (t) => {
  const { port } = await ownServer(t);
  let replies = 0;
  const rounds = 20;
  for (let round = 0; round < rounds; round++) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.setEncoding("latin1").on("data", (piece: string) => (replies += piece.split("HTTP/1.1 200").length - 1));
    socket.write("HEAD /campaigns/1 HTTP/1.1\r\nHost: test\r\n\r\n".repeat(4000));
    await new Promise((resolve) => socket.on("close", resolve));
  }
  t.ok(replies < rounds * 500, `${replies} replies in ${rounds} connections`);
});

await t.test("the server is none the worse for it", async (t) => {
  t.equal(await server.stop(), 0);
  t.same(server.warnings, []);
  t.equal(server.text, "");
});
