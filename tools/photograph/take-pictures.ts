/** Running sites to the pictures of them, in a real browser. */
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as browsers, type Browser } from "playwright-core";
import type { Picture, Sites } from "./pictures.js";

export async function takePictures(pictures: readonly Picture[], sites: Sites, folder: string): Promise<void> {
  const browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: ["--no-sandbox"] });
  try {
    for (const picture of pictures) await take(browser, picture, sites, join(folder, picture.file));
  } finally {
    await browser.close();
  }
}

async function take(browser: Browser, picture: Picture, sites: Sites, path: string): Promise<void> {
  const { width, height, scheme } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(new URL(picture.address, sites[picture.site]).href);
  await page.waitForSelector(picture.awaits, { state: "attached" });
  await page.evaluate(
    "Promise.all(Array.from(document.images).filter((image) => image.loading !== 'lazy').map((image) => image.decode()))",
  );
  if (picture.until !== undefined)
    await page.evaluate(`document.querySelector(${JSON.stringify(picture.until)}).scrollIntoView({ block: "end" })`);
  await page.screenshot({ path });
  await page.close();
}
