import { once } from "node:events";
import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import t from "tap";
import { Admin, type Administered } from "../../src/admin.js";
import { decode } from "../../src/index-format.js";
import { inspect } from "../../src/inspect.js";
import { Catalog } from "../../src/catalog.js";
import type { Verdict } from "../../src/reload.js";
import { FIRST } from "./published.js";

const INDEX = decode(Uint8Array.from(FIRST));
const REPLACED: Verdict = { result: "replaced", generation: "b", previous: "a" };

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function start(administered: Partial<Administered> = {}): Promise<{
  ask: (method: string, path: string, headers?: Record<string, string>) => Promise<Answered>;
  port: number;
  faults: unknown[];
}> {
  const faults: unknown[] = [];
  const whole: Administered = {
    unreadiness: () => undefined,
    index: () => INDEX,
    reload: () => Promise.resolve(REPLACED),
    metrics: () => Promise.resolve({ type: "text/plain; version=0.0.4", text: "a 1\n" }),
    ...administered,
  };
  const admin = new Admin(whole, ["billboard.example"], (error) => faults.push(error));
  const port = await admin.listen("127.0.0.1", 0);
  t.teardown(() => {
    admin.close();
  });
  const ask = async (method: string, path: string, headers: Record<string, string> = {}): Promise<Answered> => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }).end();
    const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body };
  };
  return { ask, port, faults };
}

await t.test("health and readiness", async (t) => {
  const unreadiness: string[] = [];
  const { ask } = await start({ unreadiness: () => unreadiness[0] });
  t.match(await ask("GET", "/healthz"), { status: 200, body: "alive\n", headers: { "cache-control": "no-store" } });
  t.match(await ask("GET", "/readyz"), { status: 200, body: "ready\n" });
  unreadiness.push("The server is ending.");
  t.match(await ask("GET", "/readyz"), { status: 503, body: "The server is ending.\n" });
  t.match(await ask("GET", "/healthz?verbose"), { status: 200 }, "whoever ends is alive until then");
});

await t.test("a reload is answered with its verdict", async (t) => {
  let verdict: Verdict = REPLACED;
  const { ask } = await start({ reload: () => Promise.resolve(verdict) });
  const replaced = await ask("POST", "/reload");
  t.match(replaced, { status: 200, headers: { "content-type": "application/json" } });
  t.same(JSON.parse(replaced.body), verdict);
  verdict = { result: "unchanged", generation: "b", previous: "b" };
  t.match(await ask("POST", "/reload"), { status: 200, body: /"unchanged"/ });
  verdict = { result: "refused", generation: "b", previous: "b", reason: "altered" };
  const refused = await ask("POST", "/reload");
  t.equal(refused.status, 409);
  t.same(JSON.parse(refused.body), verdict);
});

await t.test("before the first index, and while ending, there is none to show and no reload", async (t) => {
  const { ask } = await start({ index: () => undefined, reload: () => undefined });
  t.match(await ask("GET", "/index.json"), { status: 503 });
  t.match(await ask("POST", "/reload"), { status: 503 });
});

await t.test("the index is what inspect-index prints", async (t) => {
  const { ask } = await start();
  const { headers, body } = await ask("GET", "/index.json");
  t.equal(headers["content-type"], "application/json");
  t.same(JSON.parse(body), inspect(new Catalog(INDEX)));
});

await t.test("the metrics are of the type that their text has", async (t) => {
  const { ask } = await start();
  t.match(await ask("GET", "/metrics"), { status: 200, body: "a 1\n", headers: { "content-type": /version=0\.0\.4/ } });
});

await t.test("HEAD is as GET, without the body", async (t) => {
  const { ask } = await start();
  for (const path of ["/healthz", "/readyz", "/metrics"]) {
    const { body, headers } = await ask("HEAD", path);
    t.same([body, headers["content-length"]], ["", (await ask("GET", path)).headers["content-length"]], path);
  }
});

await t.test(
  "another method, another address, another Host, another Origin: refused, and nothing is done",
  async (t) => {
    let reloads = 0;
    const reload = (): Promise<Verdict> => {
      reloads++;
      return Promise.resolve(REPLACED);
    };
    const { ask } = await start({ reload });
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
      t.match(await ask(method, "/reload"), { status: 405, headers: { allow: "POST" } }, method);
    t.match(await ask("POST", "/metrics"), { status: 405, headers: { allow: "GET, HEAD" } });
    for (const path of ["/", "/campaigns/1", "/reload/", "/RELOAD", "/constructor", "/__proto__", "//reload", "*"])
      t.equal((await ask("POST", path)).status, 404, path);
    for (const headers of [
      { Host: "evil.example" },
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { Host: "evil.example", Origin: "http://evil.example" },
    ]) {
      t.match(await ask("POST", "/reload", headers), { status: 403, body: /Host|Origin/ }, JSON.stringify(headers));
      t.equal((await ask("GET", "/index.json", headers)).status, 403);
    }
    t.equal(reloads, 0);
    t.equal((await ask("POST", "/reload", { Host: "billboard.example" })).status, 200);
    t.equal(reloads, 1);
  },
);

await t.test("a fault costs its request alone, and is told of", async (t) => {
  const fault = new Error("a fault of the test");
  const { ask, faults } = await start({ metrics: () => Promise.reject(fault) });
  await t.rejects(ask("GET", "/metrics"));
  t.same(faults, [fault]);
  t.equal((await ask("GET", "/healthz")).status, 200);
});

await t.test("a client that leaves in the midst of the index is no fault", async (t) => {
  const { ask, port, faults } = await start();
  for (let visit = 0; visit < 20; visit++) {
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /index.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    socket.resetAndDestroy();
  }
  t.equal((await ask("GET", "/healthz")).status, 200);
  t.same(faults, []);
});
