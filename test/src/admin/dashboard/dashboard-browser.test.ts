import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import t, { type Test } from "tap";
import { decode } from "../../../../src/index/format.js";
import { launchBrowser, rowsOf } from "../../../build/report/opened-page.js";
import { findingsOf } from "./axe.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../../published.js";
import { startAdmin } from "../running-admin.js";
import { BareServer } from "../../running-server.js";
import { seededRandom } from "../../seeded-random.js";
import { inEveryPeriod, range, smallIndex, type SmallCell } from "../../small-index.js";

const PHONE = { width: 375, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

/** A cell of each rule, one with random places, and a campaign that is not in every period. */
const CELLS: readonly SmallCell[] = [
  ...inEveryPeriod({ campaign: 1, converting: range(101, 112), pool: [190] }),
  ...inEveryPeriod({ campaign: 2, converting: range(201, 206), clicked: [220] }),
  ...inEveryPeriod({ campaign: 3, converting: [301], clicked: range(320, 326) }),
  ...inEveryPeriod({ campaign: 12, clicked: [420, 421], pool: range(430, 436) }),
  { period: 1, campaign: 13, converting: [501] },
  ...inEveryPeriod({ campaign: 14, clicked: [601, 602] }),
];

const browser: Browser = await launchBrowser();
t.teardown(() => browser.close());

interface Opened {
  readonly page: Page;
  /** What the console said, errors that nobody caught, and requests to anybody else. */
  readonly faults: readonly string[];
}

async function open(t: Test, port: unknown, address = "/", viewer: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: DESKTOP, ...viewer });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  const origin = `http://127.0.0.1:${String(port)}`;
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(origin + address);
  if (viewer.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
  return { page, faults };
}

/** The port of an administration port that shows these cells, at a moment of the second period. */
async function show(t: Test, cells: readonly SmallCell[] = CELLS): Promise<number> {
  const index = decode(Uint8Array.from(smallIndex(cells)));
  return (await startAdmin(t, { index: () => index }, { random: seededRandom(5) })).port;
}

const widthsOf = (page: Page, bars: string): Promise<number[]> =>
  page.evaluate(`Array.from(document.querySelectorAll("${bars}"), (bar) => Number(bar.getAttribute("width")))`);

const titleIs = (page: Page, text: string): Promise<void> =>
  page.locator("#campaign-title", { hasText: text }).waitFor();
const campaignsOf = (page: Page): Promise<string[]> => page.locator("#campaign-list tbody th").allInnerTexts();

await t.test("a campaign and a period are chosen, have an address, and one goes back from them", async (t) => {
  const { page, faults } = await open(t, await show(t));
  await titleIs(page, "Campaign 1");
  t.same(await campaignsOf(page), ["1", "2", "3", "13", "12", "14"]);
  await page.locator("#campaign-list").getByRole("link", { name: "3", exact: true }).click();
  await titleIs(page, "Campaign 3");
  t.match(await page.locator(".rule").innerText(), "fill-by-clicks X = 1: only 1 banner has at least one conversion.");
  t.equal(await page.locator(".collection tbody .in").count(), 5);
  t.match(await page.locator(".collection .cut").innerText(), "The first of 3 below it is not in, with 1 click fewer");
  t.match(await page.locator(".collection .below").innerText(), "324");
  await page.getByRole("navigation").getByRole("link", { name: "4 45–59" }).click();
  await page.locator("h3", { hasText: "Period 4" }).waitFor();
  t.match(page.url(), /\?campaign=3&period=4#campaign$/);
  t.equal(await page.title(), "Campaign 3 · Billboard");
  await page.goBack();
  await page.locator("h3", { hasText: "Period 2" }).waitFor();
  await page.goBack();
  await titleIs(page, "Campaign 1");
  await page.getByRole("link", { name: "Campaign", exact: true }).click();
  await page.locator('#campaign-list [aria-sort="ascending"]').waitFor();
  t.same(await campaignsOf(page), ["1", "2", "3", "12", "13", "14"]);
  t.same(faults, []);
});

await t.test("each banner is seen with its picture, its numbers and what put it in", async (t) => {
  const { page, faults } = await open(t, await show(t), "/?campaign=12");
  const rows = page.locator(".collection tbody tr.in");
  t.match((await rows.first().innerText()).split(/\s+/), ["1", "420", "0.000000", "2", "0", "1", "by", "clicks"]);
  t.match(await page.locator(".drawn td").innerText(), "3 places are drawn at each request from a pool of 7 banners");
  await page.evaluate("Promise.all(Array.from(document.images, (image) => (image.loading = 'eager', image.decode())))");
  t.equal(await page.locator(".collection img").count(), 2);
  t.same(await widthsOf(page, ".collection .count rect"), [100, 50]);
  t.same(faults, []);
});

await t.test("among 10,000 campaigns the right one is found, and looked into, with the keyboard alone", async (t) => {
  const cells = range(1, 10_000).map((campaign) => ({
    period: 2,
    campaign,
    converting: range(1, 1 + (campaign % 7)),
  }));
  const { page, faults } = await open(t, await show(t, cells));
  const { keyboard } = page;
  t.equal(await page.locator("#found").innerText(), "10,000 campaigns; the first 100 are here");
  // Tab for Tab to the field, as somebody does who has no mouse.
  const focused = (): Promise<string> => page.evaluate("document.activeElement.id");
  for (let tabs = 0; (await focused()) !== "search" && tabs < 20; tabs++) await keyboard.press("Tab");
  t.equal(await focused(), "search");
  await keyboard.type("273");
  await page.locator("#found", { hasText: /^\s*11 of 10,000 campaigns/ }).waitFor();
  t.same(
    (await campaignsOf(page)).map(Number).sort((a, b) => a - b),
    [273, ...range(2730, 2739)],
  );
  t.equal(await focused(), "search", "one types on");
  await keyboard.press("Enter");
  await titleIs(page, "Campaign 273");
  await keyboard.type("9");
  await page.locator("#found", { hasText: /^\s*1 of 10,000 campaigns/ }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowUp");
  t.equal(await focused(), "search");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await titleIs(page, "Campaign 2739");
  await page.locator("#campaign-title:focus").waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.locator("h3", { hasText: "Period 1" }).waitFor();
  t.match(page.url(), /period=1/);
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.locator("h3", { hasText: "Period 2" }).waitFor();
  const isOnButton = (): Promise<boolean> => page.evaluate("document.activeElement.dataset.visits === '10'");
  for (let tabs = 0; !(await isOnButton()) && tabs < 20; tabs++) await keyboard.press("Tab");
  await keyboard.press("Space");
  await page.locator("#visitor-said", { hasText: "Visit 10: banner" }).waitFor();
  t.same(faults, []);
});

await t.test("the skip link leads past the table", async (t) => {
  const { page, faults } = await open(t, await show(t));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("#campaign-title:focus").waitFor();
  t.same(faults, []);
});

await t.test("a visitor's shares come near those expected, and another cell has another visitor", async (t) => {
  const { page, faults } = await open(t, await show(t), "/?campaign=12");
  const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
  const said = (text: string): Promise<void> => page.locator("#visitor-said", { hasText: text }).waitFor();
  await press("1 visit");
  await said("Visit 1: banner 4");
  t.equal(await page.locator("#shown img").count(), 1);
  for (let thousands = 1; thousands <= 10; thousands++) {
    await press("1,000 visits");
    await said(`Visit ${(thousands * 1000 + 1).toLocaleString("en-US")}:`);
  }
  const rows = await rowsOf(page, "#visitor table");
  t.equal(rows.length, 3);
  t.match(rows[2]![0], /^7 banners of the pool, each \d\.\d %$/);
  t.equal(
    rows.reduce((sum, [, count]) => sum + Number(count!.replace(",", "")), 0),
    10_001,
  );
  for (const [name, , share, expected] of rows)
    t.ok(Math.abs(parseFloat(share!) - parseFloat(expected!)) < 1.5, `${name!}: ${share!} of ${expected!}`);
  t.ok(
    parseFloat(rows[0]![3]!) < 22 && parseFloat(rows[2]![3]!) > 56,
    "not a fifth each, since the pool is left out less",
  );
  const bars = await widthsOf(page, "#visitor rect");
  t.ok(Math.abs(bars[2]! - 60) < 2, "the bar ends at the line");
  t.match(
    await page.locator("#largest-difference").innerText(),
    /^After 10,001 visits no share is further than [01]\.\d points/,
  );
  await page.locator("#search").fill("1");
  await page.locator("#found", { hasText: "4 of 6 campaigns" }).waitFor();
  t.match(await page.locator("#visitor-said").innerText(), "Visit 10,001", "a search leaves the visitor alone");
  await page.getByRole("navigation").getByRole("link", { name: "1 00–14" }).click();
  await page.locator("h3", { hasText: "Period 1" }).waitFor();
  t.equal(await page.locator("#visitor-said").innerText(), "");
  t.equal(await page.locator("#visitor [data-count]").first().innerText(), "0");
  await press("10 visits");
  await said("Visit 10:");
  await press("Start again");
  t.equal(await page.locator("#visitor-said").innerText(), "");
  t.same(faults, []);
});

await t.test("a visitor remembers what was shown, from one press to the next", async (t) => {
  const { page, faults } = await open(t, await show(t), "/?campaign=14");
  const shown: (string | null)[] = [];
  for (let visit = 1; visit <= 12; visit++) {
    await page.getByRole("button", { name: "1 visit", exact: true }).click();
    await page.locator("#visitor-said", { hasText: `Visit ${visit}: ` }).waitFor();
    shown.push(await page.locator("#shown img").getAttribute("alt"));
  }
  t.ok(
    shown.every((banner, at) => banner !== shown[at - 1]),
    "one of two, and the other",
  );
  t.equal(await page.locator("#latest img").first().getAttribute("alt"), shown.at(-2));
  t.same(faults, []);
});

await t.test("figures move under load, and a reload's result is seen at once", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new BareServer({ INDEX_FILE: file, WORKERS: "2", TIME_ZONE: "UTC" });
  t.teardown(() => server.stop());
  const { port, adminPort } = await server.next("ready");
  const { page, faults } = await open(t, adminPort);
  t.equal(await page.locator("#decisions-top-10").innerText(), "0");
  for (let visit = 0; visit < 30; visit++) await fetch(`http://127.0.0.1:${String(port)}/campaigns/1/`);
  await page.locator("#decisions-top-10", { hasText: /^30$/ }).waitFor();
  await page.locator("#by-status summary", { hasText: /^30 in / }).waitFor();
  await page.locator("#by-status summary").click();
  await page.locator("#by-status td", { hasText: /^30$/ }).waitFor();
  // Until a look of the server falls between two of them.
  const loading = new AbortController();
  const load = (async () => {
    while (!loading.signal.aborted) await fetch(`http://127.0.0.1:${String(port)}/campaigns/1/`);
  })();
  await page.locator("#request-rate", { hasNotText: /^0$/ }).waitFor();
  loading.abort();
  await load;
  t.equal(await page.locator("#by-status").getAttribute("open"), "", "what was opened stays open");

  const button = page.getByRole("button", { name: "Reload index" });
  publish(file, broken());
  await button.click();
  const refused = page.locator(".reloads .refused");
  await refused.waitFor();
  t.match(await refused.innerText(), /Refused[^]*index\.bin: .*checksum/);
  t.match(await page.locator("#reload-said").innerText(), /^Reload at \d\d:\d\d:\d\d: reload refused: .*checksum/);
  t.equal(await page.locator(".generation code").innerText(), generationOf(FIRST));
  publish(file, SECOND);
  await button.click();
  await page.locator(".reloads .replaced").waitFor();
  t.equal(await page.locator(".generation code").innerText(), generationOf(SECOND));
  await page.locator(".collection", { hasText: "201" }).waitFor();
  t.match(page.url(), new RegExp(`:${String(adminPort)}/$`));
  publish(file, FIRST);
  await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
  await page.locator(".collection", { hasText: "101" }).waitFor();
  t.same(faults, []);

  await t.test("without a script the button leads back to the page, with the result", async (t) => {
    const bare = await open(t, adminPort, "/?campaign=1&period=3", { javaScriptEnabled: false });
    publish(file, broken());
    await bare.page.getByRole("button", { name: "Reload index" }).click();
    await bare.page.locator(".reloads .refused").first().waitFor();
    t.match(bare.page.url(), /\/\?campaign=1&period=3$/);
    t.equal(await bare.page.locator(".reloads li").count(), 4);
    t.same(bare.faults, []);
  });
});

await t.test("it asks for figures each second while it is seen, and not while it is hidden", async (t) => {
  const port = await show(t);
  const context = await browser.newContext({ viewport: DESKTOP });
  t.teardown(() => context.close());
  const page = await context.newPage();
  await page.clock.install();
  await page.addInitScript(
    "window.isHidden = false; Object.defineProperty(document, 'hidden', { get: () => window.isHidden })",
  );
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().includes("/status.html"))));
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForSelector("html[data-ready]");
  const nextAnswer = async (): Promise<void> => {
    await Promise.all([page.waitForResponse(/status\.html/), page.clock.runFor(1000)]);
  };
  await nextAnswer();
  await page.evaluate("window.isHidden = true");
  const before = asked;
  await page.clock.runFor(60_000);
  t.equal(asked, before);
  await Promise.all([
    page.waitForResponse(/status\.html/),
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))"),
  ]);
});

await t.test("a server that does not answer is told of, and so is its return", async (t) => {
  const { page } = await open(t, await show(t));
  await page.route("**/status.html*", (route) => route.abort());
  await page.locator("#offline", { hasText: "The server does not answer" }).waitFor();
  await page.unroute("**/status.html*");
  await page.locator("#offline:empty").waitFor({ state: "attached" });
});

for (const [name, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP, tablet: { width: 1024, height: 768 } }))
  for (const colorScheme of ["light", "dark"] as const)
    await t.test(`accessible, and no wider than the screen: ${name}, ${colorScheme}`, async (t) => {
      const campaigns = new Map([
        [1, { name: "Größe & Geschwindigkeit ".repeat(8), defaultBanner: 0 }],
        [12, { name: "x".repeat(200), defaultBanner: 0 }],
        [13, { name: "Summer sale", defaultBanner: 501 }],
      ]);
      const more = { campaigns, timeZone: "Asia/Kathmandu" };
      const index = decode(Uint8Array.from(smallIndex(CELLS, 4, new Map(), new Map(), more)));
      const { admin, port } = await startAdmin(t, { index: () => index });
      const reload = { generation: "a", previous: "a" };
      for (let older = 0; older < 4; older++) admin.noteReload({ ...reload, result: "replaced" });
      admin.noteReload({ ...reload, result: "refused", reason: "dist-index/index.bin: truncated" });
      for (const address of ["/?campaign=1", "/?campaign=12", "/?campaign=13", "/?campaign=99"]) {
        const { page, faults } = await open(t, port, address, { viewport, colorScheme });
        if ((await page.locator("#visitor").count()) > 0) {
          await page.getByRole("button", { name: "10 visits" }).click();
          await page.locator("#visitor-said", { hasText: "Visit 10" }).waitFor();
        }
        t.equal(await page.evaluate("document.documentElement.scrollWidth"), viewport.width, address);
        const { violations } = await findingsOf(page);
        t.same(violations, [], address);
        t.same(faults, []);
      }
    });

await t.test("without a script the page shows all that the server knows, and its form and links work", async (t) => {
  const { page, faults } = await open(t, await show(t), "/", { javaScriptEnabled: false, viewport: PHONE });
  t.match(await page.locator(".now").innerText(), "Period 3 begins at 15:30");
  t.equal(await page.locator(".collection tbody .in").count(), 10);
  t.equal(await page.locator("#visitor tbody tr").count(), 10, "the expected shares");
  t.equal(await page.getByRole("button", { name: "1 visit" }).count(), 0, "no button that does nothing");
  await page.locator("#search").fill("12");
  await page.locator("#search").press("Enter");
  await titleIs(page, "Campaign 12");
  t.same(await campaignsOf(page), ["12"]);
  await page.getByRole("navigation").getByRole("link", { name: "3 30–44" }).click();
  await page.locator("h3", { hasText: "Period 3" }).waitFor();
  t.match(page.url(), /\?search=12&campaign=12&period=3#campaign$/);
  t.same(faults, []);
});

await t.test("its policy lets nothing be asked of anybody else, and no other script run", async (t) => {
  const { page } = await open(t, await show(t));
  const refused = await page.evaluate<string[]>(`new Promise((resolve) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      if (refused.push(effectiveDirective) === 4) resolve(refused.sort());
    });
    new Image().src = "http://127.0.0.1:9/";
    fetch("http://127.0.0.1:9/").catch(() => undefined);
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    document.body.setAttribute("style", "color: red");
  })`);
  t.same(refused, ["connect-src", "img-src", "script-src-elem", "style-src-attr"]);
  t.equal(await page.evaluate("window.ran"), undefined);
});
