import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../build/banners.js";
import { launchBrowser } from "../build/opened-page.js";
import { publish } from "./published.js";
import { RunningServer } from "./running-server.js";
import { inEveryPeriod, smallIndex } from "./small-index.js";

/** Draws, has a style of its own, and would run two scripts where it may. */
const SCRIPTED = imageOf(
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250" onload="document.documentElement.setAttribute('data-ran', '1')">` +
      `<style>rect{fill:teal}</style><rect width="300" height="250"/>` +
      `<script>document.documentElement.setAttribute("data-ran", "2")</script></svg>`,
  ),
  "svg",
  "svg",
);

await t.test("a browser shows the page with its image and its style, and runs nothing", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, smallIndex(inEveryPeriod({ campaign: 1, converting: [7, 8] }), 4, new Map([[7, SCRIPTED]])));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
  const port = await server.ready();
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("requestfailed", (request) => faults.push(`${request.url()} failed`));
    const requested: string[] = [];
    page.on("request", (request) => requested.push(request.url()));

    const shown: string[] = [];
    for (let visit = 0; visit < 6; visit++) {
      await page.goto(`http://127.0.0.1:${port}/campaigns/1/`);
      await page.evaluate("Promise.all(Array.from(document.images, (image) => image.decode()))");
      const look = await page.evaluate<[string, number, string]>(
        "[document.images[0].alt, document.images[0].naturalWidth, getComputedStyle(document.body).display]",
      );
      t.ok(look[1] > 0, "the image is drawn");
      t.equal(look[2], "grid", "the style applies");
      shown.push(look[0]);
    }
    t.same(new Set(shown), new Set(["Banner 7", "Banner 8"]));
    t.ok(
      shown.every((banner, visit) => banner !== shown[visit - 1]),
      "the browser sends its cookie back",
    );
    t.same(
      faults.filter((fault) => !/favicon/.test(fault)),
      [],
    );
    t.ok(
      requested.every((url) => url.startsWith(`http://127.0.0.1:${port}/`)),
      "nothing is asked of anybody else",
    );

    // By itself, an SVG is a document, and could run what is in it.
    await page.goto(`http://127.0.0.1:${port}/campaigns/banners/image_7.svg`);
    t.equal(await page.evaluate("document.documentElement.getAttribute('data-ran')"), null);
    t.equal(await page.evaluate("getComputedStyle(document.querySelector('rect')).fill"), "rgb(0, 128, 128)");
  } finally {
    await browser.close();
    await server.stop();
  }
});
