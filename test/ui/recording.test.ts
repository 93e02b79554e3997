import t, { type Test } from "tap";
import { CLICKS_UNCOUNTED, newCounters, UNCOUNTED_CLICKS } from "../../src/response/counters.js";
import { decode } from "../../src/index/format.js";
import { launchBrowser } from "../build/report/opened-page.js";
import { startAdmin } from "../src/admin/running-admin.js";
import { RECORDING, type FakeServer } from "../src/admin/server-state.js";
import { inEveryPeriod, range, smallIndex } from "../src/small-index.js";
import { open, type Opened } from "./shown.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());
const context = await browser.newContext();

const LINKS = new Map(range(1, 3).map((banner) => [banner, { alt: "", link: `https://shop.example/${banner}` }]));
const CELLS = inEveryPeriod({ campaign: 7, converting: range(1, 3) });
const INDEX = decode(Uint8Array.from(smallIndex(CELLS, 4, new Map(), LINKS)));

async function openOn(t: Test, fake: FakeServer, state: string, sign: string): Promise<Opened> {
  const { port } = await startAdmin(t, { index: () => INDEX, ...fake });
  const opened = await open(context, `http://127.0.0.1:${port}/?`, state);
  await opened.page.locator(sign).first().waitFor();
  return opened;
}

await t.test("where nothing is recorded, nothing is said of it", async (t) => {
  const { page, faults } = await openOn(t, {}, "view=server", "#decisions");
  t.equal(await page.locator("#recording").count(), 0);
  await page.goto(page.url().replace("view=server", "campaign=7&at=1"));
  const image = page.locator("#embed pre").last();
  await image.waitFor();
  t.notMatch(await image.textContent(), "<a", "each banner has another link");
  t.notMatch(await page.locator("#embed").textContent(), /counted/);
  t.same(faults, []);
});

await t.test("what is recorded is said in words, with clicks that did not count, by the reason", async (t) => {
  const counters = newCounters();
  counters[CLICKS_UNCOUNTED + UNCOUNTED_CLICKS.indexOf("prefetch")] = 1234;
  const { page, faults } = await openOn(t, { recording: RECORDING, counters: [counters] }, "view=server", "#recording");
  const rows = await page.locator("#recorded tbody tr").all();
  t.same(await Promise.all(rows.map(async (row) => (await row.locator("th, .full").allTextContents()).join(" "))), [
    "Impressions 0 5,000,000 0",
    "Clicks 0 40,000 0",
    "Conversions 0 300 0",
  ]);
  const said = await page.locator("#recording").innerText();
  t.match(said, /Last written\s+15:20:29\s/, "in the server's zone");
  t.match(said, /Ready for a build\s+12 files/);
  t.ok(said.includes(RECORDING.folder));
  t.same(await page.locator("#recording .decisions dt").allTextContents(), [
    "A browser loaded the page in advance",
    "The same banner was clicked before",
  ]);
  t.same(await page.locator("#recording .decisions .full").allTextContents(), ["1,234", "7"]);
  t.equal(await page.locator("#recording .alarm").count(), 0);
  await page.goto(page.url().replace("view=server", "campaign=7&at=1"));
  t.match(await page.locator("#embed pre").last().textContent(), /^<a href="[^"]*\/campaigns\/7\/click"/);
  t.match(await page.locator("#embed").textContent(), /counted by a cookie/);
  t.same(faults, []);
});

await t.test(
  "where recording fails and events were lost, both need attention, and lead to what is recorded",
  async (t) => {
    const recording = { ...RECORDING, failure: "ENOSPC: no space left", dropped: { impressions: 9, clicks: 1 } };
    const { page, faults } = await openOn(t, { recording }, "", "#attention li");
    const texts = await page.locator("#attention li").allTextContents();
    t.equal(texts.length, 2);
    t.match(texts[0], /^Nothing can be recorded: ENOSPC: no space left\. /);
    t.match(texts[1], /^9 impressions and 1 click were lost /);
    await page.getByRole("link", { name: "Server: What is recorded" }).first().click();
    t.equal(await page.locator("#recording .alarm").count(), 2);
    t.same(await page.locator("#recorded td.of-lost .full").allTextContents(), ["9", "1", "0"]);
    t.same(faults, []);
  },
);
