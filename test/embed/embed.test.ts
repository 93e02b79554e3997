import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import t, { type Test } from "tap";
import { imageOf, type BannerImage } from "../../build/images/folder.js";
import type { ResponseSettings } from "../../src/response/decisions.js";
import type { Campaign } from "../../src/view/rows.js";
import { snippetsOf } from "../../src/view/snippets.js";
import { Router } from "../../src/response/router.js";
import { launchBrowser } from "../build/report/opened-page.js";
import { SETTINGS } from "../src/response/response-settings.js";
import { OtherSite } from "../src/response/other-site.js";
import { recordedRouter } from "../src/response/recorded-router.js";
import { openPublicPort } from "../src/server/public-port.js";
import { ROOT } from "../docs/markdown.js";
import { seededRandom } from "../src/seeded-random.js";
import { inEveryPeriod, range, smallCatalog } from "../src/small-index.js";
import { drawnWidth, drawnWidths, layoutShift, watchedPage } from "../src/response/watched-page.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

const NOON = Date.UTC(2026, 10, 30, 12);

/** Each banner is as many pixels wide as its id says, so that what is drawn tells which one it is. */
const BANNERS = range(201, 204);
const drawing = (width: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="250"><rect width="9" height="9"/></svg>`;
const IMAGES = new Map<number, BannerImage>(
  BANNERS.map((banner) => [banner, imageOf(Buffer.from(drawing(banner)), "svg", "svg")]),
);
const TEXTS = new Map(BANNERS.map((banner) => [banner, { alt: `Sale ${banner}`, link: "https://www.example.com/" }]));
const CATALOG = smallCatalog(inEveryPeriod({ campaign: 7, converting: BANNERS }), 4, IMAGES, TEXTS);

const FOR_OTHER_SITES: Partial<ResponseSettings> = {
  cookie: { ...SETTINGS.cookie!, sameSite: "None" },
  allowedOrigins: ["*"],
};

async function openAds(t: Test, settings: Partial<ResponseSettings> = {}): Promise<number> {
  return openPublicPort(t, new Router(CATALOG, { ...SETTINGS, ...settings }, seededRandom(1)));
}

/** The snippets of docs/embedding.md, in its order. */
const DOCUMENT = readFileSync(join(ROOT, "docs/embedding.md"), "utf8");
const SNIPPETS = [...DOCUMENT.matchAll(/^```html\n(.*?)```$/gms)].map(([, snippet = ""]) => snippet);
const [FRAME = "", SCRIPT = "", IMAGE = "", RECORDED = "", FALLBACK = "", MEMORYLESS = ""] = SNIPPETS;

const pageWith = (ads: string, ...snippets: string[]): string =>
  `<!doctype html><html lang="en"><title>Shop</title>${snippets.join("").replaceAll("https://media.example.com", ads)}<p>Goods</p>`;

interface Visit {
  readonly banner: number;
  /** The Cookie header of the request for the decision. */
  readonly cookie: string | undefined;
}

const DECISION = /\/campaigns\/7\/(?:banner(?:\.json)?(?:\?.*)?)?$/;

/** Goes to a page with one banner. */
async function visit(page: Page, url: string): Promise<Visit> {
  const asked = page.waitForRequest(DECISION);
  await page.goto(url);
  const banner = await drawnWidth(page.frames()[1] ?? page);
  const { cookie } = await (await asked).allHeaders();
  return { banner, cookie };
}

async function visits(context: BrowserContext, url: string, count = 8): Promise<Visit[]> {
  const { page, faults } = await watchedPage(context);
  const made: Visit[] = [];
  for (let at = 0; at < count; at++) made.push(await visit(page, url));
  if (faults.length > 0) throw new Error(faults.join("\n"));
  await page.close();
  return made;
}

const repeats = (made: readonly Visit[]): number =>
  made.filter(({ banner }, at) => banner === made[at - 1]?.banner).length;
/** Whether each request, but the first, has brought back what the answer before it had set. */
const remembers = (made: readonly Visit[]): boolean =>
  made.every(({ cookie }, at) => at === 0 || cookie === `last_banner=${made[at - 1]!.banner}`);
const sendsNothing = (made: readonly Visit[]): boolean => made.every(({ cookie }) => cookie === undefined);

await t.test("docs/embedding.md has a frame, a script, two images, a fallback, a script that keeps nothing", (t) => {
  t.equal(SNIPPETS.length, 6);
  t.match(FRAME, /^<iframe\s+src="https:\/\/media\.example\.com\/campaigns\/7\/"/);
  t.match(SCRIPT, /<script\s+async\s+src="https:\/\/media\.example\.com\/embed\.js"\s+data-campaign="7"><\/script>/);
  t.match(IMAGE, /<img\s+src="https:\/\/media\.example\.com\/campaigns\/7\/banner"/);
  t.end();
});

await t.test(
  "each snippet of a campaign, on a page of another site, shows a banner whole and at its own size",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
    const texts = BANNERS.map((width) => [width, { name: "", link: "https://www.example.com/", width, height: 250 }]);
    const snippets = snippetsOf(ads, { campaign: 7, banners: Object.fromEntries(texts) as Campaign["banners"] });
    const context = await browser.newContext();
    for (const [name, snippet] of Object.entries(snippets) as [string, string][]) {
      site.pages.set("/", { html: pageWith(ads, snippet) });
      const { page, faults } = await watchedPage(context);
      await page.goto(site.url("/"));
      const frame = page.frames()[1] ?? page;
      const width = await drawnWidth(frame);
      t.ok(BANNERS.includes(width), name);
      const box = await frame.evaluate<number[]>("[document.images[0].offsetWidth, document.images[0].offsetHeight]");
      t.same(box, [name === "image" ? 204 : width, 250]);
      t.equal(await frame.evaluate("document.links[0].href"), "https://www.example.com/");
      t.equal(await frame.evaluate("document.documentElement.scrollWidth > innerWidth"), false);
      t.same(faults, []);
      await page.close();
    }
    await context.close();
  },
);

await t.test("the script leads a click to the server that records it, not to the site", async (t) => {
  const site = await OtherSite.open(t);
  const { router } = recordedRouter(CATALOG, () => NOON, {}, FOR_OTHER_SITES);
  const ads = `http://ads.localhost:${await openPublicPort(t, router)}`;
  site.pages.set("/", { html: pageWith(ads, SCRIPT) });
  const context = await browser.newContext();
  const { page, faults } = await watchedPage(context);
  await page.goto(site.url("/"));
  const banner = await drawnWidth(page);
  const link = await page.evaluate<string>("document.links[0].href");
  t.ok(link.startsWith(`${ads}/campaigns/7/click/${banner}?d=`), link);
  t.match(link, /[0-9a-f]{32}$/);
  t.same(faults, []);
  await context.close();
});

/** Clicks at the image on a page of this host, and returns the address that it leads to. */
async function clickImage(context: BrowserContext, url: string): Promise<string> {
  const { page } = await watchedPage(context);
  await page.goto(url);
  await drawnWidth(page);
  const [opened] = await Promise.all([context.waitForEvent("page"), page.locator("img").click()]);
  await opened.waitForLoadState();
  await page.close();
  return opened.url();
}

await t.test("a click at an image counts on the same site; from others it leads to the campaign's page", async (t) => {
  const site = await OtherSite.open(t);
  const shop = site.url("/shop");
  const texts = new Map(BANNERS.map((banner) => [banner, { alt: "Sale", link: shop }]));
  const catalog = smallCatalog(inEveryPeriod({ campaign: 7, converting: BANNERS }), 4, IMAGES, texts);
  for (const [settings, ads, isSame] of [
    [{}, "ads.shop.localhost", true],
    [{}, "ads.localhost", false],
    [FOR_OTHER_SITES, "ads.localhost", false],
  ] as const) {
    const { router, recorded } = recordedRouter(catalog, () => NOON, {}, settings);
    const server = `http://${ads}:${await openPublicPort(t, router)}`;
    site.pages.set("/", { html: pageWith(server, RECORDED) });
    const context = await browser.newContext();
    const led = await clickImage(context, site.url("/", "www.shop.localhost"));
    t.equal(led, isSame ? shop : `${server}/campaigns/7/`);
    const [shown, ...more] = recorded();
    t.equal(shown?.kind, "impression");
    t.match(more, [isSame ? { kind: "click", banner: shown!.banner } : { kind: "impression" }]);
    await context.close();
  }
});

await t.test("on the same site, by its ports or its names, no way repeats a banner with SameSite=Lax", async (t) => {
  const site = await OtherSite.open(t);
  const port = await openAds(t, { allowedOrigins: ["*"] });
  for (const [shop, ads] of [
    ["127.0.0.1", "127.0.0.1"],
    ["www.shop.localhost", "ads.shop.localhost"],
  ] as const) {
    const context = await browser.newContext();
    for (const [path, snippet] of Object.entries({ "/frame": FRAME, "/script": SCRIPT, "/image": IMAGE })) {
      site.pages.set(path, { html: pageWith(`http://${ads}:${port}`, snippet) });
      await context.clearCookies();
      const made = await visits(context, site.url(path, shop));
      t.equal(repeats(made), 0, `${path} on ${shop}`);
      t.ok(path === "/script" ? sendsNothing(made) : remembers(made));
    }
    await context.close();
  }
});

await t.test(
  "on another site, a Lax cookie is kept back: a banner appears, and the script does not repeat it",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, { allowedOrigins: [site.url("")] })}`;
    const context = await browser.newContext();
    for (const [path, snippet] of Object.entries({ "/frame": FRAME, "/script": SCRIPT, "/image": IMAGE })) {
      site.pages.set(path, { html: pageWith(ads, snippet) });
      const made = await visits(context, site.url(path));
      t.ok(sendsNothing(made), path);
      t.equal(repeats(made) === 0, path === "/script", `${path}: ${made.map(({ banner }) => banner).join(", ")}`);
    }
    t.same(await context.cookies(), []);
    await context.close();
  },
);

/**
 * What visitors set in their browsers. The last two are gone from later versions of the protocol, and asked for by
 * earlier ones.
 */
const OTHER_SITES_COOKIES_BLOCKED = {
  enableThirdPartyCookieRestriction: true,
  disableThirdPartyCookieMetadata: true,
  disableThirdPartyCookieHeuristics: true,
};

for (const blocked of [false, true])
  await t.test(
    `on other sites, a cookie with SameSite=None is each site's own, ${blocked ? "also where those of other sites are blocked" : "and no banner repeats"}`,
    async (t) => {
      const site = await OtherSite.open(t);
      const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
      const context = await browser.newContext();
      const { page, faults } = await watchedPage(context);
      if (blocked) {
        const debug = await context.newCDPSession(page);
        await debug.send("Network.enable");
        await debug.send("Network.setCookieControls", OTHER_SITES_COOKIES_BLOCKED);
      }
      // What blocking is held against: a cookie of the same address that is not kept apart.
      await context.addCookies([
        { name: "other", value: "1", url: ads.replace("http:", "https:"), sameSite: "None", secure: true },
      ]);
      const shops = ["shop.localhost", "news.localhost"];
      for (const [path, snippet] of Object.entries({ "/frame": FRAME, "/image": IMAGE })) {
        site.pages.set(path, { html: pageWith(ads, snippet) });
        const made = new Map<string, Visit[]>(shops.map((shop) => [shop, []]));
        const before = await context.cookies();
        t.equal(before.filter(({ name }) => name === "last_banner").length, path === "/frame" ? 0 : 2);
        await context.clearCookies({ name: "last_banner" });
        for (let round = 0; round < 6; round++)
          for (const [shop, own] of made) {
            const { banner, cookie } = await visit(page, site.url(path, shop));
            const sent = cookie?.split("; ") ?? [];
            if (sent.includes("other=1") === blocked) t.fail(`${shop} sends ${cookie}`);
            own.push({ banner, cookie: sent.find((pair) => pair !== "other=1") });
          }
        for (const [shop, own] of made) {
          t.equal(own[0]!.cookie, undefined);
          t.ok(remembers(own), `${path} on ${shop}`);
          t.equal(repeats(own), 0);
        }
      }
      t.same(faults, []);
      await context.close();
    },
  );

await t.test("where cookies and storage are blocked, every way shows a banner", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
  // To a browser, a page in a sandbox is of no site, and another one at every visit: what is set for it is never sent
  // again.
  const headers = { "Content-Security-Policy": "sandbox allow-scripts allow-popups" };
  const context = await browser.newContext();
  for (const [path, snippet] of Object.entries({ "/frame": FRAME, "/script": SCRIPT, "/image": IMAGE })) {
    site.pages.set(path, { html: pageWith(ads, snippet), headers });
    t.ok(sendsNothing(await visits(context, site.url(path), 4)), path);
  }
  const page = await context.newPage();
  site.pages.set("/two", { html: pageWith(ads, SCRIPT, SCRIPT), headers });
  for (let at = 0; at < 6; at++) {
    await page.goto(site.url("/two"));
    const shown = await drawnWidths(page, 2);
    t.equal(new Set(shown).size, 2, `on one page, the script does not repeat itself: ${shown.join(", ")}`);
  }
  await t.rejects(page.evaluate("localStorage.length"), /SecurityError/);
  await context.close();
});

await t.test("storage that is full, or not there, is no matter", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
  site.pages.set("/", { html: pageWith(ads, SCRIPT, SCRIPT) });
  for (const obstacle of [
    "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "Object.defineProperty(window, 'localStorage', { value: null })",
  ]) {
    const context = await browser.newContext();
    await context.addInitScript(obstacle);
    const { page, faults } = await watchedPage(context);
    for (let at = 0; at < 6; at++) {
      await page.goto(site.url("/"));
      t.equal(new Set(await drawnWidths(page, 2)).size, 2);
    }
    t.same(faults, []);
    await context.close();
  }
});

await t.test(
  "two scripts of one campaign on a page never show the same banner, nor that of the page before",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
    site.pages.set("/", { html: pageWith(ads, SCRIPT, SCRIPT) });
    const context = await browser.newContext();
    const { page, faults } = await watchedPage(context);
    const shown: Visit[] = [];
    for (let at = 0; at < 10; at++) {
      await page.goto(site.url("/"));
      // The one that is asked first need not be the first on the page, as the scripts are async.
      const [upper = 0, lower = 0] = await drawnWidths(page, 2);
      t.not(upper, lower);
      const stored = await page.evaluate<string>("Object.values(localStorage).join()");
      const newest = Number(stored);
      shown.push(...[upper + lower - newest, newest].map((banner) => ({ banner, cookie: undefined })));
    }
    t.equal(repeats(shown), 0, shown.map(({ banner }) => banner).join(", "));
    t.same(faults, []);
    await context.close();
  },
);

await t.test("two images of one address on a page are one banner, as docs/embedding.md says", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
  site.pages.set("/", { html: pageWith(ads, IMAGE, IMAGE) });
  const context = await browser.newContext();
  const { page } = await watchedPage(context);
  for (let at = 0; at < 6; at++) {
    await page.goto(site.url("/"));
    t.equal(new Set(await drawnWidths(page, 2)).size, 1);
  }
  await context.close();
});

await t.test("in a sequence the script shows all n banners in each run of n", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, { ...FOR_OTHER_SITES, rotation: "sequence" })}`;
  site.pages.set("/", { html: pageWith(ads, SCRIPT) });
  const context = await browser.newContext();
  const made = await visits(context, site.url("/"), 3 * BANNERS.length);
  for (let start = 0; start < made.length; start += BANNERS.length) {
    const run = made.slice(start, start + BANNERS.length).map(({ banner }) => banner);
    t.same(run.toSorted(), BANNERS, run.join(", "));
  }
  t.equal(repeats(made), 0);
  await context.close();
});

await t.test("where there is nothing to show, the script leaves the place empty and raises no error", async (t) => {
  const site = await OtherSite.open(t);
  const allowing = await openAds(t, { allowedOrigins: ["https://www.example.com"] });
  const port = await openAds(t, FOR_OTHER_SITES);
  const ads = `http://ads.localhost:${port}`;
  const cases: Record<string, [html: string, said: RegExp]> = {
    "/unknown": [pageWith(ads, SCRIPT.replace('"7"', '"8"')), /404/],
    "/nameless": [pageWith(ads, SCRIPT.replace("data-campaign", "data-other")), /404/],
    "/not-allowed": [pageWith(`http://ads.localhost:${allowing}`, SCRIPT), /CORS/],
    "/none-allowed": [pageWith(`http://ads.localhost:${await openAds(t)}`, SCRIPT), /CORS/],
    "/blocked": [pageWith(`http://other.localhost:${port}`, SCRIPT), /ERR_BLOCKED_BY_CLIENT/],
  };
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  const said: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => said.push(message.text()));
  await page.route("http://other.localhost:*/**/banner.json*", (route) => route.abort("blockedbyclient"));
  for (const [path, [html, reason]] of Object.entries(cases)) {
    site.pages.set(path, { html });
    await page.goto(site.url(path));
    await page.evaluate("window.billboard");
    t.equal(await page.evaluate("document.images.length"), 0, path);
    t.match(said.splice(0).join("\n"), reason, "the browser itself says why");
  }
  t.same(errors, []);
  // The next place of the page is not held up by it.
  site.pages.set("/both", { html: pageWith(ads, SCRIPT.replace('"7"', '"8"'), SCRIPT) });
  await page.goto(site.url("/both"));
  t.ok(BANNERS.includes(await drawnWidth(page)));
  await context.close();
});

/** Notes who hears of what, from which element; stands behind a script that it listens to. */
const LISTENERS = `<script>
  window.heard = [];
  const script = document.querySelector("[data-campaign]");
  for (const [name, listener] of Object.entries({ script, parent: script.parentElement, document }))
    for (const event of ["billboard:shown", "billboard:empty"])
      listener.addEventListener(event, ({ type, target, detail }) =>
        window.heard.push([name, type, target === script && target.isConnected, detail?.banner ?? null]));
</script>`;

await t.test(
  "the site hears once of a banner that is shown, and of a place that stays empty, wherever it listens",
  async (t) => {
    const site = await OtherSite.open(t);
    const port = await openAds(t, FOR_OTHER_SITES);
    const refusing = await openAds(t, { allowedOrigins: ["https://www.example.com"] });
    const ads = (name: string): string => `http://${name}.localhost:${port}`;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("http://unreachable.localhost:*/**/banner.json*", (route) => route.abort("connectionrefused"));
    await page.route("http://imageless.localhost:*/**/image_*", (route) => route.abort("blockedbyclient"));
    await page.route("http://broken.localhost:*/**/banner.json*", (route) =>
      route.fulfill({ status: 200, body: "<p>" }),
    );
    const cases = {
      shown: pageWith(ads("ads"), SCRIPT, LISTENERS),
      unknown: pageWith(ads("ads"), SCRIPT.replace('"7"', '"8"'), LISTENERS),
      refused: pageWith(`http://ads.localhost:${refusing}`, SCRIPT, LISTENERS),
      unreachable: pageWith(ads("unreachable"), SCRIPT, LISTENERS),
      imageless: pageWith(ads("imageless"), SCRIPT, LISTENERS),
      broken: pageWith(ads("broken"), SCRIPT, LISTENERS),
    };
    for (const [name, html] of Object.entries(cases)) {
      site.pages.set("/", { html });
      await page.goto(site.url("/"));
      await page.waitForFunction("window.heard.length >= 3");
      const banner = name === "shown" ? await drawnWidth(page) : null;
      const event = name === "shown" ? "billboard:shown" : "billboard:empty";
      const heard = await page.evaluate("window.heard");
      t.same(
        heard,
        [
          ["script", event, true, banner],
          ["parent", event, true, banner],
          ["document", event, true, banner],
        ],
        name,
      );
      t.equal(await page.evaluate("document.images.length"), name === "shown" ? 1 : 0);
      t.equal(await page.evaluate("document.querySelectorAll('[data-campaign]').length"), name === "shown" ? 0 : 1);
    }
    await context.close();
  },
);

await t.test(
  "the fallback of docs/embedding.md takes the place where nothing is shown, or the script does not come",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("http://gone.localhost/**", (route) => route.abort("connectionrefused"));
    for (const [html, shown] of [
      [pageWith(ads, FALLBACK, SCRIPT.replace('"7"', '"8"')), 0],
      [pageWith("http://gone.localhost", FALLBACK, SCRIPT), 0],
      [pageWith(ads, FALLBACK, SCRIPT), 1],
    ] as const) {
      site.pages.set("/", { html });
      await page.goto(site.url("/"));
      await page.waitForFunction(`document.images.length + document.querySelectorAll('[href="/offers"]').length > 0`);
      t.equal(await page.evaluate("document.images.length"), shown);
      t.equal(await page.locator("div > a[href='/offers']").count(), 1 - shown);
    }
    await context.close();
  },
);

await t.test(
  'data-memory="off" keeps nothing and reads nothing, and still shows two different banners on a page',
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
    site.pages.set("/with", { html: pageWith(ads, SCRIPT) });
    site.pages.set("/off", { html: pageWith(ads, MEMORYLESS) });
    site.pages.set("/two", { html: pageWith(ads, MEMORYLESS, MEMORYLESS) });
    const context = await browser.newContext();
    const { page, faults } = await watchedPage(context);
    await page.goto(site.url("/with"));
    await drawnWidth(page);
    const stored = await page.evaluate<string>("JSON.stringify(localStorage)");
    t.match(stored, "banner.json");
    for (let at = 0; at < 4; at++) {
      const asked = page.waitForRequest(DECISION);
      await page.goto(site.url("/off"));
      t.match((await asked).url(), /last=$/, "it does not even say what is stored");
      await drawnWidth(page);
      t.equal(await page.evaluate("JSON.stringify(localStorage)"), stored);
      await page.goto(site.url("/two"));
      t.equal(new Set(await drawnWidths(page, 2)).size, 2);
      t.equal(await page.evaluate("JSON.stringify(localStorage)"), stored);
    }
    t.same(await page.evaluate("[sessionStorage.length, document.cookie]"), [0, ""]);
    t.same(await context.cookies(), []);
    t.same(faults, []);
    await context.close();
  },
);

await t.test("a site with a strict policy needs the directives of docs/embedding.md, and no others", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
  const context = await browser.newContext();
  const strict = "default-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
  const ways = {
    frame: [FRAME, ["frame-src"]],
    script: [SCRIPT, ["script-src", "connect-src", "img-src"]],
    image: [IMAGE, ["img-src"]],
  } as const;
  for (const [way, [snippet, directives]] of Object.entries(ways)) {
    const html = pageWith(ads, snippet.replace(/ style="[^"]*"/, ""));
    const policy = (names: readonly string[]): string => [strict, ...names.map((name) => `${name} ${ads}`)].join("; ");
    site.pages.set(`/${way}`, { html, headers: { "Content-Security-Policy": policy(directives) } });
    t.equal((await visits(context, site.url(`/${way}`), 1)).length, 1, way);
    for (const missing of directives) {
      const rest = directives.filter((name) => name !== missing);
      site.pages.set("/less", { html, headers: { "Content-Security-Policy": policy(rest) } });
      const { page, faults } = await watchedPage(context);
      await page.goto(site.url("/less"));
      await page.evaluate("window.billboard");
      t.match(faults.join("\n"), missing, `without ${missing}`);
      await page.close();
    }
  }
  await context.close();
});

await t.test("a site that isolates itself shows banners in each way; its frame is without credentials", async (t) => {
  const site = await OtherSite.open(t);
  const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const context = await browser.newContext();
  for (const snippet of [FRAME.replace("<iframe", "$& credentialless"), SCRIPT, IMAGE]) {
    site.pages.set("/", { html: pageWith(ads, snippet), headers });
    const { page, faults } = await watchedPage(context);
    await page.goto(site.url("/"));
    t.equal(await page.evaluate("crossOriginIsolated"), true);
    t.ok(BANNERS.includes(await drawnWidth(page.frames()[1] ?? page)));
    t.same(faults, []);
    await page.close();
  }
  await context.close();
});

await t.test(
  "nothing of the site moves where room is kept, and a frame of the banner's size has nothing to scroll",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openAds(t, FOR_OTHER_SITES)}`;
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    for (const [path, snippet] of Object.entries({ "/frame": FRAME, "/script": SCRIPT, "/image": IMAGE })) {
      site.pages.set(path, { html: pageWith(ads, snippet) });
      const { page } = await watchedPage(context);
      await visit(page, site.url(path));
      t.equal(await layoutShift(page), 0, path);
      await page.close();
    }
    site.pages.set("/roomless", { html: pageWith(ads, SCRIPT.replace(/ style="[^"]*"/, "")) });
    const { page } = await watchedPage(context);
    let send = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      void page.route("**/banner.json*", async (route) => {
        await new Promise<void>((go) => {
          send = go;
          resolve();
        });
        await route.continue();
      });
    });
    await page.goto(site.url("/roomless"));
    await asked;
    // What was never drawn in another place has not moved.
    t.equal(await layoutShift(page), 0);
    send();
    const drawn = await drawnWidth(page);
    t.ok((await layoutShift(page)) > 0, "without room it would");
    const size = "['width', 'height'].map((name) => Number(document.images[0].getAttribute(name)))";
    t.same(await page.evaluate(size), [drawn, 250], "and the image keeps its own while it comes");

    site.pages.set("/exact", { html: pageWith(ads, FRAME.replace("300", "204")) });
    await visit(page, site.url("/exact"));
    const scrolls =
      "document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth";
    t.equal(await page.frames()[1]!.evaluate(scrolls), false);
    await context.close();
  },
);
