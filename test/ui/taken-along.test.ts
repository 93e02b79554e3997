import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Locator, Page } from "playwright-core";
import t from "tap";
import { decimalOf, EACH_RULE, LARGE, ONE_DIGIT, PERIODS } from "./largest-data.js";
import { SecondComputation, sortedValues, valueOf, type Figures } from "./second-computation.js";
import { open, show, SHELLS } from "./shown.js";

const shown = await show(t);
const second = await SecondComputation.of(shown.data);
const context = await shown.newContext();

/** What a spreadsheet would run. */
const FORMULA = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/;

async function taken(page: Page, button: Locator): Promise<{ name: string; text: string; rows: string[][] }> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const text = readFileSync(await download.path(), "utf8");
  return { name: download.suggestedFilename(), text, rows: parse(text, { bom: true }) };
}

const figures = ({ impressions, clicks, conversions, revenue }: Figures): string[] => [
  ...[impressions, clicks, conversions].map(String),
  decimalOf(revenue),
];

/** By the names of the first row. */
const columnsOf = ([names = [], ...rows]: string[][], ...wanted: string[]): string[][] =>
  rows.map((row) => wanted.map((name) => row[names.indexOf(name)]!));

const FIGURES = ["impressions", "clicks", "conversions", "revenue"];
/** A text that would be a formula has an apostrophe in front. */
const disarmed = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

await t.test("all campaigns that are found go into a file, in their order, to the millionth", async (t) => {
  const search = "sale";
  const matching = second.campaigns(2).filter((campaign) => second.matches(campaign, search));
  const byId = new Map(matching.map((campaign) => [String(campaign.campaign), campaign]));
  t.ok(matching.length > 500, "more than a page");
  const texts = new Set<string>();
  for (const shell of SHELLS) {
    const { page, faults } = await open(context, shown.starts[shell], `search=${search}&period=2&sort=ctr`);
    await page.locator("#campaign-list tbody tr").first().waitFor();
    const { name, text, rows } = await taken(page, page.getByRole("button", { name: /CSV/ }));
    t.match(name, /\.csv$/);
    texts.add(text);
    const got = columnsOf(rows, "campaign", "name", "banners", ...FIGURES);
    t.equal(got.length, matching.length);
    t.same(
      got.map(([id = ""]) => valueOf("ctr", byId.get(id)!)),
      sortedValues(
        matching.map((campaign) => valueOf("ctr", campaign)),
        "descending",
        () => 0,
      ),
    );
    t.same(
      got,
      got.map(([id = ""]) => {
        const campaign = byId.get(id)!;
        return [id, disarmed(campaign.name), String(campaign.banners.size), ...figures(campaign)];
      }),
    );
    t.same(faults, []);
    await page.close();
  }
  t.equal(texts.size, 1, "both shells write the same bytes");
});

await t.test("no text of a file is a formula", async (t) => {
  const { page } = await open(context, shown.starts.file, "");
  await page.locator("#campaign-list tbody tr").first().waitFor();
  const { rows } = await taken(page, page.getByRole("button", { name: /CSV/ }));
  const fields = rows.flat();
  t.same(
    fields.filter((field) => FORMULA.test(field)),
    [],
  );
  for (const start of ["'=HYPERLINK(", "'+1+cmd|", "'@SUM(", "'-2+3"])
    t.ok(
      fields.some((field) => field.startsWith(start)),
      start,
    );
  t.ok(
    fields.some((field) => /^-\d+\.\d{6}$/.test(field)),
    "a refund stays a number",
  );
  await page.close();
});

for (const campaign of [LARGE, EACH_RULE, ONE_DIGIT])
  await t.test(`all banners of campaign ${campaign} go into a file`, async (t) => {
    const texts = new Set<string>();
    for (const shell of SHELLS) {
      const { page } = await open(context, shown.starts[shell], `campaign=${campaign}&at=2`);
      await page.locator("#banners tbody tr").first().waitFor();
      const { text, rows } = await taken(page, page.getByRole("button", { name: "CSV of all periods" }));
      texts.add(text);
      const wanted = Array.from({ length: PERIODS }, (_, at) => second.rowsOf(campaign, at + 1)).flat();
      const line = (fields: readonly unknown[]): string => fields.join(" ");
      t.same(
        columnsOf(rows, "campaign", "period", "banner", ...FIGURES)
          .map(line)
          .sort(),
        wanted.map((row) => line([row.campaign, row.period, row.banner, ...figures(row)])).sort(),
      );
      const names = new Map(columnsOf(rows, "banner", "name").map(([banner, name]) => [Number(banner), name]));
      for (const [banner, name] of names) t.equal(name, disarmed(shown.data.texts.get(banner)?.alt ?? ""));
      await page.close();
    }
    t.equal(texts.size, 1, "both shells write the same bytes");
  });

/** In some hundred campaigns. */
const SITE = "shop-13.example";

/** How many pages, by the PDF's own objects. */
const pagesOf = (pdf: Buffer): number => pdf.toString("latin1").split(/\/Type \/Page\b(?!s)/).length - 1;

for (const shell of SHELLS) {
  await t.test(`${shell}: a list is printed with all of its rows`, async (t) => {
    const { page } = await open(context, shown.starts[shell], `search=${SITE}`);
    await page.locator("#campaign-list tbody tr").first().waitFor();
    const expected = second.campaigns().filter((campaign) => second.matches(campaign, SITE));
    t.ok(expected.length > 200, "more than a page of the list");
    const { printed, pdf } = await print(page, "#campaign-list tbody tr", ".of-campaign a");
    t.same(printed.sort(), expected.map(({ campaign }) => campaign).sort());
    t.ok(pagesOf(pdf) > expected.length / 60, `${pagesOf(pdf)} pages`);
    await page.close();
  });

  await t.test(`${shell}: a campaign is printed with the banners behind the cut`, async (t) => {
    const { page } = await open(context, shown.starts[shell], `campaign=${LARGE}&at=2`);
    await page.locator("#banners tbody tr").first().waitFor();
    const { printed, pdf } = await print(page, "#banners tbody tr:not(.across)", ".of-banner");
    t.same(
      printed.sort(),
      second
        .rowsOf(LARGE, 2)
        .map(({ banner }) => banner)
        .sort(),
    );
    t.ok(pagesOf(pdf) > 500 / 60, `${pagesOf(pdf)} pages`);
    await page.close();
  });
}

/** The ids in the rows that are seen at the moment at which the browser lays out the pages, and the PDF. */
async function print(page: Page, rows: string, id: string): Promise<{ printed: number[]; pdf: Buffer }> {
  await page.evaluate(`matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) window.printed = Array.from(document.querySelectorAll("${rows}"))
      .filter((row) => row.checkVisibility() && row.getBoundingClientRect().height > 0)
      .map((row) => Number(row.querySelector("${id}").textContent.trim()));
  })`);
  const pdf = await page.pdf();
  return { printed: await page.evaluate<number[]>("window.printed"), pdf };
}
