import { isDeepStrictEqual } from "node:util";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { sizeOf, typeOf } from "../../../build/images/header.js";
import { MEDIA_TYPES, type ImageType } from "../../../src/index/sections.js";
import { Router } from "../../../src/response/router.js";
import { openPublicPort } from "../../src/server/public-port.js";
import { SETTINGS } from "../../src/response/response-settings.js";
import { inEveryPeriod, smallCatalog } from "../../src/small-index.js";
import { launchBrowser } from "../report/opened-page.js";
import { AVIFS } from "./corpus/avif.js";
import { GIFS } from "./corpus/gif.js";
import { JPEGS } from "./corpus/jpeg.js";
import { PNGS } from "./corpus/png.js";
import { SVGS, UNTOLD } from "./corpus/svg.js";
import { WEBPS } from "./corpus/webp.js";
import type { OddImage, OddImages } from "./corpus/odd-image.js";

const CORPUS: Readonly<Record<ImageType, OddImages>> = {
  png: PNGS,
  jpeg: JPEGS,
  gif: GIFS,
  webp: WEBPS,
  avif: AVIFS,
  svg: SVGS,
};

/** Of every format: the size of the image that the odd ones are made of. */
const PLAIN = { width: 3, height: 2 };

const browser = await launchBrowser();
t.teardown(() => browser.close());
const page = await browser.newPage();

type Natural = readonly [width: number, height: number];

/** 0 x 0 where there is nothing to see. */
async function naturalSizes(images: readonly (readonly [ImageType, OddImage])[]): Promise<Natural[]> {
  const urls = images.map(([type, { bytes }]) => `data:${MEDIA_TYPES[type]};base64,${bytes.toString("base64")}`);
  return page.evaluate<Natural[]>(
    `Promise.all(${JSON.stringify(urls)}.map((url) => new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
      image.onerror = () => resolve([0, 0]);
      image.src = url;
    })))`,
  );
}

const each = (which: keyof OddImages): (readonly [ImageType, OddImage])[] =>
  Object.entries(CORPUS).flatMap(([type, images]) => images[which].map((image) => [type as ImageType, image] as const));

await t.test("each image that a browser shows has the size that the browser gives it", async (t) => {
  const shown = each("shown");
  t.ok(shown.length > 150, `${shown.length} images`);
  const natural = await naturalSizes(shown);
  shown.forEach(([type, { form, bytes }], at) => {
    const [width, height] = natural[at]!;
    t.equal(typeOf(bytes), type, form);
    t.strictSame(sizeOf(bytes, type), { width, height }, `${type}: ${form}`);
    t.ok(width > 0 && height > 0, "and it is shown");
  });
});

await t.test("what no browser shows is told with a reason", async (t) => {
  const broken = each("broken");
  t.ok(broken.length > 60, `${broken.length} images`);
  const natural = await naturalSizes(broken);
  broken.forEach(([type, { form, bytes }], at) => {
    t.equal(Math.min(...natural[at]!), 0, `${type}: ${form}: nothing is shown`);
    t.type(typeOf(bytes) === type ? sizeOf(bytes, type) : "another type", "string", `${type}: ${form}`);
  });
});

await t.test("pages show each image at that size, and what says no size, too", async (t) => {
  const changed = each("shown").filter(([type, { bytes }]) => !isDeepStrictEqual(sizeOf(bytes, type), PLAIN));
  const images = [...changed, ...UNTOLD.map((image) => ["svg", image] as const)];
  const catalog = smallCatalog(
    images.flatMap((_, at) => inEveryPeriod({ campaign: at + 1, converting: [at + 1] })),
    4,
    new Map(images.map(([type, { bytes }], at) => [at + 1, imageOf(bytes, type, type === "jpeg" ? "jpg" : type)])),
  );
  const origin = `http://127.0.0.1:${await openPublicPort(t, new Router(catalog, SETTINGS))}`;
  const frames = images.map((_, at) => `<iframe width="1000" height="800" src="/campaigns/${at + 1}/"></iframe>`);
  await page.route("**/frames", (route) => route.fulfill({ contentType: "text/html", body: frames.join("") }));
  await page.goto(`${origin}/frames`);
  const drawn = await page.evaluate<Natural[]>(
    `Promise.all(Array.from(document.querySelectorAll("iframe"), async ({ contentDocument }) => {
      const [image] = contentDocument.images;
      await image.decode().catch(() => undefined);
      const { width, height } = image.getBoundingClientRect();
      return [width, height];
    }))`,
  );
  images.forEach(([type, { form, bytes }], at) => {
    const [width, height] = drawn[at]!;
    const size = sizeOf(bytes, type);
    if (typeof size === "string") return t.fail(`${type}: ${form}: ${size}`);
    if (size.width === 0) return t.ok(width > 10 && height > 10, `${form}: it is seen`);
    const scale = Math.min(1, 1000 / size.width);
    // The height follows from the width, and that of a drawing need not be whole.
    const isSo = width === size.width * scale && Math.abs(height - size.height * scale) < 1;
    return t.ok(isSo, `${type}: ${form}: ${width} x ${height}, expected ${size.width} x ${size.height} times ${scale}`);
  });
});
