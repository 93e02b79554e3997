import type { Locator, Page } from "playwright-core";
import t, { type Test } from "tap";
import { RULES_BY_X } from "../../src/index/sections.js";
import { moneyText } from "../../src/index/wording.js";
import { DEFAULT_QUERY, SORTS } from "../../src/view/campaign-query.js";
import { EACH_RULE, LARGE, ONE_DIGIT } from "./largest-data.js";
import { SecondComputation, sortedValues, sumOf, valueOf } from "./second-computation.js";
import type { ExpectedCampaign, Value } from "./second-computation.js";
import { open, show, SHELLS, type ShellName } from "./shown.js";

const shown = await show(t);
const second = await SecondComputation.of(shown.data);
/** Where all columns have room. */
const context = await shown.newContext({ viewport: { width: 1920, height: 800 } });

const ON_ONE_PAGE = 100;

/** Of what is on the page, in the order there. */
const idsOf = (page: Page, cells: string): Promise<number[]> =>
  page.evaluate(`Array.from(document.querySelectorAll("${cells}"), (cell) => Number(cell.textContent.trim()))`);

const listedIds = (page: Page): Promise<number[]> => idsOf(page, "#campaign-list tbody .of-campaign a");

function valueIn(column: string, campaign: ExpectedCampaign): Value {
  switch (column) {
    case "campaign":
      return campaign.campaign;
    case "name":
      return campaign.name.toLowerCase() || undefined;
    case "banners":
      return campaign.banners.size;
    case "x":
      return Math.max(...campaign.cells.map((cell) => cell?.x ?? 0));
    default:
      return valueOf(column, campaign);
  }
}

/** Presses a header, and waits for what comes of it. Returns the direction. */
async function sortBy(t: Test, page: Page, table: string, column: string): Promise<string> {
  const header = page.locator(`${table} thead .of-${column}`);
  const before = (await header.getAttribute("aria-sort")) ?? "none";
  await header.getByRole("button").click();
  await page.locator(`${table} thead .of-${column}[aria-sort]:not([aria-sort="${before}"])`).waitFor();
  const direction = (await header.getAttribute("aria-sort"))!;
  const said = page.locator(".table", { has: page.locator(table) }).locator("> [role=status]");
  t.equal(await said.innerText(), `Sorted by ${await header.innerText()}, ${direction}.`);
  t.equal(await page.locator(`${table} th[aria-sort]`).count(), 1);
  return direction;
}

/** Looks until what comes is as it should be, or has not become so for long. */
async function becomes<T>(t: Test, come: () => Promise<T>, expected: T, what: string): Promise<void> {
  const wanted = JSON.stringify(expected);
  let last = await come();
  for (let tries = 0; tries < 300 && JSON.stringify(last) !== wanted; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    last = await come();
  }
  t.same(last, expected, what);
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const asPeopleDo = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const whole = second.campaigns();
const byId = new Map(whole.map((campaign) => [campaign.campaign, campaign]));

async function list(shell: ShellName, address: string): Promise<Page> {
  const { page } = await open(context, shown.starts[shell], address);
  await page.locator("#campaign-list tbody tr").first().waitFor();
  return page;
}

for (const shell of SHELLS) {
  await t.test(`${shell}: the list is sorted by each column, both ways`, async (t) => {
    const page = await list(shell, "");
    for (const column of SORTS) {
      const directions = new Set<string>();
      for (let press = 0; press < 2; press++) {
        const direction = await sortBy(t, page, "#campaign-list", column);
        directions.add(direction);
        const values = whole.map((campaign) => valueIn(column, campaign));
        const expected = sortedValues(values, direction, byCodeUnits).slice(0, ON_ONE_PAGE);
        const come = async (): Promise<string[]> =>
          (await listedIds(page)).map((id) => String(valueIn(column, byId.get(id)!)));
        await becomes(t, come, expected.map(String), `${column}, ${direction}`);
      }
      t.same([...directions].sort(), ["ascending", "descending"], column);
    }
    await page.close();
  });

  await t.test(`${shell}: the list is of what one asks for`, async (t) => {
    const page = await list(shell, "");
    const shows = async (expected: readonly ExpectedCampaign[], what: string): Promise<void> => {
      t.ok(expected.length > 0, `${what}: of ${expected.length}`);
      const revenues = expected.map(({ revenue }) => revenue);
      const first = sortedValues(revenues, "descending", byCodeUnits).slice(0, ON_ONE_PAGE);
      const ofId = new Map(expected.map(({ campaign, revenue }) => [campaign, revenue]));
      const come = async (): Promise<(string | undefined)[]> => [
        (await page.locator(".found > [role=status]").innerText()).split(/ of | campaign/)[0],
        ...(await listedIds(page)).map((id) => String(ofId.get(id))),
      ];
      await becomes(t, come, [expected.length.toLocaleString("en-US"), ...first.map(String)], what);
    };
    const filters = page.locator(".filters");
    // The text of a label has the options, too.
    const choice = (label: string): Locator => filters.locator("label", { hasText: label }).getByRole("combobox");
    const limit = (label: string): Locator => filters.getByLabel(label, { exact: true });
    const changed = filters.getByRole("checkbox");
    for (const period of [0, 2]) {
      await choice("Figures of").selectOption(String(period));
      const campaigns = second.campaigns(period);
      const choices = ({ cells }: ExpectedCampaign) => (period === 0 ? cells : [cells[period - 1]]);
      await shows(campaigns, `period ${period}`);
      for (const rule of RULES_BY_X) {
        await choice("What is shown").selectOption(rule);
        await shows(
          campaigns.filter((campaign) => choices(campaign).some((cell) => cell?.rule === rule)),
          `period ${period}, ${rule}`,
        );
      }
      await choice("What is shown").selectOption("");
      await limit("from").fill("3");
      await limit("to").fill("12");
      const isWithin = (campaign: ExpectedCampaign): boolean =>
        choices(campaign).some((cell) => cell !== undefined && cell.x >= 3 && cell.x <= 12);
      await shows(campaigns.filter(isWithin), `period ${period}, 3 to 12`);
      await changed.check();
      await shows(
        campaigns.filter((campaign) => isWithin(campaign) && campaign.changed),
        `period ${period}, 3 to 12, changed`,
      );
      await changed.uncheck();
      await limit("from").fill("");
      await limit("to").fill("");
    }
    await choice("Figures of").selectOption("0");
    const { banner } = second.rowsOf(EACH_RULE, 1)[3]!;
    for (const search of [
      ...[String(LARGE), String(LARGE).slice(0, 7), String(ONE_DIGIT), String(banner)],
      ...[
        "FREE RETURNS",
        "<script>",
        "الصيف",
        "夏季大减价",
        "größe",
        "shop-13.example",
        "wide.example-",
        "=hyperlink(",
      ],
    ]) {
      await filters.getByRole("searchbox").fill(search);
      await shows(
        whole.filter((campaign) => second.matches(campaign, search)),
        search,
      );
    }
    await filters.getByRole("searchbox").press("Enter");
    await page.evaluate("new Promise((resolve) => setTimeout(resolve))");
    t.match(page.url(), "search=%3Dhyperlink%28", "which the key Enter leaves");
    t.notMatch(page.url(), "rule=", "and does not send");
    await page.getByRole("button", { name: "Clear" }).click();
    await shows(whole, "all again");
    await page.close();
  });

  await t.test(`${shell}: pages follow each other, and show each campaign once`, async (t) => {
    const page = await list(shell, "sort=clicks");
    const seen = await listedIds(page);
    for (let first = ON_ONE_PAGE; first < 3 * ON_ONE_PAGE; first += ON_ONE_PAGE) {
      await page.getByRole("link", { name: "Next" }).click();
      await page.locator(".pages p", { hasText: `Rows ${first + 1}–${first + ON_ONE_PAGE} of` }).waitFor();
      seen.push(...(await listedIds(page)));
    }
    const clicks = sortedValues(
      whole.map((campaign) => campaign.clicks),
      "descending",
      byCodeUnits,
    );
    t.same(
      seen.map((id) => byId.get(id)!.clicks),
      clicks.slice(0, 3 * ON_ONE_PAGE),
    );
    t.equal(new Set(seen).size, 3 * ON_ONE_PAGE);
    await page.close();
  });

  for (const [campaign, period, only] of [
    [LARGE, 2, ["revenue", "name"]],
    [EACH_RULE, 4, undefined],
  ] as const)
    await t.test(`${shell}: the banners of campaign ${campaign} are sorted by their columns, both ways`, async (t) => {
      const { page } = await open(context, shown.starts[shell], `campaign=${campaign}&at=${period}`);
      await page.locator("#banners tbody tr").first().waitFor();
      const bannerIds = (): Promise<number[]> => idsOf(page, "#banners tbody tr:not(.across) .of-banner");
      const rows = new Map(second.rowsOf(campaign, period).map((row) => [row.banner, row]));
      const cut = await bannerIds();
      t.same([...cut].sort(), [...rows.keys()].sort(), "all of them");
      const { collection } = second.cell(campaign, period);
      t.same(
        cut.slice(0, collection.length),
        collection.map(({ banner }) => banner),
        "in the order of the cut",
      );
      const valueOfBanner = (column: string, banner: number): Value => {
        const { alt = "", link = "" } = shown.data.texts.get(banner) ?? {};
        switch (column) {
          case "place":
            return cut.indexOf(banner);
          case "banner":
            return banner;
          case "name":
            return alt || undefined;
          case "host":
            return link === "" ? undefined : new URL(link).host;
          default:
            return valueOf(column, rows.get(banner)!);
        }
      };
      const columns = await page.evaluate<string[]>(
        `Array.from(document.querySelectorAll("#banners thead th:has(button)"), ({ className }) =>
          className.split(" ").find((name) => name.startsWith("of-")).slice(3))`,
      );
      t.ok(columns.length >= 11, columns.join(" "));
      // A browser draws 500 rows for each press.
      for (const column of only ?? columns)
        for (let press = 0; press < 2; press++) {
          const direction = await sortBy(t, page, "#banners", column);
          const values = cut.map((banner) => valueOfBanner(column, banner));
          const expected = sortedValues(values, direction, asPeopleDo).map(String);
          const come = async (): Promise<string[]> =>
            (await bannerIds()).map((banner) => String(valueOfBanner(column, banner)));
          await becomes(t, come, expected, `${column}, ${direction}`);
        }
      await page.close();
    });
}

for (const shell of SHELLS)
  await t.test(`${shell}: what changed most comes first, whether it came, went or earns another sum`, async (t) => {
    const { page, faults } = await open(context, shown.starts[shell], "view=changes");
    await page.locator("#changed tbody tr").first().waitFor();
    /** Millionths. */
    const exact = async (column: string): Promise<bigint[]> =>
      (
        await page.evaluate<string[]>(
          `Array.from(document.querySelectorAll("#changed tbody .of-${column} > [title]"), ({ title }) => title)`,
        )
      ).map((title) => BigInt(title.replace("−", "-").replaceAll(/[,.]/g, "")));
    const [before, now, difference] = [
      await exact("revenue_before"),
      await exact("revenue"),
      await exact("difference"),
    ];
    t.same(
      difference,
      now.map((revenue, at) => revenue - before[at]!),
    );
    const sizes = difference.map((each) => (each < 0n ? -each : each));
    t.same(
      sizes,
      sizes.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)),
    );
    t.ok(sizes.length > 100 && difference.some((each) => each < 0n), "some earn less");
    const gone = await page.evaluate<number>(
      `Array.from(document.querySelectorAll("#changed tbody tr"), (row) => !row.querySelector(".of-campaign a")).indexOf(true)`,
    );
    t.ok(gone > 0 && gone < 100, `one that is gone is seen without unfolding: row ${gone}`);
    t.same(faults, []);
    await page.close();
  });

t.equal(DEFAULT_QUERY.limit, ON_ONE_PAGE);

await t.test("live: what is shown now says what its period earns of the whole hour", async (t) => {
  const { page, faults } = await open(context, shown.starts.live, "");
  const exact = page.locator("#on-now [title]");
  await exact.first().waitFor();
  const [, period] = /Period (\d+) of/.exec(await page.locator("#on-now").innerText())!;
  const titles = await Promise.all((await exact.all()).map((each) => each.getAttribute("title")));
  const revenues = [Number(period), 0].map((of) => moneyText(sumOf(second.campaigns(of)).revenue));
  t.same(
    titles.map((title) => title!.split(" ")[0]),
    revenues,
  );
  t.same(faults, []);
  await page.close();
});
