/** Takes the pictures of the README: `npm run photograph`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as browsers, type Browser } from "playwright-core";
import { build } from "../../build/stages.js";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { ServerProcess } from "../server-process.js";
import { PICTURES, type Picture, type Sites } from "./pictures.js";

/** Long enough for the dashboard's curves to show something. */
const BEFORE_PICTURES_MS = 20_000;
const CAMPAIGNS = 30;
const VISITS_PER_SECOND = 300;

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
      const built = mkdtempSync(join(tmpdir(), "billboard-photograph-"));
      try {
        await build({ data, banners: join(data, "banners"), out: built, onBadRow: "stop" });
        await photograph(built, out);
      } finally {
        rmSync(built, { recursive: true });
      }
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
    const sites: Sites = { visitors: server.url, administration: server.adminUrl, report };
    const executablePath = await chromium.executablePath();
    const browser = await browsers.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      for (const picture of PICTURES) await take(browser, picture, sites, join(out, picture.file));
    } finally {
      await browser.close();
    }
  } finally {
    end.abort();
    await visits;
    await server.stop();
  }
}

async function take(browser: Browser, picture: Picture, sites: Sites, path: string): Promise<void> {
  const { width, height, scheme: colorScheme, until } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(new URL(picture.address, sites[picture.site]).href);
  await page.waitForSelector(picture.awaits, { state: "attached" });
  await page.evaluate(
    "Promise.all(Array.from(document.images).filter((image) => image.loading !== 'lazy').map((image) => image.decode()))",
  );
  if (until !== undefined)
    await page.evaluate(`document.querySelector(${JSON.stringify(until)}).scrollIntoView({ block: "end" })`);
  await page.screenshot({ path });
  await page.close();
}

/** Visits the server until it is told to end, so that a picture of what is going on shows something. */
async function makeVisits(site: URL, signal: AbortSignal): Promise<void> {
  // What a browser remembers of each campaign.
  const cookies = new Map<number, string>();
  for (let second = 0; !signal.aborted; second++) {
    const next = sleep(1000);
    // More and fewer in turns, as visitors come.
    const visits = Math.round(VISITS_PER_SECOND * (1 + 0.4 * Math.sin(second)));
    for (let visit = 0; visit < visits; visit++) {
      const campaign = 1 + Math.floor(Math.random() * CAMPAIGNS);
      const headers = { cookie: cookies.get(campaign) ?? "" };
      const response = await fetch(new URL(`/campaigns/${campaign}/`, site), { headers });
      await response.arrayBuffer();
      cookies.set(campaign, response.headers.get("set-cookie")?.split(";", 1)[0] ?? "");
    }
    await next;
  }
}
