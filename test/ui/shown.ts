/** Opens the interface with the largest data in both of its shells, and notes what a page of either must not do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { Test } from "tap";
import { Catalog } from "../../src/index/catalog.js";
import { decode } from "../../src/index/format.js";
import { comparingIndexes } from "../../src/view/change/compare.js";
import { launchBrowser } from "../build/report/opened-page.js";
import { startAdmin, type AdminSetting } from "../src/admin/running-admin.js";
import type { FakeServer } from "../src/admin/server-state.js";
import { seededRandom } from "../src/seeded-random.js";
import { makeLargestData, type LargestData } from "./largest-data.js";

export const SHELLS = ["live", "file"] as const;
export type ShellName = (typeof SHELLS)[number];

export interface Opened {
  readonly page: Page;
  /** What the console said, errors that nobody caught, dialogs, and requests to anybody else. */
  readonly faults: string[];
}

export interface Shown {
  readonly data: LargestData;
  /** Where the interface begins, in each shell; the state follows. */
  readonly starts: Readonly<Record<ShellName | "refused", string>>;
  /** The start of another server. */
  readonly serve: (fake: FakeServer, setting?: AdminSetting) => Promise<string>;
  readonly newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
}

export async function show(t: Test): Promise<Shown> {
  const [data, browser] = await Promise.all([makeLargestData(t.testdir()), launchBrowser()]);
  t.teardown(() => browser.close());
  const read = (name: string): Catalog => new Catalog(decode(Uint8Array.from(readFileSync(join(data.out, name)))));
  const catalog = read("index.bin");
  const comparing = comparingIndexes(read("index.previous.bin"), catalog);
  let compared = comparing.next();
  while (compared.done !== true) compared = comparing.next();
  const change = compared.value;
  const serve = async (fake: FakeServer, setting: AdminSetting = {}): Promise<string> => {
    const { port } = await startAdmin(t, fake, { random: seededRandom(5), ...setting });
    return `http://127.0.0.1:${port}/?`;
  };
  const fileStart = (path: string): string => `${pathToFileURL(path).href}#?`;
  return {
    data,
    serve,
    starts: {
      live: await serve({ index: () => catalog.index, change }),
      file: fileStart(join(data.out, "report.html")),
      refused: fileStart(data.refusedReport),
    },
    newContext: (options = {}) => browser.newContext({ viewport: { width: 1280, height: 800 }, ...options }),
  };
}

/** The caller waits for what it wants to see. */
export async function open(
  context: BrowserContext,
  start: string,
  state: string,
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Opened> {
  const page = await context.newPage();
  const faults: string[] = [];
  // Files are of no origin: a report is one alone.
  const origin = start.startsWith("file:") ? start.slice(0, start.search(/[?#]/)) : `${new URL(start).origin}/`;
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url()))
      faults.push(`request: ${request.url()}`);
  });
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', ({ violatedDirective }) => console.error(violatedDirective), true)",
  );
  await prepare(page);
  await page.goto(start + state);
  return { page, faults };
}
