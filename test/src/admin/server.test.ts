import { once } from "node:events";
import { connect } from "node:net";
import t from "tap";
import { Catalog } from "../../../src/index/catalog.js";
import { decode } from "../../../src/index/format.js";
import { inspect } from "../../../src/index/inspect.js";
import type { ReloadResult } from "../../../src/index/reload.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { INDEX, startAdmin } from "./running-admin.js";
import { REPLACED } from "./server-state.js";

await t.test("health and readiness", async (t) => {
  const unreadiness: string[] = [];
  const { ask } = await startAdmin(t, { unreadiness: () => unreadiness[0] });
  t.match(await ask("GET", "/healthz"), { status: 200, body: "alive\n", headers: { "cache-control": "no-store" } });
  t.match(await ask("GET", "/readyz"), { status: 200, body: "ready\n" });
  unreadiness.push("The server is ending.");
  t.match(await ask("GET", "/readyz"), { status: 503, body: "The server is ending.\n" });
  t.match(await ask("GET", "/healthz?verbose"), { status: 200 }, "whoever ends is alive until then");
});

await t.test("the response to a reload is its result", async (t) => {
  let result: ReloadResult = REPLACED;
  const { ask } = await startAdmin(t, { reload: () => Promise.resolve(result) });
  const replaced = await ask("POST", "/reload");
  t.match(replaced, { status: 200, headers: { "content-type": "application/json" } });
  t.same(JSON.parse(replaced.body), result);
  result = { result: "unchanged", generation: "b", previous: "b" };
  t.match(await ask("POST", "/reload"), { status: 200, body: /"unchanged"/ });
  result = { result: "refused", generation: "b", previous: "b", reason: "altered" };
  const refused = await ask("POST", "/reload");
  t.equal(refused.status, 409);
  t.same(JSON.parse(refused.body), result);
});

await t.test("before the first index, and while ending, there is none to show and no reload", async (t) => {
  const { ask } = await startAdmin(t, { index: () => undefined, reload: () => undefined });
  t.match(await ask("GET", "/index.json"), { status: 503 });
  t.match(await ask("POST", "/reload"), { status: 503 });
  t.match(await ask("GET", "/visit.json?campaign=1&period=1"), { status: 503, body: "There is no index yet.\n" });
  t.equal((await ask("GET", "/banners/image_100.svg")).status, 404);
});

await t.test("the index is what inspect-index prints", async (t) => {
  const { ask } = await startAdmin(t);
  const { headers, body } = await ask("GET", "/index.json");
  t.equal(headers["content-type"], "application/json");
  t.same(JSON.parse(body), inspect(new Catalog(INDEX)));
});

await t.test("the metrics are of the type that their text has", async (t) => {
  const { ask } = await startAdmin(t);
  t.match(await ask("GET", "/metrics"), {
    status: 200,
    body: /^billboard_workers 2$/m,
    headers: { "content-type": /version=0\.0\.4/ },
  });
});

await t.test("HEAD is as GET, without the body", async (t) => {
  const { ask } = await startAdmin(t);
  // Its length is that of the process's own figures, which change.
  const metrics = await ask("HEAD", "/metrics");
  t.equal(metrics.body, "");
  t.ok(Number(metrics.headers["content-length"]) > 1000);
  for (const path of ["/healthz", "/readyz", "/", "/status.json", "/assets/icon.svg"]) {
    const { body, headers } = await ask("HEAD", path);
    t.same([body, headers["content-length"]], ["", (await ask("GET", path)).headers["content-length"]], path);
  }
});

await t.test(
  "another method, another address, another Host, another Origin: refused, and nothing is done",
  async (t) => {
    let reloads = 0;
    const reload = (): Promise<ReloadResult> => {
      reloads++;
      return Promise.resolve(REPLACED);
    };
    const { ask } = await startAdmin(t, { reload });
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
      t.match(await ask(method, "/reload"), { status: 405, headers: { allow: "POST" } }, method);
    for (const path of [
      "/",
      "/metrics",
      "/status.json",
      "/change.json",
      "/visit.json",
      "/assets/dashboard.js",
      "/banners/image_100.svg",
    ])
      t.match(await ask("POST", path), { status: 405, headers: { allow: "GET, HEAD" } }, path);
    for (const path of ["/campaign/1", "/reload/", "/RELOAD", "/constructor", "/__proto__", "//reload", "*"])
      t.equal((await ask("POST", path)).status, 404, path);
    for (const headers of [
      { Host: "evil.example" },
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { Host: "evil.example", Origin: "http://evil.example" },
    ]) {
      t.match(await ask("POST", "/reload", headers), { status: 403, body: /Host|Origin/ }, JSON.stringify(headers));
      for (const path of ["/", "/index.json", "/status.json", "/visit.json", "/assets/dashboard.js"])
        t.equal((await ask("GET", path, headers)).status, 403, path);
    }
    t.equal(reloads, 0);
    t.equal((await ask("POST", "/reload", { Host: "billboard.example" })).status, 200);
    t.equal(reloads, 1);
  },
);

await t.test("an unexpected error costs its request alone, and is reported", async (t) => {
  const error = new Error("an error of the test");
  const { ask, errors } = await startAdmin(t, {
    unreadiness: () => {
      throw error;
    },
  });
  await t.rejects(ask("GET", "/readyz"));
  t.same(errors, [error]);
  t.equal((await ask("GET", "/healthz")).status, 200);
});

await t.test("a client that leaves in the midst of the index is no error", async (t) => {
  // More JSON than the buffers of the system take.
  const cells = range(1, 2000).flatMap((campaign) => inEveryPeriod({ campaign, converting: range(1, 40) }));
  const large = decode(smallIndex(cells));
  const { ask, port, errors } = await startAdmin(t, { index: () => large });
  for (let visit = 0; visit < 5; visit++) {
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /index.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    socket.resetAndDestroy();
  }
  t.equal((await ask("GET", "/healthz")).status, 200);
  t.same(errors, []);
});
