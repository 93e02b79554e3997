import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { reportPage } from "../../../build/report/page.js";
import { build } from "../../../build/stages.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode } from "../../../src/index/format.js";
import { findingsOf } from "../../src/admin/dashboard/axe.js";
import { inEveryPeriod, range, smallIndex, type SmallCell } from "../../src/small-index.js";
import { clicksCsv, conversionsCsv, impressionsCsv } from "../data-folder.js";
import { IMAGE_BYTES } from "../images/image-bytes.js";
import { coloursOf, launchBrowser, openPage, rowsOf } from "./opened-page.js";
import { NO_REJECTS, pageOf } from "./page-report.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

/** A cell of each rule, and one with random places. */
const CELLS: readonly SmallCell[] = [
  ...inEveryPeriod({ campaign: 1, converting: range(101, 112), pool: [190] }),
  { period: 2, campaign: 2, converting: range(201, 206), clicked: [220] },
  { period: 1, campaign: 3, converting: [301], clicked: range(320, 326) },
  { period: 1, campaign: 4, clicked: [420], pool: range(430, 440) },
  { period: 1, campaign: 5, converting: [501], pool: [530] },
];

const PAGE = pageOf(smallIndex(CELLS), {
  difference: {
    result: "changed",
    generation: { before: "0123456789abcdef", after: "fedcba9876543210" },
    periods: { before: 4, after: 4 },
    cells_by_rule: {
      "top-10": { before: 3, after: 4 },
      "top-x": { before: 0, after: 1 },
      "fill-by-clicks": { before: 2, after: 1 },
      "by-clicks": { before: 1234, after: 1 },
      default: { before: 0, after: 0 },
    },
    cells_gone: 1233,
    cells_new: 1,
    revenue: { before: "-1234.500000", after: "99999999999999999999.000001" },
    campaigns_new: { count: 1, first: [5] },
    campaigns_gone: { count: 0, first: [] },
    banners_in: { count: 22, first: range(1, 20) },
    banners_out: { count: 2, first: [8, 9] },
  },
  findings: [
    { name: "lost-cells", text: "1,233 of 1,239 are gone", accepted: false },
    { name: "orphans", text: "2 of 3", accepted: true },
  ],
});

await t.test("a build's page shows the account, the charts and a collection, and asks for nothing", async (t) => {
  const out = t.testdir({
    data: {
      1: {
        "impressions_1.csv": impressionsCsv("5,7", "5,7", "6,7"),
        "clicks_1.csv": clicksCsv("1,5,7", "2,6,7", "2,6,7"),
        "conversions_1.csv": conversionsCsv("1,1,1234.567891", "2,1,-0.000001", "3,9,1"),
      },
      banners: { "image_5.svg": IMAGE_BYTES.svg },
    },
  });
  const report = await build({
    data: join(out, "data"),
    banners: join(out, "data/banners"),
    out: join(out, "index"),
    onBadRow: "stop",
  });
  const index = decode(Uint8Array.from(readFileSync(join(out, "index/index.bin"))));
  const { page, faults } = await openPage(browser, out, reportPage(report, new Catalog(index)));
  t.match(await page.locator("#findings").innerText(), "2 things to look at");
  t.match(await page.locator("#findings").innerText(), "2 rows rejected (1 duplicate, 1 orphan)");
  t.match(await page.locator("#findings").innerText(), /1 banner without an image.*6/);
  const rows = await rowsOf(page, "#rows");
  t.same(
    rows.map((row) => row.slice(0, 9)),
    [
      ["1/impressions_1.csv", "1", "3", "3", "0", "0", "0", "0", "0"],
      ["1/clicks_1.csv", "1", "3", "2", "0", "1", "0", "0", "0"],
      ["1/conversions_1.csv", "1", "3", "2", "0", "0", "0", "1", "0"],
    ],
  );
  t.match(await page.locator("#facts").innerText(), report.generation);
  t.same(await rowsOf(page, ".collection"), [
    ["1", "5", "1,234.567890", "1", "2", "2", "by revenue"],
    ["2", "6", "0.000000", "1", "0", "1", "by clicks"],
    ["The cut: 2 places above this line. Nothing below it: every banner of the cell is in."],
  ]);
  t.equal(await page.locator("th:not([scope])").count(), 0, "each header says what it heads");
  for (const chart of ["revenue-chart", "x-chart"]) t.ok((await coloursOf(page, chart)) > 5, `${chart} is drawn`);
  t.same(faults, []);
  const { file, sha256 } = report.files[0]!;
  await page.locator("#rows tr", { hasText: file }).locator(".digest").click();
  await page.locator("#rows .digest", { hasText: sha256 }).waitFor();
  await page.close();
});

await t.test("what is different from the index before is shown, and what stopped the build comes first", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE);
  const findings = await page.locator("#findings").innerText();
  t.match(findings, /^Not published: 1 check failed\n/);
  t.match(findings, "Not published for it, lost-cells: 1,233 of 1,239 are gone.");
  t.match(findings, "Let pass by --accept, orphans: 2 of 3.");
  t.equal(await page.locator("#difference-text").innerText(), "The index before is generation 0123456789abcdef.");
  t.same(await rowsOf(page, "#difference-table"), [
    ["Periods", "4", "4", "", ""],
    ["Cells", "1,239", "7", "1,233", "1"],
    ["Cells, top-10", "3", "4", "", ""],
    ["Cells, top-x", "0", "1", "", ""],
    ["Cells, fill-by-clicks", "2", "1", "", ""],
    ["Cells, by-clicks", "1,234", "1", "", ""],
    ["Cells, default", "0", "0", "", ""],
    ["Revenue", "−1,234.500000", "99,999,999,999,999,999,999.000001", "", ""],
    ["Campaigns", "", "", "0", "1: 5"],
    ["Banners that a cell may show", "", "", "2: 8, 9", `22: ${range(1, 20).join(", ")} and 2 more`],
  ]);
  t.same(faults, []);
  await page.close();
});

await t.test("without an index before there is nothing to compare", async (t) => {
  const { page } = await openPage(browser, t.testdir(), pageOf(smallIndex(CELLS)));
  t.equal(await page.locator("#difference-text").innerText(), "No index was published in the folder before.");
  t.notOk(await page.locator("#difference-figures").isVisible());
  await page.close();
});

await t.test("a page of events with timestamps shows the zone and the window, and what is outside", async (t) => {
  const rows = { read: 9, used: 7, rejected: NO_REJECTS, outside: 2 };
  const file = { file: "clicks.csv", kind: "clicks", period: null, bytes: 1, sha256: "", unknown_columns: [] } as const;
  const timestamps = { time_zone: "Asia/Kathmandu", from: "2026-11-28T18:15:00.000Z", to: null };
  const page = pageOf(smallIndex(CELLS), { rows, files: [{ ...file, ...rows }], timestamps });
  const opened = await openPage(browser, t.testdir(), page);
  const facts = (await opened.page.locator("#facts").innerText()).replace(/\s+/g, " ");
  t.match(facts, /Time zone Asia\/Kathmandu From 2026-11-28T18:15:00\.000Z$/);
  t.match(await opened.page.locator("#findings").innerText(), "2 outside of the window: every row is accounted for");
  t.same((await rowsOf(opened.page, "#rows"))[0]?.slice(0, 10), [
    "clicks.csv",
    "–",
    "9",
    "7",
    "0",
    "0",
    "0",
    "0",
    "0",
    "2",
  ]);
  t.same(opened.faults, []);
  await opened.page.close();
});

await t.test("a campaign that is chosen shows its collection, the cut, and the first banner below it", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE);
  await page.locator("#search").fill("1");
  await page.keyboard.press("Enter");
  await page.locator("#cell-title", { hasText: "Campaign 1 period 1, minutes 00–14" }).waitFor();
  const rows = await rowsOf(page, ".collection");
  t.equal(rows.length, 12);
  t.same(rows[0], ["1", "101", "12.000000", "1", "1", "1", "by revenue"]);
  t.same(rows[9], ["10", "110", "3.000000", "1", "1", "1", "by revenue"]);
  t.same(rows[10], [
    "The cut: 10 places above this line. The first of 3 below it is not in, with 1.000000 less revenue than the last that is in.",
  ]);
  t.same(rows[11], ["–", "111", "2.000000", "1", "1", "1", "not in"]);
  t.match(await page.locator("#cell p").first().innerText(), "top-10 X = 12: 12 banners have at least one conversion.");
  t.equal(await page.locator(".collection img").count(), 11, "with images");
  await t.resolves(
    page.evaluate("Promise.all(Array.from(document.images, (image) => image.decode()))"),
    "that are shown",
  );
  t.same(faults, []);
  await page.close();
});

await t.test("each rule is explained with the cell's own numbers", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE, {}, "#campaign=2&period=2");
  const reason = (): Promise<string> => page.locator("#cell p").first().innerText();
  t.match(await reason(), "top-x X = 6: 6 banners have at least one conversion. That is from 5 to 9");
  t.match((await rowsOf(page, ".collection"))[6], [/The one below it is not in, with no conversion in this cell\.$/]);
  const open = async (campaign: number, period: number): Promise<void> => {
    await page.evaluate(`location.hash = "#campaign=${campaign}&period=${period}"`);
    await page.locator("#cell-title", { hasText: `Campaign ${campaign} period ${period}` }).waitFor();
  };
  await open(3, 1);
  t.match(await reason(), "fill-by-clicks X = 1: only 1 banner has at least one conversion.");
  t.match((await rowsOf(page, ".collection"))[5], [/The first of 3 below it is not in, with 1 click fewer/]);
  await open(4, 1);
  t.match(await reason(), "4 places are drawn at random, anew at each request, from the 11 banners");
  await page.locator(".drawn summary").click();
  t.match(await page.locator(".drawn").innerText(), range(430, 440).join(", "));
  t.equal(await page.locator(".below").count(), 0);
  await open(5, 1);
  t.match(await reason(), "The cell has 2 banners in all, so every one is in: 1 was shown and never clicked.");
  t.same((await rowsOf(page, ".collection"))[1]!.at(-1), "from the pool");
  await open(5, 2);
  t.match(await reason(), "Nothing to show in this period");
  await open(6, 1);
  t.match(await reason(), "npm run inspect-index -- --campaign 6");
  t.same(faults, []);
  await page.close();
});

await t.test("a click on a part of a bar opens its cell", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE);
  const chart = page.locator("#revenue-chart");
  await chart.scrollIntoViewIfNeeded();
  const { x, y } = (await chart.boundingBox())!;
  // Campaign 1 has 78.00 in each period: the second part goes from 78 to 156.
  const [right, down] = await page.evaluate<[number, number]>(
    `report.charts[0].instance.convertToPixel("grid", [0, 117])`,
  );
  await page.mouse.click(x + right, y + down);
  await page.locator("#cell-title", { hasText: "Campaign 1 period 2" }).waitFor();
  t.match(page.url(), /#campaign=1&period=2$/);
  t.same(faults, []);
  await page.close();
});

await t.test("the page follows the colour scheme while it is open", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE, { colorScheme: "light" });
  const background = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await background();
  const charts = ["revenue-chart", "x-chart"];
  const drawn = `${JSON.stringify(charts)}.map((id) => document.querySelector("#" + id + " canvas").toDataURL())`;
  await page.evaluate(`window.before = ${drawn}`);
  await page.emulateMedia({ colorScheme: "dark" });
  // Not with waitForFunction: the page's policy forbids what it does.
  await page.evaluate(`new Promise((resolve) => {
    const look = () => (${drawn}.every((image, at) => image !== before[at]) ? resolve() : requestAnimationFrame(look));
    look();
  })`);
  t.not(await background(), light);
  for (const chart of charts) t.ok((await coloursOf(page, chart)) > 5, `${chart} is drawn in dark`);
  t.same(faults, []);
  await page.close();
});

await t.test("among 1,000 campaigns the right one is found, with the keyboard alone", async (t) => {
  const cells = range(1, 1000).flatMap((campaign) =>
    inEveryPeriod({ campaign: campaign * 3, converting: range(1, 1 + (campaign % 12)) }),
  );
  const { page, faults } = await openPage(browser, t.testdir(), pageOf(smallIndex(cells)));
  t.equal(await page.locator("#found").innerText(), "1,000 campaigns");
  await page.locator("#search").focus();
  await page.keyboard.type("273");
  t.equal(await page.locator("#found").innerText(), "5 of 1,000 campaigns");
  await page.keyboard.press("Enter");
  await page.locator("#cell-title", { hasText: "Campaign 273 " }).waitFor();
  await page.locator("#search").fill("2730");
  t.same(
    (await rowsOf(page, "#campaign-list")).map(([id]) => id),
    ["2730"],
  );
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("#cell-title", { hasText: "Campaign 2730 " }).waitFor();
  await page.keyboard.press("ArrowUp");
  t.equal(await page.evaluate("document.activeElement.id"), "search");
  t.same(faults, []);
  await page.close();
});

await t.test("campaigns come in order of revenue, or of id", async (t) => {
  const { page, faults } = await openPage(browser, t.testdir(), PAGE, {}, "#campaign=5&period=1");
  const ids = async (): Promise<(string | undefined)[]> => (await rowsOf(page, "#campaign-list")).map(([id]) => id);
  const axis = (): Promise<string[]> => page.evaluate(`report.charts[0].instance.getOption().xAxis[0].data`);
  t.same(await ids(), ["1", "2", "3", "5", "4"]);
  t.same(await axis(), await ids());
  await page.getByLabel("id", { exact: true }).check();
  t.same(await ids(), ["1", "2", "3", "4", "5"]);
  t.same(await axis(), await ids());
  t.match(await page.locator("#cell-title").innerText(), "Campaign 5", "what is open stays open");
  t.same(faults, []);
  await page.close();
});

await t.test("names in the data are shown as they are, and run nothing", async (t) => {
  const name = "</script><img src=x onerror=alert(1)>";
  const file = { file: name, kind: "clicks", period: 1, bytes: 1, sha256: "ab", read: 7, used: 7 } as const;
  const text = pageOf(smallIndex(CELLS), {
    files: [{ ...file, rejected: NO_REJECTS, duplicate_of: name, unknown_columns: [name] }],
    unread_files: [name],
    images: [{ file: name, bytes: 1, sha256: "ab" }],
  });
  const { page, faults } = await openPage(browser, t.testdir(), text);
  t.match(await page.locator("#rows tbody th").innerText(), name);
  t.match(await page.locator("#findings").innerText(), name);
  t.equal(await page.locator('img:not([src^="data:"])').count(), 0);
  t.same(faults, []);
  await page.close();
});

await t.test("nothing can be sent or fetched, and nothing else can be run", async (t) => {
  const { page } = await openPage(browser, t.testdir(), PAGE);
  const refused = await page.evaluate<string[]>(`new Promise((resolve) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      if (refused.push(effectiveDirective) === 3) resolve(refused.sort());
    });
    new Image().src = "http://127.0.0.1:9/";
    fetch("http://127.0.0.1:9/").catch(() => undefined);
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
  })`);
  t.same(refused, ["connect-src", "img-src", "script-src-elem"]);
  t.equal(await page.evaluate("window.ran"), undefined);
  await page.close();
});

await t.test("a phone shows it without scrolling sideways, and goes to what is chosen", async (t) => {
  const viewport = { width: 390, height: 844 };
  const { page, faults } = await openPage(browser, t.testdir(), PAGE, { viewport });
  t.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
  await page.locator("#campaigns").getByRole("link", { name: "3", exact: true }).first().click();
  await page.locator("#cell-title", { hasText: "Campaign 3 " }).waitFor();
  t.ok(await page.evaluate(`document.getElementById("cell-title").getBoundingClientRect().top < innerHeight / 2`));
  t.same(faults, []);
  await page.close();
});

await t.test("campaigns are found by their names, which no width breaks, and a default banner is shown", async (t) => {
  const long = "Größe <b> & ".repeat(16);
  const campaigns = new Map([
    [1, { name: long, defaultBanner: 0 }],
    [3, { name: "Summer sale", defaultBanner: 301 }],
  ]);
  const text = pageOf(smallIndex(CELLS, 4, new Map(), new Map(), { campaigns }), {
    ...{ cells_by_rule: { "top-10": 4, "top-x": 1, "fill-by-clicks": 2, "by-clicks": 1, default: 3 } },
    held_back: [{ banner: 9, reason: "off", cells: 1, first_cells: [{ period: 1, campaign: 1 }] }],
    defaults_held_back: [4],
  });
  const viewport = { width: 375, height: 844 };
  const { page, faults } = await openPage(browser, t.testdir(), text, { viewport }, "#campaign=1&period=1");
  t.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
  t.equal((await page.locator("#cell-title bdi").textContent())?.trim(), long.trim());
  t.equal(await page.locator("b", { hasText: "Größe" }).count(), 0);
  t.match(await page.locator("#findings").innerText(), /1 banner held back.*9 \(off: period 1 campaign 1\)/);
  t.match(await page.locator("#findings").innerText(), /1 campaign whose default banner is held back.*4/);
  t.match(await page.locator("#cells-by-rule").innerText(), /default\s+3 cells/);
  t.same((await findingsOf(page)).violations, []);
  await page.locator("#search").fill("MMER");
  t.match(await page.locator("#found").innerText(), "1 of 5 campaigns");
  await page.keyboard.press("Enter");
  await page.locator("#cell-title", { hasText: "Campaign 3 Summer sale period 1" }).waitFor();
  await page.evaluate(`location.hash = "#campaign=3&period=2"`);
  await page.locator(".rule strong", { hasText: "default" }).waitFor();
  t.same(await rowsOf(page, ".collection"), [
    ["1", "301", "0.000000", "0", "0", "0", "by default"],
    ["No cut: the default banner is alone in this cell."],
  ]);
  t.ok((await coloursOf(page, "x-chart")) > 5, "the chart is drawn");
  t.same(faults, []);
  await page.close();
});

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [390, 1200])
    await t.test(`axe finds nothing on the page, ${colorScheme}, ${width} pixels wide`, async (t) => {
      const viewer = { colorScheme, viewport: { width, height: 844 } };
      const { page } = await openPage(browser, t.testdir(), PAGE, viewer, "#campaign=1&period=1");
      t.same((await findingsOf(page)).violations, []);
      await page.evaluate("document.querySelector('.collection img').removeAttribute('alt')");
      t.match((await findingsOf(page)).violations, [/^image-alt: /], "and would find something");
      await page.close();
    });
