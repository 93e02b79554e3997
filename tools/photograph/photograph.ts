/** Takes the pictures of the README: `npm run photograph`. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as browsers, type Browser } from "playwright-core";
import { build } from "../../build/stages.js";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER } from "../../src/options/values.js";
import { ServerProcess } from "../server-process.js";
import { inTemporaryFolder } from "../temporary-folder.js";

interface Picture {
  readonly file: string;
  readonly site: "visitors" | "administration" | "report";
  readonly address: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly awaits: string;
}

const DESKTOP = { width: 1200, height: 1020, scheme: "light" } as const;
const PHONE = { width: 390, height: 844, scheme: "dark" } as const;
const PAGE = { site: "visitors", address: "campaigns/1/", awaits: "img" } as const;
const CELL = "campaign=5&at=2";
const REPORT = { site: "report", address: `#?${CELL}`, awaits: "#campaign img" } as const;

const PICTURES: readonly Picture[] = [
  { ...DESKTOP, ...PAGE, file: "page.png", height: 500 },
  { ...PHONE, ...PAGE, file: "page-phone.png" },
  { ...DESKTOP, file: "dashboard.png", site: "administration", address: "", awaits: "#campaign-list" },
  { ...PHONE, file: "dashboard-phone.png", site: "administration", address: `?${CELL}`, awaits: "#campaign img" },
  { ...DESKTOP, ...REPORT, file: "report.png" },
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
    notes: `Builds an index in a folder of its own, serves it on free ports, and takes the pictures in a headless
browser.`,
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
  try {
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
    await server.stop();
  }
}

async function take(browser: Browser, picture: Picture, url: URL, path: string): Promise<void> {
  const { width, height, scheme: colorScheme } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url.href);
  await page.waitForSelector(picture.awaits, { state: "attached" });
  await page.evaluate(
    "Promise.all(Array.from(document.images).filter((image) => image.loading !== 'lazy').map((image) => image.decode()))",
  );
  await page.screenshot({ path });
  await page.close();
}
