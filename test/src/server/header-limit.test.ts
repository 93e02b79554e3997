/** How long the headers of a request may be, however the network cuts it, in the server as it is shipped. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { Connection } from "./connection.js";
import { LIBRARY } from "./http-library.js";
import { RunningServer } from "../running-server.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";

const LIMIT = 16_384;
/** What a packet of Ethernet holds. */
const SEGMENT = 1448;
const BETWEEN_SEGMENTS_MS = 10;
const MAX_BETWEEN_SEGMENTS_MS = 1000;
/** node:http counts names and values, and not what is between them. */
const COUNTED_LESS = LIBRARY === "node" ? 30 : 1;
/** Enough that each of two workers gets some. */
const CONNECTIONS = 12;

/** A request of so many bytes, to the end of its headers, whose last banner is 100 and stands at the end. */
function requestOf(length: number): string {
  const start = "GET /campaigns/1 HTTP/1.1\r\nHost: test\r\nCookie: large=";
  const end = "; last_banner=100\r\n\r\n";
  return start + "x".repeat(length - start.length - end.length) + end;
}

/** The status, and the banner of its cookie where it has one. */
async function ask(
  port: number,
  text: string,
  segment: number,
  pauseMs = BETWEEN_SEGMENTS_MS,
): Promise<[status: number, banner?: string]> {
  const connection = await Connection.open(port);
  connection.socket.setNoDelay();
  const answer = connection.answer();
  for (let at = 0; at < text.length && connection.socket.writable; at += segment) {
    connection.socket.write(text.slice(at, at + segment));
    if (at + segment < text.length) await sleep(pauseMs);
  }
  const { status, headers } = await answer;
  connection.socket.destroy();
  const banner = /^last_banner=(\d+)/.exec(headers["set-cookie"] ?? "")?.[1];
  return banner === undefined ? [status] : [status, banner];
}

/** A server that had no processor meanwhile has read the pieces as one: then they come more slowly. */
async function refusalOf(port: number, text: string, segment: number): Promise<[status: number, banner?: string]> {
  let got = await ask(port, text, segment);
  for (let ms = BETWEEN_SEGMENTS_MS; got[0] === 200 && ms < MAX_BETWEEN_SEGMENTS_MS && segment < text.length; ms *= 2)
    got = await ask(port, text, segment, ms);
  return got;
}

await t.test("headers of 16 kB are read by every worker, however they are cut; of more are 431", async (t) => {
  const file = join(t.testdir(), "index.bin");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: [100, 101] })));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
  const port = await server.ready();
  const served = [200, "101"];
  const tooLarge = [431];
  const cases = [3000, 5000, 15_000, LIMIT - 1, LIMIT, LIMIT + COUNTED_LESS, 17_000, 20_000].flatMap((length) =>
    [SEGMENT, 4096, 10_000, Infinity].map((segment) => {
      // The older library measures what it has to keep until more comes, and nothing else.
      const isRefused = length > LIMIT && (segment < length || LIBRARY !== "older");
      return { length, segment, expected: isRefused ? tooLarge : served };
    }),
  );
  await Promise.all(
    cases.map(async ({ length, segment, expected }) => {
      const text = requestOf(length);
      const answerTo = expected === tooLarge ? refusalOf : ask;
      const got = await Promise.all(range(1, CONNECTIONS).map(() => answerTo(port, text, segment)));
      t.same(got, Array<unknown>(CONNECTIONS).fill(expected), `${length} bytes in pieces of ${segment}`);
    }),
  );
  t.equal(await server.stop(), 0);
  t.same(server.warnings, []);
});

await t.test("UWS_HTTP_MAX_HEADERS_SIZE sets another number of bytes", async (t) => {
  const file = join(t.testdir(), "index.bin");
  writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: [100, 101] })));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2", UWS_HTTP_MAX_HEADERS_SIZE: "32768" });
  const port = await server.ready();
  t.same(await ask(port, requestOf(32_768), SEGMENT), [200, "101"]);
  t.same(await refusalOf(port, requestOf(32_768 + COUNTED_LESS), SEGMENT), [431]);
  t.equal(await server.stop(), 0);
});
