/** Takes the pictures of the README: `npm run photograph`. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as browsers, type Browser } from "playwright-core";
import { build } from "../../build/stages.js";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { systemClock } from "../load-test/clock.js";
import { runLoadTest } from "../load-test/run.js";
import { ServerProcess } from "../server-process.js";
import { inTemporaryFolder } from "../temporary-folder.js";

/** Long enough for the dashboard's curves to show something. */
const BEFORE_PICTURES_MS = 20_000;
const CAMPAIGNS = Array.from({ length: 30 }, (_, at) => at + 1);
const VISITS_PER_SECOND = 300;

interface Picture {
  readonly file: string;
  readonly site: "visitors" | "administration" | "report";
  readonly address: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly awaits: string;
  readonly until?: string;
}

const DESKTOP = { width: 1200, height: 1020, scheme: "light" } as const;
const PHONE = { width: 390, height: 844, scheme: "dark" } as const;
const PAGE = { site: "visitors", address: "campaigns/1/", awaits: "img" } as const;
const CELL = "campaign=5&period=2";
const REPORT = { site: "report", address: `#${CELL}`, awaits: "html[data-ready]" } as const;

const PICTURES: readonly Picture[] = [
  { ...DESKTOP, ...PAGE, file: "page.png", height: 500 },
  { ...PHONE, ...PAGE, file: "page-phone.png" },
  { ...DESKTOP, file: "dashboard.png", site: "administration", address: `?${CELL}`, awaits: "img" },
  { ...PHONE, file: "dashboard-phone.png", site: "administration", address: "", awaits: "main" },
  { ...DESKTOP, ...REPORT, file: "report.png", until: "#cells" },
  { ...PHONE, ...REPORT, file: "report-phone.png" },
];

await runCommand(
  command({
    name: "npm run photograph",
    summary: "Takes the pictures of the README.",
    options: {
      data: { ...FOLDER, default: "data", help: "the data folder, with its banners" },
      out: { ...FOLDER, default: "docs", help: "where the pictures go" },
    },
    notes: `Builds an index in a folder of its own, serves it on free ports, visits it for ${BEFORE_PICTURES_MS / 1000} s, and takes the pictures in a
headless browser.`,
    run: async ({ data, out }) => {
      await inTemporaryFolder("photograph", async (built) => {
        await build({ data, banners: join(data, "banners"), out: built, onBadRow: "stop" });
        await photograph(built, out);
      });
      process.stdout.write(PICTURES.map(({ file }) => `wrote ${join(out, file)}\n`).join(""));
      return 0;
    },
  }),
);

async function photograph(built: string, out: string): Promise<void> {
  const server = await ServerProcess.start(join(built, "index.bin"));
  const end = new AbortController();
  const visits = makeVisits(server.url, end.signal);
  try {
    await sleep(BEFORE_PICTURES_MS);
    const report = pathToFileURL(join(built, "report.html"));
    const sites = { visitors: server.url, administration: server.adminUrl, report };
    const executablePath = await chromium.executablePath();
    const browser = await browsers.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      for (const picture of PICTURES)
        await take(browser, picture, new URL(picture.address, sites[picture.site]), join(out, picture.file));
    } finally {
      await browser.close();
    }
  } finally {
    end.abort();
    await visits;
    await server.stop();
  }
}

async function take(browser: Browser, picture: Picture, url: URL, path: string): Promise<void> {
  const { width, height, scheme: colorScheme, until } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url.href);
  await page.waitForSelector(picture.awaits, { state: "attached" });
  await page.evaluate(
    "Promise.all(Array.from(document.images).filter((image) => image.loading !== 'lazy').map((image) => image.decode()))",
  );
  if (until !== undefined)
    await page.evaluate(`document.querySelector(${JSON.stringify(until)}).scrollIntoView({ block: "end" })`);
  await page.screenshot({ path });
  await page.close();
}

async function makeVisits(url: URL, end: AbortSignal): Promise<void> {
  const { signal } = new AbortController();
  for (let second = 0; !end.aborted; second++) {
    const requests = Math.round(VISITS_PER_SECOND * (1 + 0.4 * Math.sin(second)));
    const load = { kind: "open", requests, perMinute: requests * 60 } as const;
    await runLoadTest(
      { url, scenario: "rate", load, timeout: 10, campaigns: CAMPAIGNS },
      { clock: systemClock, signal },
    );
  }
}
