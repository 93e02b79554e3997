import { createHash } from "node:crypto";
import t from "tap";
import { pageOf, pageSettings } from "../../../src/admin/interface.js";
import { newCounters, requestSeries } from "../../../src/response/counters.js";
import { html } from "../../../src/response/html.js";
import { INDEX, startAdmin } from "./running-admin.js";
import { MOMENT, RECORDING, stateOf } from "./server-state.js";

await t.test("the page is the same for each address, and says of the server what its program needs", async (t) => {
  const { ask } = await startAdmin(t, {}, { rotation: "sequence" });
  const { status, headers, body } = await ask("GET", "/");
  t.equal(status, 200);
  t.match(headers, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  });
  t.notMatch(body, /style=|<script>|<style|javascript:|\son[a-z]+=/, "nothing that its policy forbids");
  t.match(body, /<noscript>\s*<p[^>]*>\s*The dashboard needs JavaScript/);
  const [, settings = ""] = /<script type="application\/json" id="settings">([^<]*)<\/script>/.exec(body) ?? [];
  t.match(JSON.parse(settings), {
    currency: null,
    server: { rotation: "sequence", public_url: null, port: 8080, has_session: false },
  });
  t.equal((await ask("GET", "/?view=server&campaign=7")).body, body);
  const none = await startAdmin(t, { index: () => undefined });
  t.match(await none.ask("GET", "/"), { status: 200 }, "without an index, too");
});

t.match(pageOf("<title> & co", html``, html``), "<title>&#60;title&#62; &#38; co</title>", "text stays text");

await t.test("the page's own files are kept until they change", async (t) => {
  const { ask } = await startAdmin(t);
  const { body } = await ask("GET", "/");
  const asked = [...body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  t.same(asked, ["/assets/icon.svg", "/assets/style.css", "/assets/dashboard.js"]);
  for (const path of asked) {
    const { status, headers, body: content } = await ask("GET", path);
    t.equal(status, 200, path);
    t.equal(headers.etag, `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`);
    t.equal(headers["cache-control"], "no-cache");
    t.match(await ask("GET", path, { "If-None-Match": headers.etag! }), { status: 304, body: "" });
  }
  for (const name of ["", "embed.js", "report.js", "constructor", "../dashboard.js", "dashboard.js/"])
    t.equal((await ask("GET", `/assets/${name}`)).status, 404, name);
});

await t.test("what is going on is told as JSON", async (t) => {
  const counters = newCounters();
  counters[requestSeries("campaign", 200)]! += 20;
  const { admin, ask } = await startAdmin(t, { counters: [counters] });
  admin.noteReload({ result: "refused", generation: "a", previous: "a", reason: "<altered>" });
  const { headers, body } = await ask("GET", "/status.json");
  t.match(headers, { "content-type": "application/json", "cache-control": "no-store" });
  t.match(JSON.parse(body), {
    now: new Date(MOMENT).toISOString(),
    index: { generation: INDEX.generation, period: 2 },
    requests: [{ route: "campaign", code: 200, count: 20 }],
    reloads: [{ at: new Date(MOMENT).toISOString(), result: "refused", reason: "<altered>" }],
  });
});

const SET = {
  timeZone: "Asia/Kathmandu",
  rotation: "sequence",
  currency: "EUR",
  publicUrl: "https://a.example",
} as const;

await t.test("the page says what is set, and null for what is not", (t) => {
  t.same(pageSettings(stateOf({ recording: RECORDING }), SET, true), {
    currency: "EUR",
    server: {
      rotation: "sequence",
      public_url: "https://a.example",
      port: 8080,
      records: true,
      has_session: true,
    },
  });
  t.match(pageSettings(stateOf(), { ...SET, currency: "", publicUrl: "" }, false), {
    currency: null,
    server: { public_url: null, records: false, has_session: false },
  });
  t.end();
});
