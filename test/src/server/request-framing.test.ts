/**
 * Where a request ends, by RFC 9112: what the HTTP library makes of requests whose length is in doubt. Behind each
 * comes a second request, for a campaign that is not there: that it is answered, with 404, says where the library saw
 * the first one end.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { exchange } from "./exchange.js";
import { LIBRARY } from "./http-library.js";
import { BareServer } from "../running-server.js";
import { inEveryPeriod, smallIndex } from "../small-index.js";
import { answersIn } from "./wire-answers.js";

// Where the libraries differ is in the tables; what they have in common is written once.
const SECOND = "GET /campaigns/7 HTTP/1.1\r\nHost: test\r\n\r\n";
/** More than the kernel takes in at once. */
const LARGE = 16 << 20;

interface Case {
  readonly what: string;
  /** The lines of the head behind the request line; Host comes before them. */
  readonly lines: readonly string[];
  readonly body?: string;
  /** The statuses of all answers of the connection. */
  readonly answers: readonly number[];
  /** Where the newer library answers otherwise. */
  readonly newer?: readonly number[];
  /** Where node:http does. */
  readonly node?: readonly number[];
}

const file = join(t.testdir(), "index.bin");
const large = imageOf(Buffer.alloc(LARGE, "0123456789abcdef"), "png", "png");
writeFileSync(file, smallIndex(inEveryPeriod({ campaign: 1, converting: [100] }), 4, new Map([[999, large]])));
const server = new BareServer({ INDEX_FILE: file, WORKERS: "1" });
const port = await server.ready();

/** The statuses of what comes back, the request having been sent in one piece. */
async function statusesOf(text: string): Promise<number[]> {
  const { bytes, hung } = await exchange(port, { pieces: [Buffer.from(text, "latin1")], leftOpen: 0 });
  if (hung) throw new Error("the server did not close the connection");
  return answersIn(bytes, false).map(({ status }) => status);
}

const expected = ({
  answers,
  newer = answers,
  node = newer,
}: Pick<Case, "answers" | "newer" | "node">): readonly number[] => ({ older: answers, newer, node })[LIBRARY];

const requestOf = ({ lines, body = "" }: Pick<Case, "lines" | "body">): string =>
  `${["GET /campaigns/1 HTTP/1.1", "Host: test", ...lines].join("\r\n")}\r\n\r\n${body}${SECOND}`;

const chunked = "Transfer-Encoding: chunked";
const NO_CHUNKS = "0\r\n\r\n";

const AS_DEMANDED: Case[] = [
  { what: "no body", lines: [], answers: [200, 404] },
  { what: "a body", lines: ["Content-Length: 5"], body: "hello", answers: [200, 404] },
  { what: "a body of no bytes", lines: ["Content-Length: 0"], answers: [200, 404] },
  { what: "a body that the second request is", lines: [`Content-Length: ${SECOND.length}`], answers: [200] },
  { what: "chunks", lines: [chunked], body: `5\r\nhello\r\n${NO_CHUNKS}`, answers: [200, 404] },
  // Section 6.3, rule 3: to refuse both together is allowed, and safest.
  { what: "both, length first", lines: ["Content-Length: 5", chunked], body: NO_CHUNKS, answers: [400] },
  { what: "both, length last", lines: [chunked, "Content-Length: 5"], body: NO_CHUNKS, answers: [400] },
  // Rule 5: an invalid length is an unrecoverable error.
  ...[
    "-1",
    "+5",
    "0x5",
    "5,6",
    "0, 0",
    "0 0",
    "1e1",
    "0.0",
    "\u0660",
    "99999999999999999999",
    "18446744073709551616",
  ].map((length) => ({ what: `a length of ${length}`, lines: [`Content-Length: ${length}`], answers: [400] })),
  // 7.1: a recipient must not lose bits of a large size.
  ...["-1", "fffffffffffffffff", "10000000000000000", "x"].map((size) => ({
    what: `a chunk size of ${size}`,
    lines: [chunked],
    body: `${size}\r\n`,
    answers: [400],
    // Answered before its body comes, and closed then.
    node: [200],
  })),
  // 5.1 and 5.2: neither is answered, and the connection is good for nothing more. The newer library says so.
  ...[
    { what: "a space before the colon", lines: ["Transfer-Encoding : chunked"], body: NO_CHUNKS },
    { what: "a folded line", lines: ["Transfer-Encoding:", " chunked"], body: NO_CHUNKS },
    { what: "a bare line feed in a header", lines: ["A: b\nContent-Length: 5"] },
    { what: "NUL in a header", lines: ["Content-Length: 5\0"] },
  ].map((one) => ({ ...one, answers: [], newer: [400] })),
];

await t.test("the length of a request is taken, or the request refused, as RFC 9112 demands", async (t) => {
  for (const one of AS_DEMANDED) t.same(await statusesOf(requestOf(one)), expected(one), one.what);
});

/**
 * Each of these must be refused, and uWebSockets.js refuses none: the library's own, and left to a proxy. node:http
 * answers with 400, or closes the connection once it has answered the head.
 */
const NOT_REFUSED: (Case & { readonly rule: string })[] = [
  {
    what: "two lengths that differ: the first counts",
    rule: "6.3, rule 5",
    lines: ["Content-Length: 0", `Content-Length: ${SECOND.length}`],
    answers: [200, 404],
    node: [400],
  },
  {
    what: "two lengths that differ, the other way round",
    rule: "6.3, rule 5",
    lines: [`Content-Length: ${SECOND.length}`, "Content-Length: 0"],
    answers: [200],
    node: [400],
  },
  {
    what: "a length of nothing counts as none",
    rule: "6.3, rule 5",
    lines: ["Content-Length:"],
    answers: [200, 404],
    node: [400],
  },
  ...["identity", "gzip", "chunked, gzip", "xchunked"].map((coding) => ({
    what: `the coding ${coding} counts as chunked`,
    rule: "6.3, rule 4",
    lines: [`Transfer-Encoding: ${coding}`],
    body: NO_CHUNKS,
    answers: [200, 404],
    node: coding === "chunked, gzip" ? [400] : [200],
  })),
  {
    what: "of two codings the first counts",
    rule: "6.3, rule 4",
    lines: [chunked, "Transfer-Encoding: identity"],
    body: NO_CHUNKS,
    answers: [200, 404],
    node: [400],
  },
  {
    what: "an empty coding counts as none, and the length beside it holds",
    rule: "6.3, rules 3 and 4",
    lines: ["Transfer-Encoding:", "Content-Length: 0"],
    answers: [200, 404],
    // The parser of Node.js 20 takes it so, too.
    node: process.version.startsWith("v20.") ? [200, 404] : [400],
  },
  {
    what: "a header without a name hides all behind it",
    rule: "5",
    lines: [": x", `Content-Length: ${SECOND.length}`],
    answers: [200, 404],
    node: [400],
  },
  {
    what: "g is a digit of a chunk's size, 16",
    rule: "7.1",
    lines: [chunked],
    body: `g\r\n0123456789abcdef\r\n${NO_CHUNKS}`,
    answers: [200, 404],
    node: [200],
  },
  {
    what: "a chunk's size may end with a bare line feed",
    rule: "7.1",
    lines: [chunked],
    body: "0\n\r\n",
    answers: [200, 404],
    node: [200],
  },
  {
    what: "any two bytes end a chunk",
    rule: "7.1",
    lines: [chunked],
    body: `5\r\nhelloXX${NO_CHUNKS}`,
    answers: [200, 404],
    node: [200, 400],
  },
  {
    what: "two Host headers",
    rule: "3.2",
    lines: ["Host: other"],
    answers: [200, 404],
    newer: [400],
    node: [200, 404],
  },
];

await t.test("what the HTTP library does not refuse, although RFC 9112 demands it, is this and no worse", async (t) => {
  for (const one of NOT_REFUSED) {
    t.same(await statusesOf(requestOf(one)), expected(one), `${one.what} (section ${one.rule})`);
  }
});

await t.test("what the HTTP library refuses or cuts short, although RFC 9112 allows it, is this", async (t) => {
  const host = "Host: test\r\n\r\n";
  const page = `GET /campaigns/1 HTTP/1.1\r\n${host}`;
  interface Allowed extends Pick<Case, "what" | "answers" | "newer" | "node"> {
    readonly request: string;
  }
  const cases: Allowed[] = [
    {
      what: "a chunk extension is read as more of the size",
      request: requestOf({ lines: [chunked], body: "5;a=b\r\nhello\r\n0\r\n\r\n" }),
      answers: [200],
      node: [200, 404],
    },
    {
      what: "a trailer is read as the next request",
      request: requestOf({ lines: [chunked], body: "0\r\nA: b\r\n\r\n" }),
      answers: [505],
      node: [200, 404],
    },
    {
      what: "the answers to what came with a bad request are lost",
      request: `${page}${page}GET / HTTP/1.0\r\n${host}`,
      answers: [505],
      node: [200, 200, 200],
    },
    {
      what: "Connection: close is not heeded",
      request: requestOf({ lines: ["Connection: close"] }),
      answers: [200, 404],
      node: [200],
    },
    {
      what: "an absolute target",
      request: `GET http://test/campaigns/1 HTTP/1.1\r\n${host}`,
      answers: [505],
      node: [404],
    },
    { what: "an asterisk", request: `OPTIONS * HTTP/1.1\r\n${host}`, answers: [505], node: [405] },
    { what: "an empty line before a request", request: `\r\n${page}`, answers: [505], newer: [], node: [200] },
    { what: "HTTP/1.0", request: "GET /campaigns/1 HTTP/1.0\r\n\r\n", answers: [505], node: [200] },
    {
      what: "no Host, which must be answered with 400",
      request: "GET /campaigns/1 HTTP/1.1\r\n\r\n",
      answers: [],
      newer: [400],
    },
    {
      what: "100 headers",
      request: `GET /campaigns/1 HTTP/1.1\r\n${"A: b\r\n".repeat(100)}${host}`,
      answers: [],
      newer: [431],
      node: [200],
    },
  ];
  for (const one of cases) t.same(await statusesOf(one.request), expected(one), one.what);
});

await t.test(
  "the refusal of a length comes in the midst of an image that is on its way, which then ends short",
  async (t) => {
    const request = "GET /campaigns/banners/image_999.png HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n";
    const { bytes, hung } = await exchange(port, { pieces: [Buffer.from(request)], leftOpen: 0 });
    t.notOk(hung);
    // node:http has read the head to its end before it answers, and refuses it.
    t.match(bytes.toString("latin1", 0, 15), LIBRARY === "node" ? "HTTP/1.1 400 Ba" : "HTTP/1.1 200 OK");
    t.ok(bytes.length < LARGE, "so that the client knows that it is not whole");
  },
);

await t.test("the server is none the worse for it", async (t) => {
  t.same(await statusesOf(requestOf({ lines: [] })), [200, 404]);
  t.equal(await server.stop(), 0);
  t.same(server.warnings, []);
  t.equal(server.text, "");
});
