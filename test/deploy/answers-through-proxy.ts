/** What visitors get through a proxy. */
import { readFileSync } from "node:fs";
import { connect as connectHttp2, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import type { Test } from "tap";
import type { RawAnswer } from "../src/server/connection.js";
import { OWN_ADDRESS } from "./loopback.js";
import type { Site } from "./site.js";
import { cookieOf, IMAGE } from "./two-servers.js";

/** These are about a connection or a moment, and not about an answer. */
const OF_THE_WAY = ["connection", "keep-alive", "date", "server", "uwebsockets", "age"];

const answerOf = ({ status, headers, body }: RawAnswer): unknown => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_WAY.includes(name))),
  body: body.toString("latin1"),
});

/** An answer over HTTP/2. */
async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders) {
  const stream = session.request(headers);
  let answer: Readonly<Record<string, unknown>> = {};
  stream.on("response", (received) => (answer = received));
  let body = "";
  for await (const chunk of stream.setEncoding("utf8")) body += chunk as string;
  const [setCookie] = (answer["set-cookie"] ?? []) as string[];
  return { status: answer[":status"], cookie: cookieOf(setCookie), body };
}

/** The servers have the same index. */
export async function testAnswers(t: Test, site: Site): Promise<void> {
  await t.test("an answer is the same through the proxy as without it", async (t) => {
    const through = await site.visit();
    for (const [line, ...headers] of [
      ["GET /campaigns/2/ HTTP/1.1"],
      ["GET /campaigns/2 HTTP/1.1"],
      ["GET /campaigns/2/?v=1&a=%2F HTTP/1.1"],
      ["HEAD /campaigns/2/ HTTP/1.1"],
      ["GET /campaigns/2/banner HTTP/1.1"],
      ["HEAD /campaigns/2/banner HTTP/1.1"],
      ["GET /campaigns/2/banner.json?last=5&a=%2F HTTP/1.1", "Origin: https://shop.example"],
      ["HEAD /campaigns/2/banner.json HTTP/1.1"],
      ["GET /embed.js HTTP/1.1"],
      [`GET ${IMAGE} HTTP/1.1`],
      [`GET ${IMAGE}?v=1 HTTP/1.1`],
      [`HEAD ${IMAGE} HTTP/1.1`],
      ["GET /campaigns/banners/image_99.png HTTP/1.1"],
      ["GET /campaigns/4/ HTTP/1.1"],
      ["GET /campaigns/%32/ HTTP/1.1"],
      ["GET /campaigns/x/../2/ HTTP/1.1"],
      ["GET //campaigns/2/ HTTP/1.1"],
      ["GET / HTTP/1.1"],
      ["OPTIONS /campaigns/2/ HTTP/1.1"],
      ["DELETE /campaigns/2/ HTTP/1.1"],
      ["POST /campaigns/2/ HTTP/1.1", "Content-Length: 0"],
    ] as const) {
      const direct = await site.visitServer(0);
      const answers = [];
      for (const connection of [direct, through]) {
        connection.send(line, ...headers);
        answers.push(answerOf(await connection.answer(!line.startsWith("HEAD"))));
      }
      t.same(answers[1], answers[0], line);
    }
    through.send(`GET ${IMAGE} HTTP/1.1`);
    t.notOk("uwebsockets" in (await through.answer()).headers, "the mark of the library stays behind");
  });

  await t.test("a body that nobody asked for does not come into the way of the next request", async (t) => {
    const connection = await site.visit();
    connection.send("POST /campaigns/2/ HTTP/1.1", "Content-Length: 5");
    connection.socket.write("a=b&c");
    t.equal((await connection.answer()).status, 405);
    connection.send("GET /campaigns/2/ HTTP/1.1");
    t.equal((await connection.answer()).status, 200);
  });

  await t.test("HTTP/1.0 gets its page, with a Host and without one, and so does an absolute address", async (t) => {
    for (const request of [
      "GET /campaigns/2/ HTTP/1.0\r\n\r\n",
      "GET /campaigns/2/?v=1 HTTP/1.0\r\nHost: ads.example:8000\r\nConnection: keep-alive\r\n\r\n",
      "GET http://ads.example/campaigns/2/ HTTP/1.1\r\nHost: ads.example\r\n\r\n",
    ]) {
      const connection = await site.visit();
      connection.socket.write(request);
      const { status, headers, body } = await connection.answer();
      t.equal(status, 200, request);
      t.equal(cookieOf(headers["set-cookie"]), "last_banner=7");
      t.match(body.toString(), /src="\/campaigns\/banners\/image_7\.svg\?v=/);
    }
  });

  await t.test("HTTP/1.1 without a Host is refused at once", async (t) => {
    for (const headers of ["", "Accept: */*\r\n"]) {
      const connection = await site.visit();
      connection.socket.write(`GET /campaigns/2/ HTTP/1.1\r\n${headers}\r\n`);
      t.equal((await connection.answer()).status, 400);
    }
  });

  await t.test("HTTP/2 over TLS gets its pages, with cookies that come in several pieces", async (t) => {
    const session = connectHttp2(`https://${OWN_ADDRESS}:${site.place.tlsPort}`, {
      ca: readFileSync(site.place.certificate),
      servername: "localhost",
    });
    t.teardown(() => {
      session.destroy();
    });
    let cookie = "";
    for (let visit = 0; visit < 40; visit++) {
      const answer = await ask(session, { ":path": "/campaigns/3/?v=1", cookie: ["first=1", cookie, "last=2"] });
      t.equal(answer.status, 200);
      t.match(answer.cookie, /^last_banner=[89]$/);
      t.not(answer.cookie, cookie, "no banner twice in a row");
      cookie = answer.cookie;
    }
    t.equal(session.alpnProtocol, "h2");
    t.match((await ask(session, { ":path": IMAGE })).body, /^<svg /);
  });

  await t.test("no visitor of 200 pages over one connection gets a banner twice in a row", async (t) => {
    const connection = await site.visit();
    const wrong: string[] = [];
    let cookie = "";
    for (let visit = 0; visit < 200; visit++) {
      connection.send("GET /campaigns/3/ HTTP/1.1", `Cookie: first=1; ${cookie}; last=2`);
      const { status, headers } = await connection.answer();
      const next = cookieOf(headers["set-cookie"]);
      if (status !== 200 || next === "" || next === cookie) wrong.push(`${status}: "${next}" after "${cookie}"`);
      cookie = next;
    }
    t.same(wrong, []);
  });

  await t.test("an image that a browser has is 304, whoever says so", async (t) => {
    const connection = await site.visit();
    connection.send(`GET ${IMAGE} HTTP/1.1`);
    const { etag } = (await connection.answer()).headers;
    t.match(etag, /^"[0-9a-f]{32}"$/);
    for (const [tag, status] of [
      [etag, 304],
      [`"other", W/${etag}`, 304],
      ['"other"', 200],
    ] as const)
      for (const address of [IMAGE, `${IMAGE}?v=${status}`]) {
        connection.send(`GET ${address} HTTP/1.1`, `If-None-Match: ${tag}`);
        const answer = await connection.answer(status !== 304);
        t.equal(answer.status, status, `${address} with ${tag}`);
        t.equal(answer.headers["etag"], etag);
        t.equal(answer.headers["cache-control"], "public, max-age=3600");
      }
  });

  await t.test("headers that Billboard takes come through, and those that are too large are refused", async (t) => {
    for (const [length, statuses] of [
      [15_900, [200]],
      // Either may refuse it, or nobody: the server's limit is one for what comes in several pieces. But no fault of
      // the site's.
      [17_000, [200, 400, 431]],
      [70_000, [400, 431]],
    ] as const) {
      const connection = await site.visit();
      connection.send("GET /campaigns/2/ HTTP/1.1", `Cookie: a=${"x".repeat(length)}`);
      const { status } = await connection.answer();
      t.ok((statuses as readonly number[]).includes(status), `${length} bytes: ${status}`);
    }
  });

  await t.test("one address that asks without end gets 429, and others their pages", async (t) => {
    const eager = await site.visit();
    let answered = 0;
    let status = 200;
    // Where there is no limit, it ends all the same.
    while (status === 200 && answered < 5000) {
      const batch = 50;
      for (let request = 0; request < batch; request++) eager.send("GET /campaigns/2/ HTTP/1.1");
      for (let request = 0; request < batch && status === 200; request++) {
        ({ status } = await eager.answer());
        if (status === 200) answered++;
      }
    }
    t.equal(status, 429);
    t.ok(answered >= 500, `${answered} were answered before`);
    const other = await site.visit();
    other.send("GET /campaigns/2/ HTTP/1.1");
    t.equal((await other.answer()).status, 200);
  });

  await t.test("what Billboard's HTTP library should refuse and does not, the proxy refuses", async (t) => {
    const refused: readonly (readonly [headers: readonly string[], body?: string])[] = [
      [["Content-Length: 0", "Content-Length: 5"]],
      [["Content-Length: 5", "Content-Length: 0"]],
      [["Content-Length:"]],
      [["Transfer-Encoding: identity"]],
      [["Transfer-Encoding: gzip"]],
      [["Transfer-Encoding: xchunked"]],
      [["Transfer-Encoding: chunked, gzip"]],
      [["Transfer-Encoding: chunked", "Transfer-Encoding: identity"]],
      [["Transfer-Encoding:", "Content-Length: 0"]],
      [[": x", "Content-Length: 5"]],
      [["Transfer-Encoding : chunked"]],
      [["Transfer-Encoding: chunked"], "g\r\n0123456789abcdef\r\n0\r\n\r\n"],
      [["Transfer-Encoding: chunked"], "5\r\nhelloXX0\r\n\r\n"],
      [["Host: other"]],
    ];
    for (const [headers, body = "0\r\n\r\n"] of refused) {
      const connection = await site.visit();
      connection.socket.write(["GET /campaigns/2/ HTTP/1.1", "Host: test", ...headers, "", body].join("\r\n"));
      const { status } = await connection.answer();
      t.ok(status >= 400 && status !== 500 && status !== 502, `${status}: ${JSON.stringify([headers, body])}`);
      await connection.closed;
    }
  });

  await t.test("the administration port cannot be reached through the proxy", async (t) => {
    const direct = await site.visitServer(0);
    const through = await site.visit();
    for (const path of ["/readyz", "/livez", "/metrics", "/reload", "//readyz", "/campaigns/../readyz", "/%72eadyz"])
      for (const host of ["ads.example", `${OWN_ADDRESS}:${site.place.servers[0].adminPort}`, "127.0.0.1:8081"]) {
        const answers = [];
        for (const connection of [direct, through]) {
          connection.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Visitor: yes\r\n\r\n`);
          answers.push(answerOf(await connection.answer()));
        }
        t.match(answers[1], { status: 404 });
        t.same(answers[1], answers[0], `${path} of ${host}`);
      }
  });
}
