import { createHash } from "node:crypto";
import t from "tap";
import { imageOf, type BannerImage } from "../../build/images/folder.js";
import { compile } from "../../build/compile.js";
import { EventCounts } from "../../build/count/counters.js";
import { placeholder } from "../../build/images/folder.js";
import { verifyCells } from "../../build/verify.js";
import { Catalog } from "../../src/index/catalog.js";
import { CELL_NUMBERS, cellCodes, START } from "../../src/index/cells.js";
import { decode } from "../../src/index/format.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES } from "../../src/index/sections.js";
import { inspect } from "../../src/index/inspect.js";
import { bytesOf } from "../src/small-index.js";
import { IMAGE_BYTES } from "./images/image-bytes.js";

const LARGEST = 4294967295;
const PNG = imageOf(IMAGE_BYTES.png, "png", "png");
const JPEG_NAMED_PNG = imageOf(IMAGE_BYTES.jpeg, "jpeg", "png");
const WEBP = imageOf(IMAGE_BYTES.webp, "webp", "webp");

/** Impressions of these banners in these cells. */
function seen(periods: number, ...impressions: [period: number, campaign: number, banner: number][]): EventCounts {
  const counts = new EventCounts(periods);
  for (const [period, campaign, banner] of impressions)
    counts.addImpression(counts.counterOf(period, campaign, banner));
  return counts;
}

function catalogOf(counts: EventCounts, images = new Map<number, BannerImage>()): Catalog {
  return new Catalog(decode(compile(counts, images).parts));
}

/** What the index says of a banner's image. */
function imageIn(catalog: Catalog, banner: number): { bytes: Buffer; type: string; extension: string; digest: string } {
  const { index } = catalog;
  const place = catalog.bannerOf(banner);
  return {
    bytes: Buffer.from(catalog.imageOf(place)),
    type: IMAGE_TYPES[index.imageType[place]!]!,
    extension: IMAGE_EXTENSIONS[index.imageExtension[place]!]!,
    digest: Buffer.from(index.imageDigest.subarray(place * 16, place * 16 + 16)).toString("hex"),
  };
}

await t.test("the statistics of every banner reach the index, in the order of the cut", (t) => {
  const counts = seen(1, [1, 7, 3], [1, 7, 3], [1, 7, 2], [1, 7, 1], [1, 7, 4]);
  const count = (banner: number, clicks: number, ...revenues: bigint[]): void => {
    const counter = counts.counterOf(1, 7, banner);
    for (let click = 0; click < clicks; click++) counts.addClick(counter);
    for (const revenue of revenues) counts.addConversion(counter, revenue);
  };
  count(3, 2, -9223372036854775807n);
  count(2, 1, 9223372036854775806n, 1n);
  count(4, 5);
  t.strictSame(inspect(catalogOf(counts)).cells, [
    {
      period: 1,
      campaign: 7,
      x: 2,
      rule: "fill-by-clicks",
      collection: [
        { banner: 2, revenue: "9223372036854.775807", conversions: 2, clicks: 1, impressions: 1, by: "revenue" },
        { banner: 3, revenue: "-9223372036854.775807", conversions: 1, clicks: 2, impressions: 2, by: "revenue" },
        { banner: 4, revenue: "0.000000", conversions: 0, clicks: 5, impressions: 1, by: "clicks" },
        { banner: 1, revenue: "0.000000", conversions: 0, clicks: 0, impressions: 1, by: "pool" },
      ],
      random_places: 0,
      pool: [],
    },
  ]);
  t.end();
});

await t.test("a pool is in the index whole, where places are drawn from it", (t) => {
  const counts = seen(1, [1, 7, 9], [1, 7, 10], [1, 7, 8], [1, 7, 1], [1, 7, 2], [1, 7, LARGEST]);
  counts.addClick(counts.counterOf(1, 7, 10));
  const [cell] = inspect(catalogOf(counts)).cells;
  t.strictSame(
    [cell?.rule, cell?.collection.map(({ banner }) => banner), cell?.random_places, cell?.pool],
    ["by-clicks", [10], 4, [1, 2, 8, 9, LARGEST]],
  );
  t.end();
});

await t.test("the pool of a cell is its last entries, also where nothing is drawn from it", (t) => {
  const counts = seen(1, [1, 7, 20], [1, 7, 21]);
  for (let banner = 1; banner <= 8; banner++) counts.addClick(counts.counterOf(1, 7, banner));
  const catalog = catalogOf(counts);
  const record = catalog.cellOf(7, 1) * CELL_NUMBERS;
  t.strictSame([...catalog.index.cells.subarray(record, record + CELL_NUMBERS)], [7, 0, 10, cellCodes(5, 0, 0)]);
  t.strictSame([...catalog.index.entryClicks], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  t.end();
});

await t.test("cells that nothing happened in are absent, wherever they stand", (t) => {
  const present = [
    [2, 1],
    [4, 1],
    [1, 2],
    [2, 5],
    [3, 5],
    [1, LARGEST],
    [3, LARGEST],
  ] as const;
  const catalog = catalogOf(
    seen(4, ...present.map(([period, campaign]): [number, number, number] => [period, campaign, 6])),
  );
  const isPresent = (period: number, campaign: number): boolean =>
    present.some(([p, c]) => p === period && c === campaign);
  for (const campaign of [1, 2, 3, 5, LARGEST])
    for (const period of [1, 2, 3, 4])
      t.equal(catalog.cellOf(campaign, period) !== -1, isPresent(period, campaign), `${campaign} in ${period}`);
  t.strictSame(
    inspect(catalog).cells.map(({ period, campaign, collection }) => [period, campaign, collection[0]?.banner]),
    [
      [1, 2, 6],
      [1, LARGEST, 6],
      [2, 1, 6],
      [2, 5, 6],
      [3, 5, 6],
      [3, LARGEST, 6],
      [4, 1, 6],
    ],
  );
  t.end();
});

await t.test("the largest ids are found among many", (t) => {
  const counts = new EventCounts(2);
  for (let id = LARGEST; id > LARGEST - 3000; id--) counts.addImpression(counts.counterOf(2, id, id));
  const catalog = catalogOf(counts);
  let wrong = 0;
  for (let id = LARGEST; id > LARGEST - 3000; id--) {
    const { index } = catalog;
    const entry = index.cells[catalog.cellOf(id, 2) * CELL_NUMBERS + START]!;
    if (index.bannerIds[index.entryBanner[entry]!] !== id || catalog.cellOf(id, 1) !== -1) wrong++;
  }
  t.equal(wrong, 0);
  t.equal(catalog.cellOf(LARGEST - 3000, 2), -1);
  t.end();
});

await t.test("images are in the index with their bytes, true type, ending and digest", (t) => {
  const images = new Map([
    [9, WEBP],
    [2, PNG],
    [5, JPEG_NAMED_PNG],
  ]);
  const catalog = catalogOf(seen(1, [1, 7, 2], [1, 7, 5], [1, 7, 9]), images);
  for (const [banner, { bytes, type, extension }] of images)
    t.strictSame(imageIn(catalog, banner), {
      bytes: Buffer.from(bytes),
      type,
      extension,
      digest: createHash("sha256").update(bytes).digest("hex").slice(0, 32),
    });
  t.end();
});

await t.test("a banner without an image has a placeholder, and is told", (t) => {
  const counts = seen(1, [1, 7, LARGEST], [1, 7, 2], [1, 7, 3]);
  const images = new Map([[2, PNG]]);
  const catalog = catalogOf(counts, images);
  for (const banner of [3, LARGEST]) {
    const { bytes, type, extension } = imageIn(catalog, banner);
    t.strictSame(
      { text: bytes.toString(), type, extension },
      { text: placeholder(banner), type: "svg", extension: "svg" },
    );
  }
  t.strictSame(compile(counts, images).bannersWithoutImage, [3, LARGEST]);
  t.end();
});

await t.test("images of banners that are in no cell are kept", (t) => {
  const images = new Map([
    [1, PNG],
    [LARGEST, WEBP],
  ]);
  const counts = seen(1, [1, 7, 2]);
  const catalog = catalogOf(counts, images);
  t.strictSame([...catalog.index.bannerIds], [1, 2, LARGEST]);
  t.strictSame(imageIn(catalog, 1).bytes, IMAGE_BYTES.png);
  t.strictSame(imageIn(catalog, LARGEST).bytes, IMAGE_BYTES.webp);
  t.strictSame(compile(counts, images).bannersWithoutImage, [2]);
  t.end();
});

await t.test("images are parts of the index as they are, without a copy", (t) => {
  const counts = seen(1, [1, 7, 2]);
  const { parts, length } = compile(counts, new Map([[1, PNG]]));
  t.equal(parts[1], PNG.bytes);
  t.equal(length, bytesOf({ parts }).length);
  t.end();
});

await t.test("cells are told by their rules", (t) => {
  const counts = seen(2, [1, 1, 1], [2, 1, 1]);
  for (const [campaign, earning] of [
    [2, 1],
    [3, 4],
    [4, 5],
    [5, 9],
    [6, 9],
    [7, 10],
  ] as const)
    for (let banner = 1; banner <= earning; banner++) {
      counts.addClick(counts.counterOf(1, campaign, banner));
      counts.addConversion(counts.counterOf(1, campaign, banner), 1n);
    }
  t.strictSame(compile(counts, new Map()).cellsByRule, {
    "top-10": 1,
    "top-x": 3,
    "fill-by-clicks": 2,
    "by-clicks": 2,
    default: 0,
  });
  t.end();
});

await t.test("the same content gives the same bytes, in whatever order it came", (t) => {
  const impressions: [number, number, number][] = [];
  for (let at = 0; at < 500; at++)
    impressions.push([(at % 4) + 1, (at * 7) % 40, (at * 13) % 90].map((n) => n + 1) as [number, number, number]);
  const shifted = impressions.map(([period, ...rest]): [number, number, number] => [((period - 1) % 4) + 1, ...rest]);
  const images: [number, BannerImage][] = [
    [3, PNG],
    [400, WEBP],
    [1, JPEG_NAMED_PNG],
  ];
  const bytes = bytesOf(compile(seen(4, ...shifted), new Map(images)));
  const again = bytesOf(compile(seen(4, ...shifted.toReversed()), new Map(images.toReversed())));
  t.ok(Buffer.from(bytes).equals(again));
  t.end();
});

await t.test("an index of nothing is an index", (t) => {
  const catalog = catalogOf(new EventCounts(4));
  t.strictSame(inspect(catalog).cells, []);
  t.equal(catalog.cellOf(1, 1), -1);
  t.end();
});

await t.test("a default banner fills the periods in which its campaign has nothing, and no others", (t) => {
  const campaigns = new Map([
    [7, { name: "Seven", defaultBanner: 50 }],
    [LARGEST, { name: "", defaultBanner: 2 }],
    [8, { name: "No default", defaultBanner: 0 }],
  ]);
  const counts = seen(2, [1, 7, 2], [2, 8, 3]);
  const compiled = compile(counts, new Map(), new Map(), { campaigns });
  const catalog = new Catalog(decode(compiled.parts));
  t.strictSame(
    inspect(catalog).cells.map(({ period, campaign, rule, collection }) => [
      period,
      campaign,
      rule,
      collection.map(({ banner, by }) => `${banner} ${by}`),
    ]),
    [
      [1, 7, "by-clicks", ["2 pool"]],
      [1, LARGEST, "default", ["2 default"]],
      [2, 7, "default", ["50 default"]],
      [2, 8, "by-clicks", ["3 pool"]],
      [2, LARGEST, "default", ["2 default"]],
    ],
  );
  t.match(compiled, {
    cellsByRule: { default: 3, "by-clicks": 2 },
    bannersWithoutImage: [2, 3, 50],
    defaultsHeldBack: [],
  });
  t.equal(imageIn(catalog, 50).bytes.toString(), placeholder(50));
  t.strictSame(
    [7, 8, LARGEST].map((id) => catalog.nameOf(id)),
    ["Seven", "No default", ""],
  );
  verifyCells(catalog);
  t.end();
});

await t.test("what is held back keeps its image and its texts, and is nobody's default", (t) => {
  const counts = seen(1, [1, 7, 2]);
  const images = new Map([[5, PNG]]);
  const texts = new Map([[6, { alt: "Six", link: "" }]]);
  const campaigns = new Map([
    [1, { name: "", defaultBanner: 5 }],
    [2, { name: "", defaultBanner: 2 }],
  ]);
  const compiled = compile(counts, images, texts, { campaigns, heldBack: [5, 6] });
  const catalog = new Catalog(decode(compiled.parts));
  t.strictSame([...catalog.index.bannerIds], [2, 5, 6]);
  t.strictSame(imageIn(catalog, 5).bytes, IMAGE_BYTES.png);
  t.equal(imageIn(catalog, 6).bytes.toString(), placeholder(6), "pages made before may ask for it");
  t.equal(catalog.altOf(catalog.bannerOf(6)), "Six");
  t.equal(catalog.cellOf(1, 1), -1);
  t.strictSame([compiled.defaultsHeldBack, compiled.bannersWithoutImage], [[1], [2]]);
  t.end();
});

await t.test("the zone that cut the events is in the index, and makes it another one", (t) => {
  const compiledIn = (timeZone?: string): Catalog =>
    new Catalog(decode(compile(seen(1, [1, 7, 2]), new Map(), new Map(), { timeZone }).parts));
  t.equal(compiledIn("Asia/Kathmandu").index.timeZone, "Asia/Kathmandu");
  t.equal(compiledIn().index.timeZone, undefined);
  t.not(compiledIn("UTC").index.generation, compiledIn().index.generation);
  t.end();
});
