/** A page's text opened in a real browser, which notes all that a page of one file must not do. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as browsers, type Browser, type Page } from "playwright-core";

export type Viewer = Parameters<Browser["newPage"]>[0];

/** The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  // Not the package's own arguments, which put all pages into one process: it ends with the first page that is closed.
  return browsers.launch({ executablePath: await chromium.executablePath(), args: ["--no-sandbox", "--disable-gpu"] });
}

export interface OpenedPage {
  readonly page: Page;
  /** What the console said, errors that nobody caught, dialogs, and requests for anything but the page itself. */
  readonly faults: readonly string[];
}

/** @param folder where the page is written @param address the part from `#` */
export async function openPage(
  browser: Browser,
  folder: string,
  text: string,
  viewer: Viewer = {},
  address = "",
): Promise<OpenedPage> {
  const path = join(folder, "report.html");
  writeFileSync(path, text);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...viewer });
  const faults: string[] = [];
  const url = pathToFileURL(path).href;
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const isOwn = request.url().split("#")[0] === url || /^(?:data|blob):/.test(request.url());
    if (!isOwn) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url + address);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  return { page, faults };
}

/** The texts of the cells of each row of a table's body. */
export async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = await page.locator(`${table} tbody tr:visible`).all();
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
}
