import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { driveLoad, type Load } from "../../../bench/open-loop/drive-load.js";

type Handler = (response: ServerResponse, nth: number, request: IncomingMessage) => void;

/** Drives a server that handles requests so, the first being 1. */
async function driven(t: Test, handle: Handler, load: Partial<Load> = {}): ReturnType<typeof driveLoad> {
  let nth = 0;
  const server = createServer((request, response) => {
    handle(response, ++nth, request);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const bytes = ["/a", "/b"].map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
  return driveLoad({ port, rate: 100, warmUp: 0.1, seconds: 0.4, connections: 4, ...load }, bytes);
}

const good = (response: ServerResponse): void => {
  response.setHeader("Content-Length", 3).end("yes");
};

await t.test(
  "every request that is due is sent, the prepared ones in turn, and those of the warm-up do not count",
  async (t) => {
    const paths: (string | undefined)[] = [];
    const latency = await driven(t, (response, _, { url }) => {
      paths.push(url);
      good(response);
    });
    t.equal(paths.length, 50);
    t.same(paths.slice(0, 4).sort(), ["/a", "/a", "/b", "/b"]);
    t.equal(latency.answered, 40);
    t.same(
      latency.bySecond.map(({ requests }) => requests),
      [40],
    );
    t.ok(latency.p50 > 0 && latency.p50 <= latency.p99 && latency.p99 <= latency.p999 && latency.p999 <= latency.max);
    t.ok(latency.generatorBusy > 0 && latency.generatorBusy < 1, String(latency.generatorBusy));
  },
);

await t.test("what waits for a connection is counted from the moment it was due", async (t) => {
  // One connection, and an answer that comes when all others have long been due.
  let held: ServerResponse | undefined;
  const latency = await driven(
    t,
    (response, nth) => {
      if (nth > 1) {
        good(response);
        return;
      }
      held = response;
      setTimeout(() => {
        good(held!);
      }, 600);
    },
    { connections: 1, warmUp: 0, rate: 20, seconds: 0.5 },
  );
  t.equal(latency.answered, 10);
  // The ninth was due 400 ms after the first: 200 ms before the first was answered at the earliest.
  t.ok(latency.p50 > 100_000, `${latency.p50} µs`);
});

await t.test("an answer that is not good, and a connection that closes, fail the load", async (t) => {
  const refusing: Handler = (response, nth) => {
    if (nth === 7) response.statusCode = 503;
    good(response);
  };
  await t.rejects(driven(t, refusing), { message: 'answered "HTTP/1.1 503 Service Unavailable"' });
  const closing: Handler = (response, nth) => {
    if (nth === 7) response.socket!.destroy();
    else good(response);
  };
  await t.rejects(driven(t, closing), { message: "the server closed a connection" });
  const chunked: Handler = (response) => {
    response.write("y");
    response.end("es");
  };
  await t.rejects(driven(t, chunked), { message: "an answer without a Content-Length" });
});
