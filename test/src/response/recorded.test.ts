import t from "tap";
import { CLICKS_UNCOUNTED, DECISIONS, UNCOUNTED_CLICKS } from "../../../src/response/counters.js";
import { MAX_SHARED_PAGE } from "../../../src/response/page.js";
import { Router } from "../../../src/response/router.js";
import type { RecordingPart } from "../../../src/response/decision-recorder.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { recordedRouter, type RecordedRouter } from "./recorded-router.js";
import { bannerOf, request } from "../request.js";
import { inEveryPeriod, range, smallCatalog } from "../small-index.js";
import { seededRandom } from "../seeded-random.js";
import { SETTINGS } from "./response-settings.js";

const QUARTER_PAST = Date.UTC(2026, 10, 30, 12, 15, 7, 250);
const SECONDS = Math.floor(QUARTER_PAST / 1000);

const LINKS = new Map(
  range(100, 104).map((banner) => [
    banner,
    { alt: banner === 101 ? "Grüße ✓" : "", link: `https://shop.example/${banner}?a=1&click={click_id}` },
  ]),
);
LINKS.set(104, { alt: "", link: "https://shop.example/%7Bclick_id%7D/x" });

const CATALOG = smallCatalog(
  [
    ...inEveryPeriod({ campaign: 7, converting: range(100, 104) }),
    ...inEveryPeriod({ campaign: 4294967295, converting: [103, 104] }),
    ...inEveryPeriod({ campaign: 9, converting: [200] }),
  ],
  4,
  new Map(),
  LINKS,
);

function recording(
  settings: Partial<RecordingPart> = {},
  response: Partial<ResponseSettings> = {},
  now = (): number => QUARTER_PAST,
): RecordedRouter {
  return recordedRouter(CATALOG, now, settings, response);
}

/** As a browser takes it from an attribute. */
function linkOf(body: string): string {
  return /<a href="([^"]*)"/.exec(body)![1]!.replaceAll("&#38;", "&");
}

function uncounted({ counters }: RecordedRouter): Record<string, number> {
  const pairs = UNCOUNTED_CLICKS.map((reason, at) => [reason, counters[CLICKS_UNCOUNTED + at]!] as const);
  return Object.fromEntries(pairs.filter(([, count]) => count > 0));
}

await t.test("a page is recorded, and its link leads by the click to the banner's own link", (t) => {
  const { router, recorded } = recording();
  const page = request(router, "GET", "/campaigns/7/");
  const banner = bannerOf(page);
  t.same(recorded(), [{ kind: "impression", seconds: SECONDS, campaign: 7, banner, id: "" }]);
  const link = linkOf(page.body);
  const [, id = ""] = new RegExp(`^/campaigns/7/click/${banner}\\?d=([0-9a-f]{32})$`).exec(link) ?? [];
  t.not(id, "");
  const click = request(router, "GET", link);
  t.equal(click.status, 302);
  const own = LINKS.get(banner)!.link.replace(/\{click_id\}|%7Bclick_id%7D/, id);
  t.same(
    { location: click.headers["location"], caching: click.headers["cache-control"] },
    { location: own, caching: "no-store" },
  );
  t.equal(click.headers["set-cookie"], undefined);
  t.same(recorded(), [{ kind: "click", seconds: SECONDS, campaign: 7, banner, id }]);
  t.end();
});

await t.test("one banner's pages have each their campaign's link, with an id and without, in any order", (t) => {
  const { router } = recording({ heedsGpc: true });
  for (let visit = 0; visit < 80; visit++) {
    const campaign = visit % 2 === 0 ? "7" : "4294967295";
    const isLeftOut = visit % 3 === 0;
    const page = request(router, "GET", `/campaigns/${campaign}/`, isLeftOut ? { dnt: "1" } : {});
    const [, banner = ""] = /image_(\d+)/.exec(page.body) ?? [];
    const link = `^/campaigns/${campaign}/click/${banner}\\?d=${isLeftOut ? "" : "[0-9a-f]{32}"}$`;
    t.match(linkOf(page.body), new RegExp(link));
  }
  t.end();
});

await t.test("JSON has the same link, of the widest ids too, and no two decisions have the same", (t) => {
  const { router, recorded } = recording({ clickBase: "https://ads.example/a'&b" });
  const links = range(1, 50).map(() => {
    const { banner, link } = JSON.parse(request(router, "GET", "/campaigns/4294967295/banner.json").body) as {
      banner: number;
      link: string;
    };
    t.match(link, `https://ads.example/a'&b/campaigns/4294967295/click/${banner}?d=`);
    return link;
  });
  t.equal(new Set(links).size, 50);
  t.equal(recorded().length, 50);
  const page = request(router, "GET", "/campaigns/4294967295");
  t.match(
    page.body,
    /<a href="https:\/\/ads\.example\/a&#39;&#38;b\/campaigns\/4294967295\/click\/10[34]\?d=[0-9a-f]{32}"/,
  );
  t.end();
});

await t.test("the click's id goes into a link where the link has room for it, escaped as `URL` does too", (t) => {
  const { router } = recording();
  const seen = new Set<number>();
  for (let visit = 0; visit < 50; visit++) {
    const { banner, link } = JSON.parse(request(router, "GET", "/campaigns/7/banner.json").body) as {
      banner: number;
      link: string;
    };
    const own = LINKS.get(banner)!.link.replace(/\{click_id\}|%7Bclick_id%7D/, link.slice(-32));
    t.equal(request(router, "GET", link).headers["location"], own);
    seen.add(banner);
  }
  t.equal(seen.size, 5);
  t.end();
});

await t.test("but for its link, an answer has the bytes that it has where nothing is recorded", (t) => {
  const { router } = recording();
  const plain = new Router(CATALOG, SETTINGS, seededRandom(1), () => QUARTER_PAST);
  const own = (text: string): string =>
    text.replace(/\/campaigns\/7\/click\/(\d+)\?d=[0-9a-f]{32}/, (_, banner: string) =>
      text.startsWith("{") ? LINKS.get(Number(banner))!.link : LINKS.get(Number(banner))!.link.replaceAll("&", "&#38;"),
    );
  for (const path of [
    "/campaigns/7",
    "/campaigns/7/",
    "/campaigns/7/banner.json",
    "/campaigns/9",
    "/campaigns/9/banner.json",
  ])
    for (const headers of [{}, { "sec-fetch-dest": "document" }, { cookie: "last_banner=101" }]) {
      const [recorded, usual] = [router, plain].map((each) => request(each, "GET", path, headers));
      t.same(
        [recorded!.status, recorded!.headers, own(recorded!.body)],
        [usual!.status, usual!.headers, usual!.body],
        path,
      );
    }
  t.end();
});

await t.test("where nothing is recorded, there are no clicks: their address is any other", (t) => {
  const plain = new Router(CATALOG, SETTINGS, seededRandom(1), () => QUARTER_PAST);
  for (const method of ["GET", "HEAD", "OTHER"] as const)
    for (const path of ["/campaigns/7/click", "/campaigns/7/click/100?d=00"])
      t.same(request(plain, method, path), request(plain, method, "/campaigns/7/other"), path);
  t.notMatch(request(plain, "GET", "/campaigns/7").body, "/click");
  t.end();
});

await t.test("a click counts in the period in which the banner was shown, and repeated it is the same again", (t) => {
  let now = Date.UTC(2026, 10, 30, 12, 14, 59);
  const { router, recorded } = recording({}, {}, () => now);
  const { link } = JSON.parse(request(router, "GET", "/campaigns/7/banner.json").body) as { link: string };
  recorded();
  now += 3000;
  request(router, "GET", link);
  now += 3_600_000;
  request(router, "GET", link);
  const [first, second] = recorded();
  t.equal(first!.seconds, Date.UTC(2026, 10, 30, 12, 14, 59) / 1000);
  t.same(second, first);
  t.end();
});

await t.test("a click on an image goes by a cookie that no other request gets", (t) => {
  const { router, recorded } = recording({ clickMaxAge: 3600 });
  const image = request(router, "GET", "/campaigns/7/banner");
  const [{ banner } = { banner: 0 }] = recorded();
  const [, id = ""] = /^last_decision=\d+\.([0-9a-f]{32});/.exec(image.headers["set-cookie"]!) ?? [];
  t.equal(
    image.headers["set-cookie"],
    `last_decision=${banner}.${id}; Path=/campaigns/7/click; Max-Age=3600; HttpOnly; SameSite=Lax`,
    "the second of two",
  );
  const cookie = `last_banner=${banner}; last_decision=${banner}.${id}`;
  const click = request(router, "GET", "/campaigns/7/click", { cookie });
  t.match(click.headers["location"], /^https:\/\/shop\.example\//);
  t.same(recorded(), [{ kind: "click", seconds: SECONDS, campaign: 7, banner, id }]);
  t.end();
});

await t.test("a page and headers that are too long to share their bytes with the next have the id too", (t) => {
  const links = new Map([[100, { alt: "word ".repeat(4000), link: "https://shop.example/" }]]);
  const catalog = smallCatalog(inEveryPeriod({ campaign: 7, converting: [100] }), 4, new Map(), links);
  const bannerBaseUrl = `https://images.example/${"a".repeat(5000)}/`;
  const { router, recorded } = recordedRouter(catalog, () => QUARTER_PAST, {}, { bannerBaseUrl });
  const { body } = request(router, "GET", "/campaigns/7/");
  t.ok(body.length > MAX_SHARED_PAGE);
  request(router, "GET", linkOf(body));
  const image = request(router, "GET", "/campaigns/7/banner");
  const [cookie = ""] = /last_decision=[^;]*/.exec(image.headers["set-cookie"] ?? "") ?? [];
  request(router, "GET", "/campaigns/7/click", { cookie });
  t.equal(recorded().filter(({ kind }) => kind === "click").length, 2);
  t.end();
});

await t.test("a click without the cookie leads to the campaign's page, which has a link", (t) => {
  const server = recording({ clickBase: "https://ads.example/a" });
  for (const cookie of [
    "",
    "last_decision=",
    "last_decision=0.aa",
    "last_banner=100",
    `xlast_decision=100.${"0".repeat(32)}`,
  ]) {
    const { status, headers } = request(server.router, "GET", "/campaigns/7/click", { cookie });
    t.same([status, headers["location"]], [302, "https://ads.example/a/campaigns/7/"], cookie);
  }
  t.same([server.recorded(), uncounted(server)], [[], { "no-decision": 5 }]);
  t.end();
});

await t.test("without cookies an image sets none", (t) => {
  const { router, recorded } = recording({}, { cookie: undefined });
  t.equal(request(router, "GET", "/campaigns/7/banner").headers["set-cookie"], undefined);
  t.equal(recorded().length, 1);
  t.end();
});

await t.test("what does not count leads on all the same, and is counted by its reason", (t) => {
  let now = QUARTER_PAST;
  const server = recording({ ignoreHeader: "x-bot" }, {}, () => now);
  const { router, recorded } = server;
  const { banner, link } = JSON.parse(request(router, "GET", "/campaigns/7/banner.json").body) as {
    banner: number;
    link: string;
  };
  recorded();
  const other = banner === 100 ? 101 : 100;
  const target = LINKS.get(banner)!.link.replace(/\{click_id\}|%7Bclick_id%7D/, "");
  const tried: [reason: string, method: "GET" | "HEAD", address: string, headers?: Record<string, string>][] = [
    ["head", "HEAD", link],
    ["ignored", "GET", link, { "x-bot": "yes" }],
    ["prefetch", "GET", link, { "sec-purpose": "prefetch;prerender" }],
    ["prefetch", "GET", link, { purpose: "prefetch" }],
    ["no-decision", "GET", `/campaigns/7/click/${banner}`],
    ["no-decision", "GET", `/campaigns/7/click/${banner}?d=`],
    ["foreign", "GET", link.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"))],
    ["foreign", "GET", `/campaigns/7/click/${banner}?d=${"0".repeat(32)}`],
    ["foreign", "GET", `/campaigns/7/click/${banner}?d=%00`],
    ["foreign", "GET", link.replace("/campaigns/7/", "/campaigns/9/")],
  ];
  const expected: Record<string, number> = {};
  for (const [reason, method, address, headers] of tried) {
    const { status, headers: got } = request(router, method, address, headers);
    t.same([status, got["location"], got["cache-control"]], [302, target, "no-store"], `${reason} ${address}`);
    expected[reason] = (expected[reason] ?? 0) + 1;
  }
  t.equal(request(router, "GET", link.replace(`/${banner}?`, `/${other}?`)).status, 302, "of another banner");
  expected["foreign"]!++;
  now = QUARTER_PAST + 86_400_000;
  t.equal(request(router, "GET", link).status, 302);
  t.equal(recorded().length, 1, "a day later it counts still");
  now += 10_001;
  request(router, "GET", link);
  now = QUARTER_PAST - 301_000;
  request(router, "GET", link);
  t.same([recorded(), uncounted(server)], [[], { ...expected, expired: 1, foreign: expected["foreign"]! + 1 }]);
  t.end();
});

await t.test("a click on an image whose banner has no link, or is gone, leads to the campaign's page", (t) => {
  const { router, recorded } = recording();
  for (const banner of ["200", "999", "4294967296"]) {
    const cookie = `last_decision=${banner}.`;
    const { status, headers } = request(router, "GET", "/campaigns/7/click", { cookie });
    t.same([status, headers["location"], headers["cache-control"]], [302, "/campaigns/7/", "no-store"], banner);
  }
  t.same(recorded(), []);
  t.end();
});

await t.test("a click leads nowhere but to links of the index", (t) => {
  const { router, recorded } = recording();
  for (const path of [
    "/campaigns/7/click/200",
    "/campaigns/7/click/999",
    "/campaigns/7/click/0",
    "/campaigns/7/click/",
    "/campaigns/7/click/0100",
    "/campaigns/7/click/100/",
    "/campaigns/7/click/https://evil.example",
    "/campaigns/07/click/100",
    "/campaigns/0/click",
    "/campaigns//click",
  ]) {
    const { status, headers } = request(router, "GET", `${path}?d=https://evil.example`, {
      cookie: "last_decision=999.",
    });
    t.same([status, headers["location"], headers["cache-control"]], [404, undefined, "no-store"], path);
  }
  t.equal(request(router, "OTHER", "/campaigns/7/click/100").status, 405);
  t.same(recorded(), []);
  t.end();
});

await t.test("visitors who ask not to be tracked are served and not recorded, where that is heeded", (t) => {
  for (const headers of [{ "sec-gpc": "1" }, { dnt: "1" }] as Record<string, string>[]) {
    const heeding = recording({ heedsGpc: true });
    const { link } = JSON.parse(request(heeding.router, "GET", "/campaigns/7/banner.json", headers).body) as {
      link: string;
    };
    t.match(link, /^\/campaigns\/7\/click\/\d+\?d=$/);
    t.match(linkOf(request(heeding.router, "GET", "/campaigns/7", headers).body), /\?d=$/);
    t.match(
      request(heeding.router, "GET", "/campaigns/7/banner", headers).headers["set-cookie"],
      /^last_decision=\d+\.;/,
    );
    t.equal(request(heeding.router, "GET", link, headers).status, 302);
    t.same([heeding.recorded(), uncounted(heeding)], [[], { ignored: 1 }]);
    const other = recording();
    request(other.router, "GET", "/campaigns/7", headers);
    t.equal(other.recorded().length, 1);
  }
  t.end();
});

await t.test("HEAD is no decision: it is recorded nowhere, and counts nowhere", (t) => {
  const { router, recorded, counters } = recording();
  for (const path of ["", "/banner", "/banner.json"].map((end) => `/campaigns/4294967295${end}`)) {
    const head = request(router, "HEAD", path);
    t.equal(head.body.length, request(router, "GET", path).body.length);
  }
  t.equal(recorded().length, 3);
  t.equal(
    counters.subarray(DECISIONS, DECISIONS + 5).reduce((sum, count) => sum + count),
    3,
  );
  t.end();
});
