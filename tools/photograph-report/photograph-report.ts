/** A build's report page to the picture of it in the README: `npm run photograph-report`. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";
import { runCommand } from "../../src/command.js";

const USAGE = `Usage: npm run photograph-report -- [options]
  --page FILE     the page (dist-index/report.html), as a build of the sample made it
  --out FILE      the picture, a PNG (docs/report.png)
  --address PART  what is open in the page, from the # (#campaign=5&period=2)
  --help          this text
`;

interface Request {
  readonly page: string;
  readonly out: string;
  readonly address: string;
}

/** undefined where help is asked for. */
function readArguments(): Request | undefined {
  const { values } = parseArgs({
    options: {
      page: { type: "string", default: "dist-index/report.html" },
      out: { type: "string", default: "docs/report.png" },
      address: { type: "string", default: "#campaign=5&period=2" },
      help: { type: "boolean", default: false },
    },
  });
  return values.help ? undefined : values;
}

async function photograph({ page, out, address }: Request): Promise<undefined> {
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
  process.stdout.write(`photograph-report: wrote ${out}\n`);
}

await runCommand({
  name: "photograph-report",
  usage: () => USAGE,
  readArguments,
  run: photograph,
  explain: (error) =>
    `${(error as Error).message.split("\n", 1)[0]!}: build the sample's index, or name its page with --page`,
});
