import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { Router } from "../../../src/response/router.js";
import { DECISIONS, REPEATS_AVOIDED } from "../../../src/response/counters.js";
import { RULES, type Rule } from "../../../src/index/sections.js";
import { CACHE_SIZE, MAX_CACHED_BYTES } from "../../../src/response/cache.js";
import { SETTINGS } from "./response-settings.js";
import { bannerOf, request } from "../request.js";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range, smallCatalog, type SmallCell } from "../small-index.js";

const NOON = Date.UTC(2026, 10, 23, 12, 0);
const MINUTE = 60_000;

const png = imageOf(Buffer.from("\x89PNG\r\n\x1a\n…", "latin1"), "png", "png");
const jpegNamedPng = imageOf(Buffer.from("\xff\xd8\xff…", "latin1"), "jpeg", "png");

function routerOf(
  cells: readonly SmallCell[],
  settings: Partial<ResponseSettings> = {},
  now = (): number => NOON,
): Router {
  const images = new Map([
    [100, png],
    [101, jpegNamedPng],
  ]);
  return new Router(smallCatalog(cells, 4, images), { ...SETTINGS, ...settings }, seededRandom(1), now);
}

const router = routerOf([
  ...inEveryPeriod({ campaign: 1, converting: range(100, 111) }),
  ...inEveryPeriod({ campaign: 10, converting: range(100, 104) }),
  ...inEveryPeriod({ campaign: 4294967295, converting: [100] }),
  { campaign: 5, period: 2, converting: [100] },
]);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes, once all that can be freed is: buffers are freed some turns of the event loop later. */
async function memoryInUse(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

/** Of the very text between the tags, as a browser takes it. */
function styleHash(page: string): string {
  const style = /<style>(.*?)<\/style>/s.exec(page)![1]!;
  return createHash("sha256").update(style).digest("base64");
}

await t.test("a campaign's page shows one banner of its collection and remembers it", (t) => {
  for (const path of ["/campaigns/1", "/campaigns/1/"]) {
    const page = request(router, "GET", path);
    const banner = bannerOf(page);
    t.equal(page.status, 200);
    t.ok(banner >= 100 && banner <= 109, `banner ${banner} is one of the ten`);
    t.same(page.headers, {
      "cache-control": "private, no-store",
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; img-src 'self' data:; style-src 'sha256-${styleHash(page.body)}'; base-uri 'none'; form-action 'none'`,
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "strict-origin-when-cross-origin",
      "set-cookie": `last_banner=${banner}; Path=/campaigns/1; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    });
    t.match(page.body, /^<!doctype html>/);
  }
  t.end();
});

await t.test("the largest id is a campaign like any other", (t) => {
  const page = request(router, "GET", "/campaigns/4294967295/");
  t.equal(bannerOf(page), 100);
  t.match(page.headers["set-cookie"], /^last_banner=100; Path=\/campaigns\/4294967295; /);
  t.end();
});

await t.test("a visitor never sees the same banner twice in a row, and every banner in time", (t) => {
  const seen = new Set<number>();
  let last = 0;
  let repeats = 0;
  for (let visit = 0; visit < 2000; visit++) {
    const banner = bannerOf(request(router, "GET", "/campaigns/1/", { cookie: `last_banner=${last}` }));
    if (banner === last) repeats++;
    last = banner;
    seen.add(banner);
  }
  t.equal(repeats, 0);
  t.same([...seen].sort(), range(100, 109));
  t.end();
});

await t.test("a cookie that is no banner is as if absent", (t) => {
  for (const cookie of [
    "last_banner=",
    "last_banner=x",
    "last_banner=-1",
    "last_banner=99999999999999999999",
    "last_banner=0",
    "=;;=",
  ])
    t.equal(request(router, "GET", "/campaigns/1/", { cookie }).status, 200, cookie);
  t.end();
});

await t.test("an address that is no campaign's is 404", (t) => {
  const campaigns = [
    "/campaigns/2",
    "/campaigns/0",
    "/campaigns/01",
    "/campaigns/+1",
    "/campaigns/-1",
    "/campaigns/1.0",
    "/campaigns/1e1",
    "/campaigns/%31",
    "/campaigns/1%20",
    "/campaigns/ 1",
    "/campaigns/１",
    "/campaigns/abc/",
    "/campaigns/2/banner",
    "/campaigns/01/banner",
    "/campaigns/2/banner.json",
    "/campaigns/x/banner.json",
    "/campaigns/4294967296",
    "/campaigns/18446744073709551617",
  ];
  for (const path of campaigns) {
    const { status, body, headers } = request(router, "GET", path);
    const isPage = !path.includes("/banner");
    t.equal(status, 404, path);
    t.match(body, isPage ? /<h1>Campaign not found\.<\/h1><p>It does not exist, or / : /^Campaign not found\.\n$/);
    t.same(headers, {
      "cache-control": "no-store",
      "content-type": isPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      ...(isPage && {
        "content-security-policy": `default-src 'none'; img-src data:; style-src 'sha256-${styleHash(body)}'; base-uri 'none'; form-action 'none'`,
      }),
    });
    t.same(request(router, "HEAD", path).headers, headers);
  }
  for (const path of [
    "",
    "*",
    "/campaigns",
    "/campaigns/",
    "/campaigns/1//",
    "/campaigns/1/x",
    "/campaigns/1/banner/",
    "/campaigns/1/banner.jso",
    "/campaigns/1/constructor",
    "/embed.js/",
    "/embed",
    "/campaigns//1",
    "/Campaigns/1",
  ]) {
    const { status, body } = request(router, "GET", path);
    t.same({ status, body }, { status: 404, body: "Not found.\n" }, path);
  }
  t.end();
});

await t.test("a campaign is unknown in a period in which it has no cell", (t) => {
  let now = NOON;
  const router = routerOf([{ campaign: 5, period: 2, converting: [100] }], {}, () => now);
  const statuses = [0, 14, 15, 29, 30, 59].map((minute) => {
    now = NOON + minute * MINUTE;
    return request(router, "GET", "/campaigns/5").status;
  });
  t.same(statuses, [404, 404, 200, 200, 404, 404]);
  t.end();
});

await t.test("the period is that of the configured zone", (t) => {
  const cells = [{ campaign: 5, period: 3, converting: [100] }];
  t.equal(request(routerOf(cells), "GET", "/campaigns/5").status, 404, "UTC: minute 0");
  t.equal(
    request(routerOf(cells, { timeZone: "Asia/Tehran" }), "GET", "/campaigns/5").status,
    200,
    "Tehran: minute 30",
  );
  t.end();
});

await t.test("an image has its true type, a strong ETag, and may be cached", (t) => {
  const image = request(router, "GET", "/campaigns/banners/image_100.png");
  t.equal(image.status, 200);
  t.equal(image.headers["content-type"], "image/png");
  t.equal(image.headers["cache-control"], "public, max-age=3600");
  t.match(image.headers["etag"], /^"[0-9a-f]{32}"$/);
  t.equal(image.headers["x-content-type-options"], "nosniff");
  t.notOk("last-modified" in image.headers, "nobody knows when it was");
  t.same(image.bytes, png.bytes);
  t.equal(request(router, "GET", "/campaigns/banners/image_101.png").headers["content-type"], "image/jpeg");
  t.end();
});

await t.test("a placeholder is an SVG that can run nothing", (t) => {
  const image = request(router, "GET", "/campaigns/banners/image_102.svg");
  t.equal(image.headers["content-type"], "image/svg+xml");
  t.match(image.headers["content-security-policy"], /default-src 'none'.*sandbox/);
  t.match(image.body, /^<svg .*>Banner 102</s);
  t.end();
});

await t.test("the address of an image in the page has its version, and may be cached for good", (t) => {
  const page = request(router, "GET", "/campaigns/4294967295");
  const address = /<img src="([^"]*)"/.exec(page.body)![1]!;
  const [path = "", query] = address.split("?");
  const image = request(router, "GET", address);
  t.same([path, query], ["/campaigns/banners/image_100.png", `v=${image.headers["etag"]!.slice(1, -1)}`]);
  t.same([image.status, image.headers["cache-control"]], [200, "public, max-age=31536000, immutable"]);
  t.same(image.bytes, png.bytes);
  for (const other of [`a=b&${query!}`, `${query!}&a=b`, `a&${query!}&b`])
    t.match(request(router, "GET", `${path}?${other}`).headers["cache-control"], /immutable/, other);
  for (const other of ["v=", "v=0", `${query!}0`, `w${query!}`, query!.toUpperCase(), "", "a=b"]) {
    const { status, headers } = request(router, "GET", `${path}?${other}`);
    t.same([status, headers["cache-control"]], [200, "public, max-age=3600"], `another address: ${other}`);
  }
  // Kept under that address, it would be the wrong image for whoever asks for that version later.
  for (const other of [`v=${"0".repeat(32)}`, `a=b&v=${"9f".repeat(16)}&b`]) {
    const { status, headers } = request(router, "GET", `${path}?${other}`);
    t.same(
      [status, headers["cache-control"], headers["etag"]],
      [200, "public, no-cache", image.headers["etag"]],
      other,
    );
  }
  t.end();
});

await t.test("an image that the client has is not sent again", (t) => {
  const path = "/campaigns/banners/image_100.png";
  const { etag = "" } = request(router, "GET", path).headers;
  for (const address of [path, `${path}?v=${etag.slice(1, -1)}`]) {
    const { "cache-control": caching } = request(router, "GET", address).headers;
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, `${etag},"y"`, "*", " * "]) {
      const { status, headers, body } = request(router, "GET", address, { "if-none-match": tags });
      const expected = { "cache-control": caching, etag, "cross-origin-resource-policy": "cross-origin" };
      t.same({ status, headers, body }, { status: 304, headers: expected, body: "" }, tags);
    }
    for (const tags of ["", '"x"', etag.slice(1, -1), etag.replace('"', '"0'), "**"])
      t.equal(request(router, "GET", address, { "if-none-match": tags }).status, 200, tags);
  }
  t.end();
});

await t.test("banners that share a slot of the cache never get each other's", (t) => {
  // Each in a campaign of its own, so that the page says which is right.
  const ids = range(1, 2 * CACHE_SIZE + 2);
  const router = routerOf(ids.map((id) => ({ campaign: id, period: 1, converting: [id] })));
  const wrong: string[] = [];
  // Both ways and back, so that each place changes hands.
  for (const id of [...ids, ...ids.toReversed(), 1, CACHE_SIZE + 1, 2 * CACHE_SIZE + 1, 1]) {
    const page = request(router, "GET", `/campaigns/${id}`);
    if (bannerOf(page) !== id) wrong.push(`page of ${id}: ${bannerOf(page)}`);
    const extension = id === 100 || id === 101 ? "png" : "svg";
    const image = request(router, "GET", `/campaigns/banners/image_${id}.${extension}`);
    if (extension === "svg" && !image.body.includes(`Banner ${id}<`)) wrong.push(`image of ${id}`);
  }
  t.same(wrong, []);
  t.end();
});

await t.test("what is cached of banners with the longest texts is bounded in bytes", async (t) => {
  const ids = range(1, 2000);
  for (const character of ["&", "\u4e00"]) {
    const texts = new Map(
      ids.map((id) => [id, { alt: `${id} ${character.repeat(990)}`, link: `https://example.com/${"&".repeat(1900)}` }]),
    );
    const cells = ids.map((id) => ({ campaign: id, period: 1, converting: [id] }));
    const catalog = smallCatalog(cells, 1, undefined, texts);
    const router = new Router(catalog, SETTINGS);
    const before = await memoryInUse();
    for (const id of ids)
      for (const form of ["", "/banner", "/banner.json"]) request(router, "GET", `/campaigns/${id}${form}`);
    const cached = (await memoryInUse()) - before;
    t.ok(cached < 1.2 * MAX_CACHED_BYTES, `${cached} bytes for ${character}`);
    t.match(request(router, "GET", "/campaigns/7").body, `alt="${texts.get(7)!.alt.slice(0, 2)}`);
  }
});

await t.test("an image has one address", (t) => {
  for (const name of [
    "image_100.jpg",
    "image_100.PNG",
    "image_0100.png",
    "image_100.png/",
    "image_100.png.png",
    "image_100",
    "image_.png",
    "image_999.svg",
    "image_99999999999.svg",
    "../banners/image_100.png",
    "",
  ])
    t.equal(request(router, "GET", `/campaigns/banners/${name}`).status, 404, name);
  t.end();
});

await t.test("a method but GET and HEAD is 405 with those that are allowed, whatever the address", (t) => {
  for (const path of [
    "/campaigns/1",
    "/campaigns/1/banner",
    "/campaigns/1/banner.json",
    "/campaigns/banners/image_100.png",
    "/embed.js",
    "/",
    "/nothing",
  ]) {
    const { status, headers } = request(router, "OTHER", path);
    t.equal(status, 405);
    t.equal(headers["allow"], "GET, HEAD");
  }
  t.end();
});

await t.test("a page in a frame has the scheme of the page round it, and one of its own that of its visitor", (t) => {
  for (const path of ["/campaigns/4294967295", "/campaigns/7"])
    for (const [destination, root] of Object.entries({
      document: '<html lang="en" class="alone">',
      iframe: '<html lang="en">',
      "": '<html lang="en">',
    })) {
      const page = request(router, "GET", path, { "sec-fetch-dest": destination });
      t.match(page.body, root, `${path} ${destination}`);
      t.match(page.headers["content-security-policy"], `'sha256-${styleHash(page.body)}'`);
    }
  t.end();
});

await t.test("what other sites embed says that they may, also where it has not changed or is not there", (t) => {
  const image = "/campaigns/banners/image_100.png";
  for (const [path, status, isForAll] of [
    ["/campaigns/1", 200, true],
    ["/campaigns/1/banner", 302, true],
    ["/campaigns/1/banner.json", 200, true],
    [image, 200, true],
    ["/embed.js", 200, true],
    [`${image}.png`, 404, true],
    ["/", 200, false],
    ["/nothing", 404, true],
  ] as const) {
    const { status: answered, headers } = request(router, "GET", path);
    t.equal(answered, status);
    t.equal(headers["cross-origin-resource-policy"], isForAll ? "cross-origin" : undefined, path);
  }
  for (const path of [image, "/embed.js"]) {
    const { status, headers } = request(router, "GET", path, { "if-none-match": "*" });
    t.same([status, headers["cross-origin-resource-policy"]], [304, "cross-origin"], path);
  }
  t.end();
});

await t.test("HEAD is decided as GET is", (t) => {
  const { status, headers } = request(router, "HEAD", "/campaigns/4294967295");
  const get = request(router, "GET", "/campaigns/4294967295");
  t.same({ status, headers }, { status: 200, headers: get.headers });
  t.end();
});

await t.test("the cookie and the images' address are as configured", (t) => {
  const cells = [{ campaign: 1, period: 1, converting: [100] }];
  const cookie = { maxAge: 60, secure: false, sameSite: "None" } as const;
  const settings = { cookie, bannerBaseUrl: "https://cdn.example:8443/b,c;d&'<>/" };
  const page = request(routerOf(cells, settings), "GET", "/campaigns/1");
  t.equal(
    page.headers["set-cookie"],
    "last_banner=100; Path=/campaigns/1; Max-Age=60; HttpOnly; SameSite=None; Secure; Partitioned",
  );
  t.match(page.body, /<img src="https:\/\/cdn\.example:8443\/b,c;d&#38;&#39;&#60;&#62;\/image_100\.png\?v=/);
  t.match(
    page.headers["content-security-policy"],
    /; img-src https:\/\/cdn\.example:8443\/b%2Cc%3Bd&'%3C%3E\/ data:; style-src /,
    "what ends a source or a policy is escaped",
  );
  t.end();
});

await t.test("without cookies none is set, and none is read", (t) => {
  const cells = [{ campaign: 1, period: 1, converting: [100, 101] }];
  const router = routerOf(cells, { cookie: undefined });
  const seen = new Set<number>();
  for (let visit = 0; visit < 100; visit++) {
    const page = request(router, "GET", "/campaigns/1", { cookie: "last_banner=100" });
    t.notOk("set-cookie" in page.headers);
    t.equal(page.headers["referrer-policy"], "strict-origin-when-cross-origin", "the header before it is whole");
    seen.add(bannerOf(page));
  }
  t.same(seen, new Set([100, 101]), "a repeat cannot be avoided");
  t.end();
});

await t.test(
  "decisions are counted by rule, and the repeats that were avoided, which one banner alone cannot be",
  (t) => {
    const router = routerOf([
      { campaign: 1, period: 1, converting: range(100, 111) },
      { campaign: 2, period: 1, converting: range(100, 105) },
      { campaign: 3, period: 1, converting: [100] },
      { campaign: 4, period: 1, clicked: [100, 101] },
    ]);
    const counted = (): number[] => Array.from(router.counters.subarray(DECISIONS, REPEATS_AVOIDED + 1));
    const ask = (campaign: number, last: number): void => {
      request(router, "GET", `/campaigns/${campaign}`, { cookie: `last_banner=${last}` });
    };
    const rules = (rule: Rule, repeats: number): number[] => [...RULES.map((name) => Number(name === rule)), repeats];
    for (const [campaign, last, rule, repeats] of [
      [1, 0, "top-10", 0],
      [1, 105, "top-10", 1],
      [1, 111, "top-10", 0],
      [2, 105, "top-x", 1],
      [3, 100, "fill-by-clicks", 0],
      [4, 101, "by-clicks", 1],
    ] as const) {
      router.counters.fill(0);
      ask(campaign, last);
      t.same(counted(), rules(rule, repeats), `campaign ${campaign} after ${last}`);
    }
    t.end();
  },
);

await t.test("random places of a campaign bring every banner of the pool, and never the last one", (t) => {
  const router = routerOf([{ campaign: 3, period: 1, clicked: [200], pool: range(1, 9) }]);
  const seen = new Set<number>();
  let last = 0;
  let repeats = 0;
  for (let visit = 0; visit < 2000; visit++) {
    const banner = bannerOf(request(router, "GET", "/campaigns/3/", { cookie: `last_banner=${last}` }));
    if (banner === last) repeats++;
    last = banner;
    seen.add(banner);
  }
  t.equal(repeats, 0);
  t.same(
    [...seen].sort((a, b) => a - b),
    [...range(1, 9), 200],
  );
  t.end();
});
