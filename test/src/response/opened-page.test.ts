import { join } from "node:path";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import t, { type Test } from "tap";
import { imageOf, type BannerText } from "../../../build/images/folder.js";
import { Router } from "../../../src/response/router.js";
import { NONE } from "../../../src/index/catalog.js";
import { shownBanner } from "../../../src/response/image.js";
import { pageEnd, pagePolicy, pageStart } from "../../../src/response/page.js";
import { launchBrowser } from "../../build/report/opened-page.js";
import { SETTINGS } from "./response-settings.js";
import { buildSample } from "../built-sample.js";
import { OtherSite } from "./other-site.js";
import { openPublicPort } from "../server/public-port.js";
import { publish } from "../published.js";
import { BareServer } from "../running-server.js";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range, smallCatalog, smallIndex, type SmallCell } from "../small-index.js";
import { drawnWidth, layoutShift, watchedPage } from "./watched-page.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

const { catalog: sample } = await buildSample(t.testdir());
const campaigns = [...sample.index.campaignIds];
const { periods } = sample.index.counts;

const startOf = (period: number): number => Date.UTC(2026, 10, 23, 12, ((period - 1) * 60) / periods);

async function bannerOn(page: Page): Promise<number> {
  const source = await page.evaluate<string>("document.images[0].src");
  return Number(/image_(\d+)\./.exec(source)?.[1]);
}

await t.test("every campaign of the sample draws its banner in every period, and asks nobody else", async (t) => {
  let period = 1;
  const router = new Router(sample, SETTINGS, seededRandom(1), () => startOf(period));
  const port = await openPublicPort(t, router);
  const context = await browser.newContext();
  const { page, faults, origins } = await watchedPage(context);
  let pages = 0;
  for (; period <= periods; period++)
    for (const campaign of campaigns.filter((campaign) => sample.cellOf(campaign, period) !== NONE)) {
      await page.goto(`http://127.0.0.1:${port}/campaigns/${campaign}/`);
      if (!((await drawnWidth(page)) > 0)) t.fail(`campaign ${campaign} draws nothing in period ${period}`);
      pages++;
    }
  t.ok(pages > 100, `${pages} pages`);
  t.same(faults, []);
  t.same([...origins], [`http://127.0.0.1:${port}`]);
  await context.close();
});

await t.test("50 visits in a row never repeat a banner, and campaigns 1 and 10 keep separate cookies", async (t) => {
  const port = await openPublicPort(t, new Router(sample, SETTINGS, seededRandom(1), () => startOf(1)));
  const context = await browser.newContext();
  const { page, faults } = await watchedPage(context);
  // Campaign 8 has a random place.
  const shown = new Map<number, number[]>([1, 10, 8].map((campaign) => [campaign, []]));
  for (let visit = 0; visit < 50; visit++)
    for (const [campaign, banners] of shown) {
      const response = await page.goto(`http://127.0.0.1:${port}/campaigns/${campaign}/`);
      const { cookie } = await response!.request().allHeaders();
      const last = banners.at(-1);
      if (cookie !== (last === undefined ? undefined : `last_banner=${last}`)) t.fail(`${campaign} is sent ${cookie}`);
      banners.push(await bannerOn(page));
    }
  for (const [campaign, banners] of shown) {
    t.notOk(
      banners.some((banner, visit) => banner === banners[visit - 1]),
      `${campaign}: ${banners.join(", ")}`,
    );
    t.ok(new Set(banners).size >= 5, "and they are chosen among all");
  }
  const cookies = (await context.cookies()).map(({ path, value }) => [path, value]);
  t.same(
    new Map(cookies as [string, string][]),
    new Map([...shown].map(([campaign, banners]) => [`/campaigns/${campaign}`, String(banners.at(-1))])),
  );
  t.same(faults, []);
  await context.close();
});

await t.test("in a sequence each run of n visits shows all n, also where a reload comes between", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const cells: SmallCell[] = [
    ...inEveryPeriod({ campaign: 1, converting: range(101, 107) }),
    ...inEveryPeriod({ campaign: 2, converting: range(201, 203), pool: range(211, 219) }),
  ];
  publish(file, smallIndex(cells));
  const server = new BareServer({ INDEX_FILE: file, WORKERS: "2", ROTATION: "sequence" });
  t.teardown(() => server.stop());
  const port = await server.ready();
  const context = await browser.newContext();
  const { page, faults } = await watchedPage(context);
  const shown = new Map<number, number[]>([1, 2].map((campaign) => [campaign, []]));
  for (let visit = 0; visit < 21; visit++) {
    // Within a run of either campaign: three banners of seven, and of five, are still to come.
    if (visit === 7 + 4 || visit === 5 + 2) {
      publish(file, smallIndex([...cells, ...inEveryPeriod({ campaign: 3, converting: [visit] })]));
      server.process.kill("SIGHUP");
      t.equal((await server.next("reload"))["result"], "replaced");
    }
    for (const [campaign, banners] of shown) {
      await page.goto(`http://127.0.0.1:${port}/campaigns/${campaign}/`);
      banners.push(await bannerOn(page));
    }
  }
  for (const [campaign, n, always] of [
    [1, 7, range(101, 107)],
    [2, 5, range(201, 203)],
  ] as const) {
    const banners = shown.get(campaign)!;
    for (let start = 0; start < 3 * n; start += n) {
      const run = new Set(banners.slice(start, start + n));
      t.equal(run.size, n, `${campaign}: ${[...run].join(", ")}`);
      t.ok(always.every((banner) => run.has(banner)));
    }
    t.notOk(banners.some((banner, visit) => banner === banners[visit - 1]));
  }
  t.same(faults, []);
  await context.close();
});

/** Campaign and banner have one number. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [301, 300, 250],
  [728, 728, 90],
  [160, 160, 600],
  [240, 2400, 300],
];
const drawing = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9" height="9"/></svg>`;
const IMAGES = new Map(
  SIZES.map(([banner, width, height]) => [banner, imageOf(Buffer.from(drawing(width, height)), "svg", "svg")]),
);
const SIZED = SIZES.flatMap(([banner]) => inEveryPeriod({ campaign: banner, converting: [banner] }));

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: "light" };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  colorScheme: "dark",
};

const BOX = `(() => {
  const { x, y, width, height } = document.images[0].getBoundingClientRect();
  const { clientWidth, clientHeight, scrollWidth, scrollHeight } = document.documentElement;
  return { x, y, width, height, clientWidth, clientHeight, scrollWidth, scrollHeight };
})()`;
type Box = Readonly<
  Record<"x" | "y" | "width" | "height" | "clientWidth" | "clientHeight" | "scrollWidth" | "scrollHeight", number>
>;

/** A port whose every banner has a link, or none. */
async function openSized(t: Test, texts = new Map<number, BannerText>()): Promise<string> {
  const router = new Router(smallCatalog(SIZED, 4, IMAGES, texts), SETTINGS, seededRandom(1), () => startOf(1));
  return `http://127.0.0.1:${await openPublicPort(t, router)}`;
}

const linkedTo = (link: string): Map<number, BannerText> =>
  new Map(SIZES.map(([banner]) => [banner, { alt: `Summer sale, "${banner}"`, link }]));

await t.test("the banner is centred at its own size, and never wider than the screen", async (t) => {
  const ports = [await openSized(t), await openSized(t, linkedTo("https://www.example.com/"))];
  for (const viewer of [DESKTOP, PHONE]) {
    const context = await browser.newContext(viewer);
    const { page, faults } = await watchedPage(context);
    const screen = viewer.viewport!;
    for (const port of ports)
      for (const [banner, width, height] of SIZES) {
        await page.goto(`${port}/campaigns/${banner}/`);
        await drawnWidth(page);
        const box = await page.evaluate<Box>(BOX);
        const scale = Math.min(1, screen.width / width);
        const name = `${width} x ${height} on ${screen.width} x ${screen.height}`;
        t.equal(box.width, width * scale, name);
        t.ok(Math.abs(box.height - height * scale) <= 0.5, "in its own proportions");
        t.equal(box.x, (screen.width - width * scale) / 2, "centred across");
        t.ok(Math.abs(box.y - (screen.height - height * scale) / 2) <= 0.5, "centred up and down");
        t.same([box.scrollWidth, box.scrollHeight], [screen.width, screen.height], "and nothing to scroll");
      }
    t.same(faults, []);
    await context.close();
  }
});

await t.test("nothing shifts while the page loads", async (t) => {
  const port = await openSized(t);
  for (const viewer of [DESKTOP, PHONE]) {
    const context = await browser.newContext(viewer);
    const { page } = await watchedPage(context);
    let send = (): void => undefined;
    await page.route("**/image_*", async (route) => {
      await new Promise<void>((resolve) => (send = resolve));
      await route.continue();
    });
    for (const [banner] of SIZES) {
      const asked = page.waitForRequest("**/image_*");
      await page.goto(`${port}/campaigns/${banner}/`, { waitUntil: "domcontentloaded" });
      await asked;
      t.equal(await layoutShift(page), 0);
      const before = await page.evaluate<Box>(BOX);
      send();
      await drawnWidth(page);
      t.same(await page.evaluate<Box>(BOX), before, `banner ${banner}`);
      t.equal(await layoutShift(page), 0);
    }
    await context.close();
  }
});

/** Relative luminance of WCAG 2.2 from what browsers compute, such as `rgb(0, 0, 0)`. */
function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/\d+(\.\d+)?/g)!.map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

await t.test("the text of an image that does not come is legible, in light and dark", async (t) => {
  for (const port of [await openSized(t), await openSized(t, linkedTo("https://www.example.com/"))])
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.route("**/image_*", (route) => route.abort());
      await page.goto(`${port}/campaigns/301/`);
      const [text, ground, canvas, width] = await page.evaluate<[string, string, string, number]>(
        "(({ color, backgroundColor }) => [color, backgroundColor, getComputedStyle(document.documentElement).colorScheme, " +
          "document.images[0].offsetWidth])(getComputedStyle(document.images[0]))",
      );
      t.equal(canvas, "light dark", "the page itself is as the visitor has it");
      t.equal(luminance(ground), 1, "behind an image that is transparent in places, it is white");
      t.ok((luminance(ground) + 0.05) / (luminance(text) + 0.05) >= 7, `${text} on ${ground}, ${colorScheme}`);
      t.equal(width, 300);
      await context.close();
    }
});

await t.test(
  "a screen reader has the text as heading and image; a link opens a tab that knows nothing of us",
  async (t) => {
    const site = await OtherSite.open(t);
    site.pages.set("/offer", { html: "<!doctype html><title>Offer</title>" });
    const port = await openSized(t, linkedTo(site.url("/offer")));
    const context = await browser.newContext(PHONE);
    const { page, faults } = await watchedPage(context);
    await page.goto(`${port}/campaigns/301/`);
    const name = `"Summer sale, \\"301\\""`;
    t.equal(
      await page.locator("body").ariaSnapshot(),
      `- main:\n  - heading ${name} [level=1]:\n    - link ${name}:\n      - /url: ${site.url("/offer")}\n      - img ${name}`,
    );
    t.equal(await page.title(), `Summer sale, "301"`);
    t.equal(await page.evaluate("document.documentElement.lang"), "en");
    const opened = context.waitForEvent("page");
    await page.getByRole("link").click();
    const offer = await opened;
    await offer.waitForURL(site.url("/offer"));
    t.equal(await offer.evaluate("window.opener"), null);
    t.equal(await offer.evaluate("document.referrer"), `${port}/`, "not even the campaign");
    t.equal(page.url(), `${port}/campaigns/301/`);
    t.same(faults, []);
    await context.close();
    const without = await browser.newContext();
    const plain = await without.newPage();
    await plain.goto(`${await openSized(t)}/campaigns/301/`);
    t.equal(
      await plain.locator("body").ariaSnapshot(),
      `- main:\n  - heading "Banner 301" [level=1]:\n    - img "Banner 301"`,
    );
    await without.close();
  },
);

await t.test("a visitor without JavaScript gets the page whole", async (t) => {
  const port = await openSized(t, linkedTo("https://www.example.com/"));
  const looks: unknown[] = [];
  for (const javaScriptEnabled of [true, false]) {
    const context: BrowserContext = await browser.newContext({ javaScriptEnabled });
    const { page, faults } = await watchedPage(context);
    await page.goto(`${port}/campaigns/728/`);
    t.equal(await drawnWidth(page), 728);
    looks.push([await page.content(), await page.evaluate<Box>(BOX), await page.locator("body").ariaSnapshot()]);
    t.same(faults, []);
    await context.close();
  }
  t.same(looks[1], looks[0]);
});

await t.test("the page of every banner of the sample is under 1 kB, style and all, and asks for no icon", (t) => {
  for (const [banner, id] of sample.index.bannerIds.entries()) {
    const page = pageStart(false) + pageEnd(shownBanner(sample, banner, SETTINGS.bannerBaseUrl));
    t.ok(Buffer.byteLength(page) < 1000, `banner ${id}: ${Buffer.byteLength(page)} bytes`);
  }
  // Browsers without a window, as those of tests, ask for no icon anyway.
  t.match(pageStart(true), `<link rel="icon" href="data:,">`);
  t.match(pagePolicy(SETTINGS.bannerBaseUrl), /img-src [^;]*data:/);
  t.end();
});

await t.test("an SVG that is opened by itself draws, and runs nothing", async (t) => {
  const scripted = imageOf(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250" onload="document.documentElement.setAttribute('data-ran', '1')">` +
        `<style>rect{fill:teal}</style><rect width="300" height="250"/>` +
        `<script>document.documentElement.setAttribute("data-ran", "2")</script></svg>`,
    ),
    "svg",
    "svg",
  );
  const catalog = smallCatalog(inEveryPeriod({ campaign: 1, converting: [7] }), 4, new Map([[7, scripted]]));
  const port = await openPublicPort(t, new Router(catalog, SETTINGS));
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/campaigns/banners/image_7.svg`);
  t.equal(await page.evaluate("document.documentElement.getAttribute('data-ran')"), null);
  t.equal(await page.evaluate("getComputedStyle(document.querySelector('rect')).fill"), "rgb(0, 128, 128)");
  await context.close();
});
