/** That both engines send the same bytes, but for the lines that each adds itself. */
import { once } from "node:events";
import { connect } from "node:net";
import t, { type Test } from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { Router } from "../../../src/response/router.js";
import { ENGINES, openServer, type Engine } from "../../../src/server/engine.js";
import { SETTINGS } from "../response/response-settings.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog } from "../small-index.js";

const NOON = Date.UTC(2026, 10, 23, 12, 0);
const LARGE = imageOf(Buffer.alloc(3 << 20, "0123456789abcdef"), "png", "png");
const CELLS = [
  { campaign: 1, period: 1, converting: range(100, 111) },
  { campaign: 4294967295, period: 1, converting: [4294967295] },
];
const SITE = "https://www.example.com";
const OWN_LINES = /^(date|uwebsockets|content-length|connection|keep-alive):/i;

/** [method, path, other lines of the request] */
const REQUESTS: readonly (readonly [string, string, ...string[]])[] = [
  ["GET", "/"],
  ["GET", "/embed.js"],
  ["GET", "/embed.js", "If-None-Match: *"],
  ["GET", "/campaigns/1"],
  ["GET", "/campaigns/1/?a=b&c=%20", "Cookie: last_banner=103"],
  ["GET", "/campaigns/1/", "Cookie: a=b", "Cookie: last_banner=103"],
  ["GET", "/campaigns/4294967295/"],
  ["GET", "/campaigns/1/banner"],
  ["GET", "/campaigns/1/banner.json"],
  ["GET", "/campaigns/1/banner.json", `Origin: ${SITE}`],
  ["GET", "/campaigns/1/banner.json?last=103", `Origin: ${SITE}`],
  ["GET", "/campaigns/7/banner.json", `Origin: ${SITE}`],
  ["GET", "/campaigns/7"],
  ["GET", "/campaigns/7/banner"],
  ["GET", "/campaigns/%31"],
  ["GET", "/campaigns/01"],
  ["GET", "/campaigns/"],
  ["GET", "//campaigns/1"],
  ["GET", "/nothing?x"],
  ["GET", "/campaigns/banners/image_100.svg"],
  ["GET", "/campaigns/banners/image_100.svg", "If-None-Match: *"],
  ["GET", "/campaigns/banners/image_100.svg", 'If-None-Match: "x"', "If-None-Match: *"],
  ["GET", "/campaigns/banners/image_999.png"],
  ["GET", `/campaigns/banners/image_999.png?v=0`],
  ["GET", "/campaigns/banners/image_5.png"],
  ["POST", "/campaigns/1"],
  ["DELETE", "/campaigns/1/banner.json"],
  ["OPTIONS", "/campaigns/1/banner.json", `Origin: ${SITE}`],
];
const ALL = REQUESTS.flatMap(([method, ...rest]) =>
  method === "GET" ? [[method, ...rest] as const, ["HEAD", ...rest] as const] : [[method, ...rest] as const],
);

interface Sent {
  readonly head: string;
  readonly length: string | undefined;
  readonly body: Buffer;
}

/** What is sent until the end of the connection, which the last request asks for. */
async function sent(port: number, [method, path, ...lines]: (typeof ALL)[number]): Promise<Sent> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (isWhole(Buffer.concat(chunks), method)) socket.destroy();
  });
  socket.write(Buffer.from([`${method} ${path} HTTP/1.1`, "Host: test", ...lines, "", ""].join("\r\n"), "latin1"));
  await once(socket, "close");
  const all = Buffer.concat(chunks);
  const end = all.indexOf("\r\n\r\n");
  const head = all.toString("latin1", 0, end).split("\r\n");
  return {
    head: head.filter((line) => !OWN_LINES.test(line)).join("\r\n"),
    length: head.find((line) => /^content-length:/i.test(line)),
    body: all.subarray(end + 4),
  };
}

function isWhole(all: Buffer, method: string): boolean {
  const end = all.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const head = all.toString("latin1", 0, end);
  const hasBody = method !== "HEAD" && !head.startsWith("HTTP/1.1 304");
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  return all.length >= end + 4 + (hasBody ? length : 0);
}

async function answersOf(t: Test, engine: Engine): Promise<Sent[]> {
  const settings = { ...SETTINGS, allowedOrigins: [SITE] };
  const catalog = smallCatalog(CELLS, 4, new Map([[999, LARGE]]));
  const router = new Router(catalog, settings, seededRandom(1), () => NOON);
  const server = await openServer(engine, { router, events: { onError: (error) => void t.fail(String(error)) } });
  t.teardown(() => {
    server.close();
  });
  const port = await server.listen("127.0.0.1", 0);
  const answers = [];
  for (const request of ALL) answers.push(await sent(port, request));
  return answers;
}

await t.test("the same requests, moments and chances are answered by the same bytes", async (t) => {
  const [uws, node] = await Promise.all(ENGINES.map((engine) => answersOf(t, engine)));
  for (const [at, request] of ALL.entries()) {
    const [expected, found] = [uws![at]!, node![at]!];
    const name = request.join(" ");
    t.equal(found.head, expected.head, name);
    t.equal(found.length, expected.length, name);
    t.ok(found.body.equals(expected.body), name);
  }
  const statuses = uws!.map(({ head }) => Number(head.slice(9, 12)));
  t.same([...new Set(statuses)].sort(), [200, 302, 304, 404, 405], "of every kind");
});
