/** Malformed requests over raw sockets, against the server as it is shipped. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { Connection } from "./connection.js";
import { exchange } from "./exchange.js";
import { describe, KIND_NAMES, malformedRequest, piecesOf, type MalformedRequest } from "./malformed-request.js";
import { ENGINE } from "./tested-engine.js";
import { BareServer } from "../running-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { answersIn } from "./wire-answers.js";

// Longer than any of it takes on a machine that is busy with other things.
t.setTimeout(300_000);

const SEED = 23;
/** Fewer where a second run of the same test need not be as long. */
const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 24_000);
const AT_ONCE = 64;
const BATCH = 1000;
/**
 * How long a request is left open that no answer comes to: more than the server takes, so that what is open waits for
 * more.
 */
const LEFT_OPEN = 100;

async function start(t: Test): Promise<{ server: BareServer; port: number }> {
  const file = join(t.testdir(), "index.bin");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) })));
  const server = new BareServer({ INDEX_FILE: file });
  // A test that fails leaves no server behind.
  t.teardown(() => server.process.kill("SIGKILL"));
  return { server, port: await server.ready() };
}

/** @throws Error where a visitor would not get the page */
async function visit(port: number): Promise<void> {
  const connection = await Connection.open(port);
  connection.send("GET /campaigns/1 HTTP/1.1", "Cookie: last_banner=100");
  const { status, headers, body } = await connection.answer();
  connection.socket.destroy();
  const banner = /^last_banner=(1\d\d); Path=\/campaigns\/1; /.exec(headers["set-cookie"] ?? "")?.[1];
  const isPage = banner !== undefined && body.includes(`<img src="/campaigns/banners/image_${banner}.svg?v=`);
  if (status !== 200 || banner === "100" || !isPage) throw new Error(`a visitor got ${status}: ${body.toString()}`);
}

/** The statuses that came back, or what is wrong with what did. */
async function judge(port: number, request: MalformedRequest): Promise<number[] | string> {
  const leftOpen = request.leftOpen ? LEFT_OPEN : 0;
  const { bytes, connected, hung } = await exchange(port, { pieces: piecesOf(request), leftOpen });
  if (!connected) return `no connection: what became of the server is in one of the ${AT_ONCE} requests before`;
  if (hung) return "the server did not close the connection";
  try {
    const statuses = answersIn(bytes, /head/i.test(request.text)).map(({ status }) => status);
    const mayContinue = request.text.includes("100-continue");
    const odd = statuses.find((status) => !(isMeant(status) || (status === 100 && mayContinue)));
    return odd === undefined ? statuses : `status ${odd}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** That the requests lead to, among them: node:http answers with 400 what uWebSockets.js takes for another version. */
const STATUSES = [200, 304, 400, 404, 405, 431, ...(ENGINE === "uws" ? [505] : []), "none"] as const;

function isMeant(status: number): boolean {
  return (status >= 200 && status < 500) || status === 505;
}

await t.test(`${REQUESTS} malformed requests each get well-formed answers or none, and harm no visitor`, async (t) => {
  const { server, port } = await start(t);
  const wrong: string[] = [];
  const statuses = new Map<number | "none", number>();
  let next = 0;
  const send = async (end: number): Promise<void> => {
    while (next < end && wrong.length === 0) {
      const number = next++;
      const request = malformedRequest(SEED, number);
      const verdict = await judge(port, request);
      if (typeof verdict === "string") wrong.push(`seed ${SEED}, request ${number}: ${verdict}\n${describe(request)}`);
      else
        for (const status of verdict.length === 0 ? ["none" as const] : verdict)
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  while (next < REQUESTS && wrong.length === 0) {
    const end = Math.min(next + BATCH, REQUESTS);
    await Promise.all(range(1, AT_ONCE).map(() => send(end)));
    await visit(port).catch((error: unknown) => {
      wrong.push(`seed ${SEED}, after request ${next - 1}: ${String(error)}; exit code ${server.process.exitCode}`);
    });
  }
  t.equal(wrong.slice(0, 5).join("\n\n"), "");
  t.comment(JSON.stringify([...statuses].sort()));
  // That the requests reach into the server at all, and not only as far as its door.
  for (const status of STATUSES)
    t.ok((statuses.get(status) ?? 0) >= 10, `${statuses.get(status) ?? 0} times ${status}`);
  t.same(server.warnings, [], "nothing but the ordinary was logged");
  t.equal(await server.stop(), 0);
  t.equal(server.text, "", "nor anything else said");
});

await t.test("a malformed request is made again from its seed and number, and its pieces are all of it", (t) => {
  for (const number of range(0, KIND_NAMES.length - 1)) {
    const request = malformedRequest(SEED, number);
    t.same(malformedRequest(SEED, number), request, request.kind);
    t.equal(Buffer.concat(piecesOf(request)).toString("latin1"), request.text);
  }
  t.end();
});

await t.test("pipelined good requests are answered in order, however they are cut behind the first line", async (t) => {
  const ROUTES: [line: string, status: number, body: RegExp][] = [
    ["GET /campaigns/1", 200, /<img src/],
    ["HEAD /campaigns/1", 200, /^$/],
    ["GET /campaigns/banners/image_100.svg", 200, /^<svg/],
    ["GET /campaigns/7", 404, /<h1>Campaign not found\./],
    ["GET /nothing", 404, /^Not found\.\n$/],
    ["POST /campaigns/1", 405, /^Only GET and HEAD are allowed\.\n$/],
  ];
  const line = (at: number): (typeof ROUTES)[number] => ROUTES[(at * 7 + (at >> 3)) % ROUTES.length]!;
  const pipelineOf = async (port: number, pipeline: number): Promise<string[]> => {
    const connection = await Connection.open(port);
    const lines = range(pipeline, pipeline + 199).map(line);
    const requests = lines.map(([start]) => `${start} HTTP/1.1\r\nHost: test\r\n\r\n`);
    // A request line that comes in pieces is refused, so cuts are where one is whole: between its headers and behind
    // it.
    const pieces = requests.flatMap((text, at) => (at % 5 === 0 ? text.split(/(?<=test)/) : [text]));
    connection.socket.setNoDelay();
    for (let at = 0; at < pieces.length; at += 3) {
      connection.socket.write(pieces.slice(at, at + 3).join(""));
      if (pipeline % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const wrong: string[] = [];
    for (const [start, status, body] of lines) {
      const answer = await connection.answer(!start.startsWith("HEAD"));
      if (answer.status !== status || !body.test(answer.body.toString()))
        wrong.push(`${start}: ${answer.status} ${answer.body.toString()}`);
    }
    if (connection.rest !== "") wrong.push(connection.rest);
    connection.socket.destroy();
    return wrong;
  };
  // A server answers some 1000 at once, and is slow to do so again.
  for (let first = 1; first <= AT_ONCE; first += 4) {
    const { server, port } = await start(t);
    const wrong = await Promise.all(range(first, first + 3).map((pipeline) => pipelineOf(port, pipeline)));
    t.same(wrong.flat(), []);
    t.equal(await server.stop(), 0);
  }
});
