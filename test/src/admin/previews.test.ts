import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import t, { type Test } from "tap";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { decode } from "../../../src/index/format.js";
import { collectGarbage } from "../../../src/index/memory.js";
import { publish } from "../published.js";
import { RunningServer } from "../running-server.js";
import { range, smallIndex, type SmallCell } from "../small-index.js";
import { metricsOf } from "./metric.js";
import { startAdmin } from "./running-admin.js";

/** In period 3 the banners of campaign 1 are 300 to 311, and up to 309 are shown. Campaign 2 has one cell. */
const CELLS: readonly SmallCell[] = [
  ...range(1, 4).map((period) => ({ period, campaign: 1, converting: range(period * 100, period * 100 + 11) })),
  { period: 2, campaign: 2, pool: [5] },
];

async function serve(t: Test, environment: Record<string, string> = {}): Promise<{ port: number; adminPort: number }> {
  const file = join(t.testdir(), "index.bin");
  publish(file, smallIndex(CELLS));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", ...environment });
  const { port, adminPort } = await server.next("ready");
  t.teardown(() => server.stop());
  return { port: Number(port), adminPort: Number(adminPort) };
}

const get = (adminPort: number, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${adminPort}${path}`, { headers, redirect: "manual" });

const bannerIn = (text: string | null): number => Number(/image_(\d+)\.svg/.exec(text ?? "")?.[1]);

await t.test("each period as its visitors will have it, whatever the clock says, and nothing is counted", async (t) => {
  const { port, adminPort } = await serve(t);
  const before = await metricsOf(adminPort);
  for (const period of range(1, 4)) {
    const path = `/preview/${period}/campaigns/1`;
    const isShown = (banner: number): boolean => banner >= period * 100 && banner < period * 100 + 10;
    const image = new RegExp(`/preview/${period}/campaigns/banners/image_${period}0\\d\\.svg\\?v=[0-9a-f]{32}`);
    const cookie = new RegExp(`^last_banner=${period}0\\d; Path=${path}; Max-Age=2592000; HttpOnly; SameSite=Lax$`);
    for (const address of [path, `${path}/`]) {
      const page = await get(adminPort, address);
      const text = await page.text();
      t.equal(page.status, 200);
      t.match(text, image);
      t.notMatch(text, /"\/campaigns/);
      t.match(page.headers.get("set-cookie"), cookie);
      t.match(page.headers.get("content-security-policy"), /img-src 'self'.*frame-ancestors 'self'/);
      t.equal(page.headers.get("referrer-policy"), "same-origin");
      t.equal(page.headers.get("cross-origin-resource-policy"), "same-origin");
    }
    const banner = await get(adminPort, `${path}/banner`);
    t.equal(banner.status, 302);
    t.match(banner.headers.get("location"), image);
    t.match(banner.headers.get("set-cookie"), cookie);
    const shown = await get(adminPort, banner.headers.get("location")!);
    t.match(shown.headers.get("cache-control"), "private, max-age=31536000, immutable");
    const bytes = await shown.text();
    const name = `/campaigns/banners/image_${bannerIn(banner.headers.get("location"))}.svg`;
    t.equal(bytes, await (await fetch(`http://127.0.0.1:${port}${name}`)).text(), "the public port's image");
    const known = { "If-None-Match": shown.headers.get("etag")! };
    t.equal((await get(adminPort, `/preview/${period}${name}`, known)).status, 304);
    const json = (await (await get(adminPort, `${path}/banner.json?last=${period}00`)).json()) as Record<
      string,
      unknown
    >;
    t.match(json, { campaign: 1, period, image, rule: "top-10", x: 12 });
    t.ok(isShown(Number(json["banner"])) && json["banner"] !== period * 100);
  }
  const after = await metricsOf(adminPort);
  const counted = [...before].filter(([series]) => /http_requests|decisions|repeat/.test(series));
  t.ok(counted.length > 20);
  for (const [series, count] of counted)
    // The images that were asked of the public port.
    t.equal(after.get(series), count + (/route="image",code="200"/.test(series) ? 4 : 0), series);
});

await t.test("a visitor of a preview is not shown a banner twice in a row, in 1000 visits", async (t) => {
  const { adminPort } = await serve(t);
  let cookie = "last_banner=300";
  const banners = [300];
  for (let visit = 0; visit < 1000; visit++) {
    const { headers } = await get(adminPort, "/preview/3/campaigns/1/banner", { Cookie: cookie });
    [cookie = ""] = headers.get("set-cookie")!.split(";");
    banners.push(bannerIn(headers.get("location")));
    t.equal(cookie, `last_banner=${banners.at(-1)!}`);
  }
  t.notOk(banners.some((banner, at) => banner === banners[at - 1]));
  t.same([...new Set(banners)].sort(), range(300, 309));
});

await t.test("what the public port does not have, a preview has not, and HEAD has no body", async (t) => {
  const { port, adminPort } = await serve(t);
  for (const path of ["/campaigns/9", "/campaigns/9/banner.json", "/campaigns/01", "/campaigns/1/x", "/campaigns/"]) {
    const preview = await get(adminPort, `/preview/1${path}`);
    t.equal(preview.status, 404, path);
    t.equal(await preview.text(), await (await fetch(`http://127.0.0.1:${port}${path}`)).text(), path);
  }
  t.equal((await get(adminPort, "/preview/2/campaigns/2")).status, 200);
  for (const period of range(1, 4).filter((each) => each !== 2))
    t.equal((await get(adminPort, `/preview/${period}/campaigns/2`)).status, 404, "no cell in this period");
  for (const period of ["0", "5", "01", "", "x", "1e0", "%31", "99999999999"]) {
    const preview = await get(adminPort, `/preview/${period}/campaigns/1`);
    t.same([preview.status, await preview.text()], [404, "There is no such period: the index has 1 to 4.\n"], period);
  }
  for (const path of ["/preview", "/preview/", "/preview/1", "/preview/1/", "/preview/1/embed.js", "/preview/1/reload"])
    t.equal((await get(adminPort, path)).status, 404, path);
  const address = `http://127.0.0.1:${adminPort}/preview/1/campaigns/1`;
  const head = await fetch(address, { method: "HEAD" });
  t.equal(head.status, 200);
  t.ok(Number(head.headers.get("content-length")) > 100);
  t.match(head.headers.get("set-cookie"), "Path=/preview/1/campaigns/1;");
  t.equal(await head.text(), "");
  const post = await fetch(address, { method: "POST" });
  t.same([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});

await t.test("a preview needs the token, and other sites' pages may link to it and nothing more", async (t) => {
  const ADMIN_TOKEN = "a-token-of-this-test";
  const { adminPort } = await serve(t, { ADMIN_TOKEN, ALLOWED_ORIGINS: "*" });
  const token = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const path = "/preview/1/campaigns/1/banner.json";
  t.equal((await get(adminPort, path)).status, 401);
  t.equal((await get(adminPort, path, { Authorization: "Bearer another-token-of-it" })).status, 401);
  const json = await get(adminPort, path, token);
  t.equal(json.status, 200);
  t.equal(json.headers.get("access-control-allow-origin"), null, "ALLOWED_ORIGINS are for the public port");
  t.equal((await get(adminPort, path, { ...token, Origin: "https://evil.example" })).status, 403);
});

await t.test("other sites' pages may open a preview, and embed nothing of it", async (t) => {
  const { ask } = await startAdmin(t);
  const from = (mode: string, destination: string): Record<string, string> => ({
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": mode,
    "Sec-Fetch-Dest": destination,
  });
  t.equal((await ask("GET", "/preview/1/campaigns/1/", from("navigate", "document"))).status, 200);
  t.equal((await ask("GET", "/preview/1/campaigns/1/", from("navigate", "iframe"))).status, 403);
  t.equal((await ask("GET", "/preview/1/campaigns/1/banner", from("no-cors", "image"))).status, 403);
  t.equal((await ask("GET", "/preview/1/campaigns/1/", { Host: "evil.example" })).status, 403);
});

await t.test("the settings of the public port hold, but for the place of the images", async (t) => {
  const previewOf = async (settings: Partial<ResponseSettings>): Promise<{ cookie: string; body: string }> => {
    const { ask } = await startAdmin(t, {}, { response: settings });
    const { headers, body } = await ask("GET", "/preview/4/campaigns/1", { Cookie: "last_banner=100-101" });
    return { cookie: headers["set-cookie"]?.[0] ?? "", body };
  };
  t.match((await previewOf({ bannerBaseUrl: "https://cdn.example/" })).body, '"/preview/4/campaigns/banners/image_1');
  t.equal((await previewOf({ cookie: undefined })).cookie, "");
  t.equal((await previewOf({ rotation: "independent" })).cookie, "");
  t.match(
    (await previewOf({ rotation: "sequence" })).cookie,
    /^last_banner=\d+-100-101; Path=\/preview\/4\/campaigns\/1;/,
  );
  const cookie = { maxAge: 7, secure: false, sameSite: "None" } as const;
  t.match((await previewOf({ cookie })).cookie, /; Max-Age=7; HttpOnly; SameSite=None; Secure; Partitioned$/);
});

await t.test("a preview is of the index that is served", async (t) => {
  const small = (banner: number): ReturnType<typeof decode> =>
    decode(smallIndex([{ period: 1, campaign: 1, pool: [banner] }], 1));
  const served: ReturnType<typeof decode>[] = [];
  const { ask } = await startAdmin(t, { index: () => served[0] });
  t.match(await ask("GET", "/preview/1/campaigns/1"), { status: 503, body: "There is no index yet.\n" });
  for (const banner of [7, 8]) {
    served[0] = small(banner);
    t.match(await ask("GET", "/preview/1/campaigns/1"), { status: 200, body: `image_${banner}.svg` });
  }
  t.match(await ask("GET", "/preview/2/campaigns/1"), { status: 404, body: /1 to 1/ });
  const former = new WeakRef(served[0]!);
  served[0] = small(9);
  await nextTurn();
  collectGarbage();
  t.equal(former.deref(), undefined, "and keeps none before it in memory");
});
