/** A build's report page to the picture of it in the README: `npm run photograph-report`. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const USAGE = `Usage: npm run photograph-report -- [options]
  --page FILE     the page (dist-index/report.html), as a build of the sample made it
  --out FILE      the picture, a PNG (docs/report.png)
  --address PART  what is open in the page, from the # (#campaign=5&period=2)
  --help          this text
`;

async function photograph(page: string, out: string, address: string): Promise<void> {
  const browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: ["--no-sandbox"] });
  try {
    const opened = await browser.newPage({ viewport: { width: 1200, height: 1020 }, colorScheme: "light" });
    await opened.goto(pathToFileURL(resolve(page)).href + address);
    await opened.waitForSelector("html[data-ready]", { state: "attached" });
    await opened.evaluate("Promise.all(Array.from(document.images, (image) => image.decode()))");
    // Down to the first banner below the cut; the list beside it stays.
    await opened.evaluate("document.getElementById('cells').scrollIntoView({ block: 'end' })");
    await opened.screenshot({ path: out });
  } finally {
    await browser.close();
  }
}

async function main(): Promise<number> {
  let options: { page: string; out: string; address: string; help: boolean };
  try {
    options = parseArgs({
      options: {
        page: { type: "string", default: "dist-index/report.html" },
        out: { type: "string", default: "docs/report.png" },
        address: { type: "string", default: "#campaign=5&period=2" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`photograph-report: ${(error as Error).message.split("\n", 1)[0]!}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    await photograph(options.page, options.out, options.address);
  } catch (error) {
    process.stderr.write(
      `photograph-report: ${(error as Error).message.split("\n", 1)[0]!}: build the sample's index, or name its page with --page\n`,
    );
    return 1;
  }
  process.stdout.write(`photograph-report: wrote ${options.out}\n`);
  return 0;
}

process.exitCode = await main();
