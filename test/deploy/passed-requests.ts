/** What comes to the servers behind a proxy, and what does not. */
import type { Test } from "tap";
import { RecordingServer } from "./recording-server.js";
import { Site, type StartProxy } from "./site.js";
import { IMAGE } from "./two-servers.js";

async function twoRecorders(t: Test, start: StartProxy) {
  const recorder = new RecordingServer();
  // Whatever is asked for its health is well.
  const admin = new RecordingServer();
  const ports = { port: await recorder.open(), adminPort: await admin.open() };
  t.teardown(() => {
    recorder.close();
    admin.close();
  });
  return { recorder, site: await Site.open(t, start, t.testdir(), [ports, ports]) };
}

export async function testPassedRequests(t: Test, start: StartProxy): Promise<void> {
  await t.test("what a visitor says of himself comes to the server as it was, and nothing is added", async (t) => {
    const { recorder, site } = await twoRecorders(t, start);
    const connection = await site.visit();
    const lines = ["Cookie: a=1; last_banner=8; b=2", 'If-None-Match: "abcd"', "X-Forwarded-For: 192.0.2.1"];
    for (const path of ["/campaigns/1/?v=1&b=%2f+", "/campaigns/%31//x/../2"]) {
      connection.socket.write(`GET ${path} HTTP/1.1\r\nHost: Ads.example:8000\r\n${lines.join("\r\n")}\r\n\r\n`);
      t.equal((await connection.answer()).status, 200);
      const { url, httpVersion, headers } = recorder.requests.at(-1)!;
      t.equal(url, path);
      t.equal(httpVersion, "1.1");
      t.same(headers, {
        host: "Ads.example:8000",
        cookie: "a=1; last_banner=8; b=2",
        "if-none-match": '"abcd"',
        "x-forwarded-for": "192.0.2.1",
      });
    }
  });

  await t.test(
    "a chunk's size with a bare line feed comes to the server well-formed, or is refused by the proxy",
    async (t) => {
      const { recorder, site } = await twoRecorders(t, start);
      const connection = await site.visit();
      connection.send("GET /campaigns/1/ HTTP/1.1", "Transfer-Encoding: chunked");
      connection.socket.write("5\nhello\r\n0\n\r\n");
      connection.send("GET /campaigns/2/ HTTP/1.1");
      const { status } = await connection.answer();
      // HAProxy 3 is as strict as the server behind; nginx and HAProxy 2 mend the line feed.
      if (status === 400) {
        t.same(recorder.requests, []);
        return;
      }
      t.equal(status, 200);
      t.equal((await connection.answer()).status, 200);
      t.same(
        recorder.requests.map(({ url }) => url),
        ["/campaigns/1/", "/campaigns/2/"],
      );
    },
  );

  await t.test("many requests go over few connections", async (t) => {
    const { recorder, site } = await twoRecorders(t, start);
    for (let request = 0; request < 100; request++) {
      const connection = await site.visit();
      connection.send("GET /campaigns/1/ HTTP/1.1");
      t.equal((await connection.answer()).status, 200);
    }
    // One for each server and each of the proxy's threads, of which there may be one a core.
    t.equal(recorder.requests.length, 100);
    t.ok(recorder.connections <= 50, `${recorder.connections} connections`);
  });

  await t.test("images are kept by their whole address, and pages never", async (t) => {
    const { recorder, site } = await twoRecorders(t, start);
    const connection = await site.visit();
    const bodies = async (path: string): Promise<Set<string>> => {
      const found = new Set<string>();
      for (let request = 0; request < 20; request++) {
        connection.send(`GET ${path} HTTP/1.1`);
        found.add((await connection.answer()).body.toString());
      }
      return found;
    };
    t.equal((await bodies("/campaigns/1/")).size, 20, "each page is a new one");
    t.equal((await bodies("/campaigns/1/?v=1")).size, 20);
    const [first, second] = [await bodies(`${IMAGE}?v=1`), await bodies(`${IMAGE}?v=2`)];
    t.ok(first.size < 20 && second.size < 20, `an image is kept: ${first.size} and ${second.size} of 20`);
    t.equal(new Set([...first, ...second]).size, first.size + second.size, "each version for itself");
    t.equal(recorder.requests.length, 40 + first.size + second.size);
  });

  await t.test("what a server leaves without an answer goes to the other one, if it is GET or HEAD", async (t) => {
    const { recorder, site } = await twoRecorders(t, start);
    for (const [method, status, requests] of [
      ["GET", 200, 2],
      ["HEAD", 200, 2],
      ["POST", 502, 1],
    ] as const) {
      // The proxy may treat a connection of its own that was open before differently from a new one.
      for (let visit = 0; visit < 2; visit++) {
        const connection = await site.visit();
        const before = recorder.requests.length;
        recorder.unanswered = 1;
        connection.send(`${method} /campaigns/1/ HTTP/1.1`, "Content-Length: 0");
        // HAProxy 3 says nothing where its own connection was open before: the visitor's ends, and he may try again.
        const response = await connection.answer(method !== "HEAD").catch(() => undefined);
        if (response !== undefined || method !== "POST") t.equal(response?.status, status, method);
        else t.ok(connection.socket.readableEnded, "POST");
        t.equal(recorder.requests.length - before, requests);
      }
    }
  });
}
