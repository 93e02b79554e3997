import type { BrowserContext, Page } from "playwright-core";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { Router } from "../../../src/response/router.js";
import { launchBrowser } from "../../build/report/opened-page.js";
import { OtherSite } from "./other-site.js";
import { drawnWidth } from "./watched-page.js";
import { openPublicPort } from "../server/public-port.js";
import { inEveryPeriod, smallCatalog } from "../small-index.js";
import { SETTINGS } from "./response-settings.js";

const browser = await launchBrowser();
t.teardown(() => browser.close());

const banner = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="250"><rect width="300" height="250" fill="red"/></svg>`;
const CATALOG = smallCatalog(
  inEveryPeriod({ campaign: 7, converting: [201] }),
  4,
  new Map([[201, imageOf(Buffer.from(banner), "svg", "svg")]]),
);

/** The grounds of pages round a frame; those of the system where none is named. */
const LIGHT = ":root{background:#eef}";
const LIGHT_OR_DARK = ":root{color-scheme:light dark}";
const DARK = ":root{color-scheme:dark;background:#112}";
const DARK_WITHOUT_A_WORD = ":root{background:#112}";
/** Of the frame of docs/embedding.md. */
const TRANSPARENT = "color-scheme: light";

interface Look {
  /** Colours outside of the banner, or of the text; more than one is a fault. */
  readonly frame: readonly string[];
  /** Colours of the page round the frame. */
  readonly page: readonly string[];
}

/** Whether there is a banner, or the text that there is none, in the frame; and its box in it. */
const BOX = `(({ left, top, right, bottom }) => ({ left, top, right, bottom }))(
  (document.images[0] ?? document.querySelector("main")).getBoundingClientRect())`;

/** Both frame and page are larger than what is in them. */
async function lookOf(page: Page, url: string): Promise<Look> {
  await page.goto(url);
  const frame = page.frames()[1]!;
  if (await frame.evaluate("document.images.length > 0")) await drawnWidth(frame);
  const box = await frame.evaluate(BOX);
  const png = (await page.screenshot()).toString("base64");
  // Whoever decodes PNGs anyway does so here.
  return page.evaluate<Look>(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png}";
    await image.decode();
    const { width, height } = image;
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    const box = ${JSON.stringify(box)};
    const frame = new Set(), page = new Set();
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const colour = "#" + (pixels[y * width + x] & 0xffffff).toString(16).padStart(6, "0");
        if (x >= 400 || y >= 350) page.add(colour);
        else if (x < box.left - 1 || x > box.right || y < box.top - 1 || y > box.bottom) frame.add(colour);
      }
    return { frame: [...frame], page: [...page] };
  })()`);
}

async function eachLook(
  site: OtherSite,
  ads: string,
  [style, ground]: readonly [style: string, ground: string],
  judge: (look: Look, name: string) => void,
): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    const context: BrowserContext = await browser.newContext({ colorScheme, viewport: { width: 500, height: 450 } });
    const page = await context.newPage();
    for (const campaign of [7, 8]) {
      const frame = `<iframe src="${ads}/campaigns/${campaign}/" width="400" height="350" style="border:0;${style}"></iframe>`;
      site.pages.set("/", { html: `<!doctype html><style>${ground}body{margin:0}</style>${frame}` });
      judge(await lookOf(page, site.url("/")), `${ground} campaign ${campaign}, visitor ${colorScheme}`);
    }
    await context.close();
  }
}

await t.test(
  "in the frame of docs/embedding.md, there is nothing but the banner, or the text, whatever the page round it",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openPublicPort(t, new Router(CATALOG, SETTINGS))}`;
    for (const ground of [LIGHT, LIGHT_OR_DARK, DARK, DARK_WITHOUT_A_WORD])
      await eachLook(site, ads, [TRANSPARENT, ground], ({ frame, page }, name) => {
        t.equal(page.length, 1);
        t.same(frame, page, name);
      });
  },
);

await t.test(
  "in a frame that says nothing, too, on a page that says nothing; on one that is dark by its word, it is white",
  async (t) => {
    const site = await OtherSite.open(t);
    const ads = `http://ads.localhost:${await openPublicPort(t, new Router(CATALOG, SETTINGS))}`;
    for (const ground of [LIGHT, DARK_WITHOUT_A_WORD])
      await eachLook(site, ads, ["", ground], ({ frame, page }, name) => {
        t.same(frame, page, name);
      });
    for (const ground of [LIGHT_OR_DARK, DARK])
      await eachLook(site, ads, ["", ground], ({ frame }, name) => {
        t.same(frame, ["#ffffff"], name);
      });
  },
);

await t.test("opened by itself, a page is as light or dark as its visitor has it, and its text legible", async (t) => {
  const port = await openPublicPort(t, new Router(CATALOG, SETTINGS));
  for (const [colorScheme, canvas, text] of [
    ["light", "rgb(255, 255, 255)", "rgb(0, 0, 0)"],
    ["dark", "rgb(18, 18, 18)", "rgb(255, 255, 255)"],
  ] as const) {
    const page = await browser.newPage({ colorScheme });
    for (const campaign of [7, 8]) {
      await page.goto(`http://127.0.0.1:${port}/campaigns/${campaign}/`);
      const drawn = "getComputedStyle(Object.assign(document.body, { style: 'background: Canvas' })).backgroundColor";
      t.equal(await page.evaluate(drawn), canvas, `campaign ${campaign}`);
    }
    const { backgroundColor, color } = await page.evaluate<{ backgroundColor: string; color: string }>(
      "(({ backgroundColor, color }) => ({ backgroundColor, color }))(getComputedStyle(document.querySelector('main')))",
    );
    t.same([backgroundColor, color], [canvas, text]);
    t.match(
      await page.locator("body").ariaSnapshot(),
      /^- main:\n {2}- heading "Campaign not found\." \[level=1\]\n {2}- paragraph: It does not exist/,
    );
    await page.close();
  }
});
