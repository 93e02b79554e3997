/** Holds every answer of the administration port against docs/admin-api.yaml, and that against the answers. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t, { type Test } from "tap";
import { imageOf, type BannerImage } from "../../build/images/folder.js";
import { decode } from "../../src/index/format.js";
import type { ReloadResult } from "../../src/index/reload.js";
import { UNCOUNTED_CLICKS } from "../../src/response/counters.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES, RULES } from "../../src/index/sections.js";
import { DIRECTIONS, MAX_LIMIT, MAX_SEARCH, SORTS } from "../../src/view/campaign-query.js";
import { IndexChange } from "../../src/view/change/index-change.js";
import { generationMark, REPORT_PAGE_FILE } from "../../src/view/report-file.js";
import { IMAGE_BYTES } from "../build/images/image-bytes.js";
import { startAdmin, type AdminSetting } from "../src/admin/running-admin.js";
import { RECORDING, type FakeServer } from "../src/admin/server-state.js";
import { inEveryPeriod, range, smallIndex } from "../src/small-index.js";
import { ApiDescription, ROOT } from "./api-description.js";

const FILE = "docs/admin-api.yaml";
const description = new ApiDescription(FILE, false);

const TOKEN = "a-token-of-32-characters-or-more";
const HTML = { Accept: "text/html,*/*;q=0.8" };
const EXTENSION_OF = { png: "png", jpeg: "jpg", webp: "webp", avif: "avif", gif: "gif", svg: "svg" } as const;
const IMAGES = new Map<number, BannerImage>(
  IMAGE_TYPES.map((type, at) => [101 + at, imageOf(IMAGE_BYTES[type], type, EXTENSION_OF[type])]),
);
const TEXTS = new Map([[101, { alt: "Two for one", link: "https://shop.example/" }]]);
const INDEX = decode(
  Uint8Array.from(
    smallIndex(
      [
        ...inEveryPeriod({ campaign: 1, converting: range(101, 112) }),
        ...inEveryPeriod({ campaign: 2, converting: range(101, 106) }),
        ...inEveryPeriod({ campaign: 3, converting: [101], clicked: range(102, 108) }),
        { period: 2, campaign: 4, clicked: [101], pool: range(200, 209) },
      ],
      4,
      IMAGES,
      TEXTS,
      {
        campaigns: new Map([[5, { name: "Summer", defaultBanner: 103 }]]),
        timeZone: "Asia/Kathmandu",
        exploration: 0.25,
      },
    ),
  ),
);
/** As far as a test looks into it. */
interface Schema {
  readonly enum?: readonly string[];
  readonly properties?: Readonly<
    Record<"recording", { readonly properties: Readonly<Record<"uncounted_clicks", { readonly required: string[] }>> }>
  >;
}

const { generation } = INDEX;
const RELOADED: ReloadResult = { result: "replaced", generation, previous: "0123456789abcdef" };
const CHANGE = new IndexChange({ result: "first" });
const TURNED_AWAY = [{ origin: "https://shop.example", count: 3, lastAt: Date.UTC(2026, 10, 23) }];
const FOLDER = t.testdir();
writeFileSync(join(FOLDER, REPORT_PAGE_FILE), `<!doctype html>${generationMark(generation)}`);
const REFUSED: ReloadResult = { ...RELOADED, result: "refused", reason: "altered" };

type Ask = (method: string, address: string, headers?: Record<string, string>, form?: string) => Promise<number>;

/** Asks, and has what is wrong with the answer by the description fail the test. */
async function described(
  t: Pick<Test, "teardown" | "same">,
  fake: FakeServer = {},
  setting: AdminSetting = {},
): Promise<Ask> {
  const { ask, admin } = await startAdmin(
    t,
    {
      index: () => INDEX,
      reload: () => Promise.resolve(RELOADED),
      change: CHANGE,
      turnedAway: TURNED_AWAY,
      fixedPeriod: 2,
      ...fake,
    },
    { indexFile: join(FOLDER, "index.bin"), ...setting },
  );
  admin.noteReload(RELOADED);
  admin.noteReload(REFUSED);
  return async (method, address, headers, form) => {
    const answer = await ask(method, address, headers, form);
    const sent = Object.entries(answer.headers).flatMap(([name, value]) =>
      // Of the connection.
      value === undefined || name === "connection" || name === "keep-alive" ? [] : [[name, String(value)] as const],
    );
    const received = { ...answer, headers: Object.fromEntries(sent), body: Buffer.from(answer.body) };
    t.same(description.faultsOf({ method, address }, received), [], `${method} ${address} ${JSON.stringify(headers)}`);
    return answer.status;
  };
}

/** An address of each operation that is served. */
const OPERATIONS = description.operations.map(({ path, method }) => {
  const { responses } = description.document.paths[path]![method.toLowerCase()] as { readonly responses: object };
  const address = path
    .replace("{campaign}", "1")
    .replace("{banner}", "101")
    .replace("{extension}", "png")
    .replace("{period}", "1")
    .replace("{name}", "style.css");
  const query = path === "/visit.json" ? "?campaign=1&period=1" : "";
  return { method, address: address + query, statuses: Object.keys(responses).map(Number) };
});

await t.test("every route is described, and whatever is described has a route", async (t) => {
  const { admin } = await startAdmin(t, {}, { token: TOKEN });
  const described = Object.keys(description.document.paths);
  const isOf = (route: string, path: string): boolean =>
    path === route ||
    (path.endsWith("{name}") && dirname(path) === dirname(route)) ||
    (route.length > 1 && route.endsWith("/") && path.startsWith(route));
  const routes = admin.paths;
  t.same(
    routes.filter((route) => !described.some((path) => isOf(route, path))),
    [],
  );
  t.same(
    described.filter((path) => !routes.some((route) => isOf(route, path))),
    [],
  );
});

await t.test("what is asked for properly", async (t) => {
  const ask = await described(t);
  for (const { method, address, statuses } of OPERATIONS)
    if (!address.startsWith("/log")) t.equal(await ask(method, address), statuses[0], address);
  for (const { method, address } of OPERATIONS) if (method === "GET") await ask("HEAD", address);
  for (const query of [
    "limit=1&offset=1",
    "search=sum&period=2&rule=default&max_x=0&sort=name&direction=ascending",
    "search=nothing",
    "changed=on",
  ])
    t.equal(await ask("GET", `/campaigns.json?${query}`), 200);
  for (const campaign of range(1, 5)) t.equal(await ask("GET", `/campaigns/${campaign}.json`), 200);
  t.equal(await ask("GET", "/visit.json?campaign=4&period=2&visits=1000&last=101"), 200);
  for (const [id, { extension, sha256 }] of IMAGES) {
    const address = `/banners/image_${id}.${extension}`;
    for (const query of ["", `?v=${sha256.toString("hex", 0, 16)}`]) {
      t.equal(await ask("GET", address + query), 200);
      t.equal(await ask("GET", address + query, { "If-None-Match": "*" }), 304);
      t.equal(await ask("GET", `/preview/1/campaigns${address}${query}`), 200);
      t.equal(await ask("GET", `/preview/1/campaigns${address}${query}`, { "If-None-Match": "*" }), 304);
    }
  }
  const plain = await described(t, { index: () => decode(Uint8Array.from(smallIndex([]))) });
  t.equal(await plain("GET", "/index.json"), 200);
  const forgetful = await described(t, {}, { response: { cookie: undefined } });
  for (const page of ["", "/", "/banner", "/banner.json"]) await forgetful("GET", `/preview/1/campaigns/1${page}`);
  for (const name of ["style.css", "dashboard.js", "icon.svg"]) t.equal(await ask("GET", `/assets/${name}`), 200);
  for (const address of ["/assets/icon.svg", "/openapi.yaml", "/admin-api.yaml"])
    t.equal(await ask("GET", address, { "If-None-Match": "*" }), 304);
});

await t.test("what cannot be asked for, and what is not there", async (t) => {
  const ask = await described(t);
  for (const query of ["limit=0", "sort=best", "period=5", "max_x=-1", "direction=up", "changed=yes"])
    t.equal(await ask("GET", `/campaigns.json?${query}`), 400);
  for (const query of ["", "?campaign=1&period=5", "?campaign=1&period=1&visits=1001"])
    t.equal(await ask("GET", `/visit.json${query}`), 400);
  t.equal(await ask("GET", "/visit.json?campaign=4&period=1"), 404);
  for (const address of ["/campaigns/6.json", "/campaigns/0.json", "/campaigns/01.json", "/campaigns/4294967296.json"])
    t.equal(await ask("GET", address), 404);
  for (const address of ["/banners/image_99.png", "/banners/image_101.svg", "/assets/nothing.css", "/assets/x"])
    t.equal(await ask("GET", address), 404);
  for (const page of ["/6", "/6/", "/6/banner", "/6/banner.json", "/banners/image_99.png"])
    for (const period of [1, 5]) t.equal(await ask("GET", `/preview/${period}/campaigns${page}`), 404);
  const other = await described(t, {}, { indexFile: join(FOLDER, "other/index.bin") });
  t.equal(await other("GET", "/report"), 404);
  for (const method of ["GET", "POST", "PUT"]) t.equal(await ask(method, "/nothing"), 404);
  for (const { method, address } of OPERATIONS)
    if (!address.startsWith("/log"))
      for (const other of ["PUT", "DELETE", "OPTIONS", method === "GET" ? "POST" : "GET"])
        t.equal(await ask(other, address), 405, `${other} ${address}`);
});

await t.test("whoever is none of ours", async (t) => {
  const ask = await described(t, {}, { token: TOKEN });
  for (const { method, address } of OPERATIONS) {
    t.equal(await ask(method, address, { Origin: "http://evil.example" }), 403);
    t.equal(await ask(method, address, { Host: "evil.example", ...HTML }), 403);
  }
});

await t.test("with a token, and without", async (t) => {
  // What other machines reach asks for it for the metrics too.
  const ask = await described(t, {}, { token: TOKEN, host: "0.0.0.0" });
  const wrong = { Authorization: "Bearer another-token-of-32-characters" };
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const guarded = OPERATIONS.filter(({ address, statuses }) => statuses.includes(401) && address !== "/login");
  for (const { method, address } of guarded)
    for (const headers of [{}, HTML]) t.equal(await ask(method, address, headers), 401, address);
  for (const { method, address, statuses } of guarded)
    t.equal(await ask(method, address, { Authorization: `Bearer ${TOKEN}` }), statuses[0], address);
  for (const { method, address, statuses } of OPERATIONS)
    if (!statuses.includes(401) && !address.startsWith("/log"))
      t.equal(await ask(method, address), statuses[0], address);
  t.equal(await ask("POST", "/login?campaign=7", form, `token=${TOKEN}`), 303);
  t.equal(await ask("POST", "/logout"), 303);
  t.equal(await ask("POST", "/login", form, `token=${"x".repeat(5000)}`), 413);
  t.equal(await ask("POST", "/login", form, "token=another"), 401);
  let tries = 0;
  while (tries < 100 && (await ask("GET", "/status.json", wrong)) !== 429) tries++;
  for (const { method, address } of guarded)
    for (const headers of [{}, HTML]) t.equal(await ask(method, address, { ...wrong, ...headers }), 429, address);
  t.equal(await ask("POST", "/login", form, "token=another"), 429);
});

await t.test("before the first index, while it ends, and after a refusal", async (t) => {
  const fake: FakeServer = {
    index: () => undefined,
    reload: () => undefined,
    unreadiness: () => "The server is ending.",
  };
  const ask = await described(t, fake);
  for (const { method, address, statuses } of OPERATIONS)
    if (!address.startsWith("/log"))
      await ask(method, address).then((status) => statuses.includes(503) && t.equal(status, 503, address));
  const refusing = await described(t, { reload: () => Promise.resolve(REFUSED) });
  t.equal(await refusing("POST", "/reload"), 409);
});

await t.test("with an index that is pulled", async (t) => {
  const pull = { source: "https://cdn.example/", lastSuccessAt: 0, bytes: 0, last: undefined, waiting: undefined };
  const transfers = { replaced: 1, unchanged: 0, refused: 2, failed: 0 };
  const at = Date.UTC(2026, 10, 23);
  const last = { result: "failed", reason: "out of reach", at } as const;
  for (const state of [{}, { lastSuccessAt: at, last, waiting: { generation, at } }]) {
    const ask = await described(t, { pull: { ...pull, transfers, ...state }, fixedPeriod: undefined });
    t.equal(await ask("GET", "/status.json"), 200);
  }
});

await t.test("with what is recorded", async (t) => {
  for (const recording of [RECORDING, { ...RECORDING, lastWrite: undefined, failure: "no space left" }]) {
    const ask = await described(t, { recording });
    t.equal(await ask("GET", "/status.json"), 200);
  }
});

await t.test("whatever is described has come, and whatever need not be there was absent", (t) => {
  t.same(description.unseen(), []);
  t.end();
});

await t.test("names and bounds are those of the code", (t) => {
  const schemaOf = (name: string): object => description.parameter(name).schema;
  t.match(schemaOf("Search"), { maxLength: MAX_SEARCH });
  t.same(description.parameter("Sort").schema.enum, SORTS);
  t.same(description.parameter("Direction").schema.enum, DIRECTIONS);
  t.match(schemaOf("Limit"), { maximum: MAX_LIMIT });
  t.same(description.parameter("Extension").schema.enum, IMAGE_EXTENSIONS);
  t.same(description.mediaTypes("Image"), Object.values(MEDIA_TYPES));
  const { schemas } = (description.document as unknown as { components: { schemas: Record<string, Schema> } })
    .components;
  const { Rule } = schemas;
  t.same(Rule?.enum, RULES);
  const { Status } = schemas;
  t.same(Status?.properties?.recording.properties.uncounted_clicks.required, UNCOUNTED_CLICKS);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  t.equal(description.document.info.version, version);
  t.end();
});
