import { readFileSync } from "node:fs";
import t from "tap";
import { IndexChange } from "../../../src/view/change/index-change.js";
import { comparingIndexes } from "../../../src/view/change/compare.js";
import { atOnce } from "../../../src/view/change/slices.js";
import { launchBrowser, openPage, rowsOf } from "../../build/report/opened-page.js";
import { NO_REJECTS, pageOf, pageOfCatalog } from "../../build/report/page-report.js";
import { buildSample } from "../../src/built-sample.js";
import { findingsOf } from "../axe.js";
import { inEveryPeriod, range, smallCatalog, smallIndex } from "../../src/small-index.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

const SMALL = smallIndex([{ period: 1, campaign: 7, converting: [1, 2] }]);

await t.test("the sample's report opens from disk, and asks for nothing", async (t) => {
  const folder = t.testdir();
  const { reportPage } = await buildSample(folder);
  const { page, faults } = await openPage(browser, folder, readFileSync(reportPage, "utf8"));
  await page.locator("#campaign-list tbody tr").first().waitFor();
  t.equal(await page.locator("#campaign-list tbody tr").count(), 30);
  t.match(await page.locator("#attention").innerText(), /1 banner without an image.*165/);
  t.match(await page.locator("#totals").innerText(), /00–14[^]*45–59/);
  t.same((await findingsOf(page)).violations, []);
  await page.getByRole("link", { name: "23", exact: true }).click();
  await page.locator("#whole-title", { hasText: "Campaign 23 Grand tour" }).waitFor();
  t.match(page.url(), /#\?campaign=23&at=1$/);
  await page.goBack();
  await page.locator("#campaign-list").waitFor();
  await page.getByRole("link", { name: "Changes" }).click();
  await page.locator("#changes", { hasText: "No index was here before" }).waitFor();
  await page.getByRole("link", { name: "Data" }).click();
  t.match(
    await page.locator("main").innerText(),
    "92,904 rows read = 92,904 used + 0 rejected: every row is accounted",
  );
  t.equal(await page.locator("#rows tbody tr").count(), 15, "14 files and their sum");
  t.same(faults, []);
  await page.close();
});

await t.test("the address opens a campaign with the banners behind the cut", async (t) => {
  const cells = inEveryPeriod({ campaign: 7, converting: range(1, 13), clicked: [20] });
  const opened = await openPage(browser, t.testdir(), await pageOf(smallIndex(cells)), {}, "#?campaign=7&at=2");
  const { page, faults } = opened;
  await page.locator("#banners tbody tr").first().waitFor();
  t.equal((await rowsOf(page, "#banners")).length, 11, "10 and the line of the cut");
  await page.getByRole("button", { name: "Show the 4 more behind the cut" }).click();
  t.equal((await rowsOf(page, "#banners")).length, 15);
  t.same(faults, []);
  await page.close();
});

await t.test("what is wrong with the data comes first, with what lets it pass", async (t) => {
  const file = {
    file: "1/clicks_1.csv",
    kind: "clicks",
    period: 1,
    bytes: 1,
    sha256: "ab",
    unknown_columns: [],
  } as const;
  const rows = { read: 9, used: 6, rejected: { ...NO_REJECTS, malformed: 1, orphan: 2 } };
  const text = await pageOf(SMALL, {
    files: [{ ...file, ...rows }],
    rows,
    findings: [
      { name: "lost-cells", text: "1,233 of 1,239 are gone", accepted: false },
      { name: "orphans", text: "2 of 3", accepted: true },
    ],
    held_back: [{ banner: 9, reason: "off", cells: 1, first_cells: [{ period: 1, campaign: 1 }] }],
    unread_files: range(1, 40).map((at) => `notes ${at}`),
  });
  const { page, faults } = await openPage(browser, t.testdir(), text);
  t.same(await page.locator("#attention li > span").allInnerTexts(), [
    "Not published, for a check failed: 1,233 of 1,239 are gone.",
    "A failed check was let pass by --accept orphans: 2 of 3.",
    "3 rows rejected: rejects.refused.csv has each, with the reason.",
  ]);
  await page.locator("#attention a").first().click();
  t.match(await page.locator("#remarks li").first().innerText(), "publish all the same with --accept lost-cells");
  const remarks = await page.locator("#remarks").innerText();
  t.match(remarks, /1 banner held back[^]*9 \(off: period 1 campaign 1\)/);
  t.match(remarks, /40 files not read[^]*notes 1, notes 2[^]*notes 20 and 20 more, see report.json/);
  t.match(await page.locator("#rejects").innerText(), /1 malformed row\n.*\n2 orphan rows/);
  t.same(await rowsOf(page, "#rows"), [
    ["1/clicks_1.csv", "1", "9", "6", "3", "1", "2", "1 byte", "ab"],
    ["All files", "", "9", "6", "3", "1", "2", "1 byte", ""],
  ]);
  t.same(faults, []);
  await page.close();
});

await t.test("rows that are lost need attention", async (t) => {
  const { page } = await openPage(
    browser,
    t.testdir(),
    await pageOf(SMALL, { rows: { read: 7, used: 6, rejected: NO_REJECTS } }),
  );
  t.match(await page.locator("#attention").innerText(), "Rows are lost");
  await page.close();
});

await t.test("what changed since the index before is shown", async (t) => {
  const before = smallCatalog([
    ...inEveryPeriod({ campaign: 7, converting: range(1, 10) }),
    { period: 1, campaign: 8, converting: [20] },
  ]);
  const now = smallCatalog([
    ...inEveryPeriod({ campaign: 7, converting: range(2, 10) }),
    { period: 1, campaign: 9, converting: [21] },
  ]);
  const change = atOnce(comparingIndexes(before, now));
  const text = await pageOfCatalog(now, {}, { change });
  const { page, faults } = await openPage(browser, t.testdir(), text, {}, "#?view=changes");
  const changes = page.locator("#changes");
  await changes.waitFor();
  t.match(await changes.innerText(), /Revenue now\n181.00\nRevenue before\n221.00\nDifference\n−40.00/);
  t.match(
    await changes.innerText(),
    /2 banners not shown any more \(1, 20\)[^]*1 campaign new \(9\)[^]*1 campaign gone \(8\)/,
  );
  const rows = await rowsOf(page, "#changed");
  t.equal(rows.length, 6, "four periods of 7, 9 that is new and 8 that is gone");
  t.match(rows[0], [
    /^7/,
    "00–14",
    /all with a conversion before: +the 10 with the most revenue/,
    "0",
    "1",
    "55.00",
    "45.00",
    "−10.00",
  ]);
  // As great a change as that of 9, which is new.
  t.match(rows.at(-2), [/^8/, "00–14", /nothing before:/, "0", "20", "1.00", "0.00", "−1.00"]);
  await page.getByRole("button", { name: "Minutes" }).click();
  await page.getByRole("button", { name: "Minutes" }).click();
  t.equal((await rowsOf(page, "#changed"))[0]![1], "45–59");
  t.same(faults, []);
  await page.close();
  const unreadable = new IndexChange({ result: "unreadable", reason: "cut short" });
  const other = await openPage(
    browser,
    t.testdir(),
    await pageOf(SMALL, {}, { change: unreadable }),
    {},
    "#?view=changes",
  );
  await other.page.locator("#changes", { hasText: "could not be read" }).waitFor();
  t.match(await other.page.locator("#changes").innerText(), "cut short");
  await other.page.close();
});

await t.test("all rows are printed, and nothing that one would click", async (t) => {
  const cells = range(1, 450).map((campaign) => ({ period: 1, campaign, converting: range(1, 12) }));
  const { page, faults } = await openPage(browser, t.testdir(), await pageOf(smallIndex(cells)));
  const rows = page.locator("#campaign-list tbody tr");
  await rows.first().waitFor();
  t.equal(await rows.count(), 100);
  await page.evaluate(`addEventListener("beforeprint", () => {
    window.printed = document.querySelectorAll("#campaign-list tbody tr").length;
  })`);
  const pdf = await page.pdf({ format: "A4" });
  t.equal(await page.evaluate("window.printed"), 450);
  t.ok(pdf.toString("latin1").match(/\/Type \/Page\b/g)!.length > 5);
  await page.locator("#campaign-list tbody tr:nth-child(101)").waitFor({ state: "detached" });
  await page.emulateMedia({ media: "print" });
  t.equal(await page.locator(":is(nav, input, select, button:not(th > *)):visible").count(), 0);
  t.equal(
    await page.evaluate(`getComputedStyle(document.querySelector("#campaign-list thead")).display`),
    "table-header-group",
  );
  await page.evaluate(`location.hash = "#?campaign=1&at=1"`);
  await page.locator("#banners").waitFor();
  t.equal((await rowsOf(page, "#banners")).length, 13, "those behind the cut too");
  t.same(faults, []);
  await page.close();
});

await t.test("names in the data are shown as they are, and run nothing", async (t) => {
  const name = "</script><img src=x onerror=alert(1)><!--";
  const file = { file: name, kind: "clicks", period: 1, bytes: 1, sha256: "ab", read: 7, used: 7 } as const;
  const names = new Map([[7, { name, defaultBanner: 0 }]]);
  const texts = new Map([[1, { alt: name, link: "https://example.com/" }]]);
  const cells = [{ period: 1, campaign: 7, converting: [1, 2] }];
  const text = await pageOf(smallIndex(cells, 4, new Map(), texts, { campaigns: names }), {
    files: [{ ...file, rejected: NO_REJECTS, duplicate_of: name, unknown_columns: [name] }],
    unread_files: [name],
  });
  const { page, faults } = await openPage(browser, t.testdir(), text);
  t.match((await rowsOf(page, "#campaign-list"))[0], ["7", name]);
  await page.getByRole("link", { name: "7", exact: true }).click();
  t.match(await page.locator("#banners").innerText(), name);
  await page.getByRole("link", { name: "Data" }).click();
  t.match(await page.locator("#rows tbody th").first().innerText(), name);
  t.match(await page.locator("#remarks").innerText(), name);
  t.equal(await page.locator('img:not([src^="data:"])').count(), 0);
  t.same(faults, []);
  await page.close();
});

await t.test("nothing can be sent or fetched, and nothing else can be run", async (t) => {
  const { page } = await openPage(browser, t.testdir(), await pageOf(SMALL));
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
