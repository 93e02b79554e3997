import type { Page } from "playwright-core";
import t from "tap";
import type { Status } from "../../src/admin/status-json.js";
import { EACH_RULE, LARGE } from "./largest-data.js";
import { open, show, SHELLS } from "./shown.js";

const shown = await show(t);
const context = await shown.newContext();

const scrolled = (page: Page): Promise<number> => page.evaluate("scrollY");
/** Until what stands in the page does so, as a program for it. */
const until = async (page: Page, holds: string): Promise<void> => {
  await page.waitForFunction(holds);
};
const idAt = (page: Page, row: number): Promise<string> =>
  page.locator("#campaign-list tbody .of-campaign a").nth(row).innerText();

for (const shell of SHELLS) {
  const start = shown.starts[shell];

  await t.test(`${shell}: the next page is read from its beginning, which is said`, async (t) => {
    const { page, faults } = await open(context, start, "");
    const next = page.getByRole("link", { name: "Next" });
    await next.click();
    await page.locator(".pages [role=status]:has-text('Rows 101–200')").waitFor();
    await until(page, `Math.abs(document.querySelector("#campaigns").getBoundingClientRect().top) < 50`);
    t.ok((await scrolled(page)) > 0, "below what comes before the list");
    t.equal(await page.evaluate("document.activeElement.id"), "campaigns");
    t.same(faults, []);
    await page.close();
  });

  await t.test(`${shell}: whoever goes back is where they were`, async (t) => {
    const { page, faults } = await open(context, start, "");
    const link = page.locator("#campaign-list tbody .of-campaign a").nth(80);
    await link.scrollIntoViewIfNeeded();
    const before = await scrolled(page);
    t.ok(before > 1000);
    await link.click();
    await page.locator("#whole-title").waitFor();
    t.equal(await scrolled(page), 0, "a new view begins at its top");
    await page.goBack();
    await page.locator("#campaign-list").waitFor();
    await until(page, `Math.abs(scrollY - ${before}) < 5`);
    t.equal(await page.evaluate("document.activeElement.id"), "main", "and a screen reader is told");
    t.same(faults, []);
    await page.close();
  });

  await t.test(`${shell}: a page that is not there any more leads to the first`, async (t) => {
    const { page, faults } = await open(context, start, "offset=900000");
    await page.getByRole("link", { name: "To the first page" }).click();
    await page.locator("#campaign-list tbody tr").first().waitFor();
    t.notMatch(page.url(), /offset/);
    t.equal(await page.evaluate("document.activeElement.id"), "campaigns");
    t.same(faults, []);
    await page.close();
  });

  await t.test(`${shell}: the order of what changed is in the address, less before more`, async (t) => {
    const { page, faults } = await open(context, start, "view=changes");
    await page.locator("#changes", { hasText: ", the greatest difference first" }).waitFor();
    t.equal(await page.locator("#changed [aria-sort]").count(), 0);
    const header = page.locator("#changed thead .of-difference button");
    await header.click();
    await page.locator("#changed .of-difference[aria-sort=descending]").waitFor();
    await header.click();
    await page.locator("#changed .of-difference[aria-sort=ascending]").waitFor();
    t.match(page.url(), /table_sort=difference&table_direction=ascending$/);
    await page.reload();
    await page.locator("#changed .of-difference[aria-sort=ascending]").waitFor();
    const titles = await page.evaluate<string[]>(
      `Array.from(document.querySelectorAll("#changed tbody .of-difference > [title]"), ({ title }) => title)`,
    );
    const differences = titles.map((title) => Number(title.replace("−", "-").replaceAll(",", "").split(" ")[0]));
    t.same(
      differences,
      differences.toSorted((a, b) => a - b),
    );
    t.ok(differences[0]! < 0 && differences.at(-1)! > 0);
    await page.locator("#changed thead .of-revenue button").click();
    await page.locator("#changed .of-revenue[aria-sort]").waitFor();
    await page.locator("#changed .of-campaign a").first().click();
    await page.locator("#banners .of-place[aria-sort=ascending]").waitFor();
    t.notMatch(page.url(), /table_sort/, "banners keep their own order");
    t.same(faults, []);
    await page.close();
  });

  await t.test(`${shell}: paper says what the fields would`, async (t) => {
    const { page, faults } = await open(context, start, "period=2&rule=top-10&min_x=12&search=sale");
    await page.locator("#campaign-list tbody tr").first().waitFor();
    await page.emulateMedia({ media: "print" });
    t.match(
      await page.locator("p.printed").innerText(),
      /: figures of minutes 15–29; with “sale”; shown: the 10 with the most revenue; 12 or more banners with a conversion$/,
    );
    t.same(faults, []);
    await page.close();
  });
}

await t.test(
  "an open campaign stays in its period while the next begins, and its address says which it is",
  async (t) => {
    let period = 2;
    const { page, faults } = await open(context, shown.starts.live, `campaign=${EACH_RULE}`, (page) =>
      page.route("**/status.json", async (route) => {
        const response = await route.fetch();
        const status = (await response.json()) as Status;
        await route.fulfill({ response, json: { ...status, index: { ...status.index!, period } } });
      }),
    );
    await page.locator("#period-title", { hasText: "15–29" }).waitFor();
    t.match(page.url(), /&at=2$/);
    await page.getByRole("button", { name: "10 visits" }).click();
    await page.locator("#visitor .stage [role=status]", { hasText: "Visit 10" }).waitFor();
    period = 3;
    await page.locator(".periods li", { hasText: "now" }).filter({ hasText: "30–44" }).waitFor();
    t.match(await page.locator("#period-title").innerText(), "15–29");
    t.match(await page.locator("#visitor .stage [role=status]").innerText(), "Visit 10");
    t.same(faults, []);
    await page.close();
  },
);

await t.test("headers tell the order of the rows that are there, though another was asked for", async (t) => {
  const { page } = await open(context, shown.starts.live, "");
  await page.locator("#campaign-list tbody tr").first().waitFor();
  const first = await idAt(page, 0);
  await page.route("**/campaigns.json*", (route) => route.fulfill({ status: 500, body: "It broke.\n" }));
  await page.locator("#campaign-list thead .of-clicks button").click();
  await page.locator("#campaigns .alarm", { hasText: "It broke." }).waitFor();
  t.equal(await page.locator("#campaign-list thead [aria-sort]").innerText(), "Revenue");
  t.equal(await idAt(page, 0), first);
  await page.locator("#campaign-list thead .of-clicks button").click();
  t.match(page.url(), /sort=clicks&direction=ascending$/, "a second click turns it round all the same");
  await page.unroute("**/campaigns.json*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#campaign-list .of-clicks[aria-sort=ascending]").waitFor();
  await page.close();
});

await t.test("the next page is of what is asked for, though its answer is late", async (t) => {
  const { page, faults } = await open(context, shown.starts.live, "");
  const next = page.getByRole("link", { name: "Next" });
  await next.waitFor();
  await page.route("**/campaigns.json*", () => undefined);
  await page.getByRole("searchbox").fill("sale");
  await next.click();
  t.match(page.url(), /search=sale&offset=100$/);
  await next.click();
  t.match(page.url(), /search=sale&offset=200$/);
  t.equal(await page.getByRole("searchbox").inputValue(), "sale");
  t.same(faults, []);
  await page.close();
});

await t.test("a report's address that is written by hand begins at its top", async (t) => {
  const { page, faults } = await open(context, shown.starts.file, "");
  await page.locator("#campaign-list tbody tr").first().waitFor();
  await page.evaluate(`scrollTo(0, 1500); location.hash = "#?campaign=${LARGE}"`);
  await page.locator("#whole-title").waitFor();
  await until(page, "scrollY === 0");
  t.same(faults, []);
  await page.close();
});

await t.test("snippets say that their address is this page's, where no other is known", async (t) => {
  for (const known of ["null", '"https://ads.example"']) {
    const { page, faults } = await open(context, shown.starts.live, `campaign=${LARGE}`, (page) =>
      page.route(/\/\?/, async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace('"public_url":null', `"public_url":${known}`);
        await route.fulfill({ response, body });
      }),
    );
    await page.locator("#embed").waitFor();
    t.equal((await page.locator("#embed").innerText()).includes("set PUBLIC_URL"), known === "null", known);
    t.same(faults, []);
    await page.close();
  }
});
