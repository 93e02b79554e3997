/** A page of a real browser, which notes what goes wrong in it and whom it asks. */
import type { BrowserContext, Frame, Page } from "playwright-core";

export interface WatchedPage {
  readonly page: Page;
  /** What the console said, errors that nobody caught, and requests without an answer. */
  readonly faults: string[];
  /** Of every request. */
  readonly origins: Set<string>;
}

export async function watchedPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const faults: string[] = [];
  const origins = new Set<string>();
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => faults.push(`request: ${request.url()} failed`));
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  return { page, faults, origins };
}

/** The widths of this many images in their own pixels, once they are there and drawn. */
export async function drawnWidths(frame: Page | Frame, count: number): Promise<number[]> {
  // In the page itself and not by playwright's own waiting, which brings a large script into every page.
  return frame.evaluate<number[]>(`(async () => {
    while (document.images.length < ${count}) await new Promise(requestAnimationFrame);
    await Promise.all(Array.from(document.images, (image) => image.decode()));
    return Array.from(document.images, ({ naturalWidth }) => naturalWidth);
  })()`);
}

export async function drawnWidth(frame: Page | Frame): Promise<number> {
  const [width] = await drawnWidths(frame, 1);
  return width!;
}

/** What has moved in a page so far, as browsers sum it up: 0 for nothing. For a page that is open already. */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) sum += value;
    }).observe({ type: "layout-shift", buffered: true });
    // What moves is noted when a frame is drawn, and told of in a task behind it.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))));
  })`);
}
