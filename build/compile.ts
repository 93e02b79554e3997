/** Compiles counts, images and texts into the bytes of an index, of which the images are not copied. */
import { cellCodes, CellTable } from "../src/index/cells.js";
import { encode, type Encoded } from "../src/index/format.js";
import {
  IMAGE_DIGEST_LENGTH,
  IMAGE_EXTENSIONS,
  IMAGE_TYPES,
  RULES,
  type Rule,
  type Sections,
} from "../src/index/sections.js";
import type { EventCounts } from "./count/counters.js";
import { imageOf, placeholder, PLACEHOLDER_SIZE, type BannerImage, type BannerText } from "./images/folder.js";
import { rank, type Ranking } from "./rank.js";
import { DataError } from "./read/data-error.js";
import { distinct, mapIds } from "./read/id-map.js";

export interface Compiled extends Encoded {
  readonly cellsByRule: Readonly<Record<Rule, number>>;
  readonly bannersWithoutImage: readonly number[];
}

/** @throws DataError for texts of 4 GiB, IndexTooLargeError where all but the images is more than Node.js holds */
export function compile(
  counts: EventCounts,
  images: ReadonlyMap<number, BannerImage>,
  texts: ReadonlyMap<number, BannerText> = new Map(),
): Compiled {
  const { campaignIds } = counts;
  const shown = counts.bannerIds;
  // Also images of banners in no cell: pages made from the previous index may still ask for them.
  const bannerIds = distinct(Uint32Array.from([...shown, ...images.keys()]));
  const shownImages = Array.from(
    bannerIds,
    (id) => images.get(id) ?? imageOf(Buffer.from(placeholder(id)), "svg", "svg", PLACEHOLDER_SIZE),
  );
  const imageBytes = shownImages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const shownTexts = Array.from(bannerIds, (id) => texts.get(id)).flatMap((text) => [
    text?.alt ?? "",
    text?.link ?? "",
  ]);
  const textBytes = shownTexts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  // Their offsets are 32-bit.
  if (textBytes >= 2 ** 32)
    throw new DataError(
      `the texts of the banners have ${textBytes} bytes: at most 4 GiB fit into an index: shorten them`,
    );
  const cellsByRule = { "top-10": 0, "top-x": 0, "fill-by-clicks": 0, "by-clicks": 0 };
  const encoded = encode(
    {
      periods: counts.periods,
      campaigns: campaignIds.length,
      entries: counts.countEntries(),
      banners: bannerIds.length,
      imageBytes,
      textBytes,
    },
    (index) => {
      index.campaignIds.set(campaignIds);
      index.bannerIds.set(bannerIds);
      fillCells(index, counts, (rule) => cellsByRule[rule]++);
      fillImages(index, shownImages);
      fillTexts(index, shownTexts);
    },
    shownImages.map(({ bytes }) => bytes),
  );
  return { ...encoded, cellsByRule, bannersWithoutImage: Array.from(shown).filter((id) => !images.has(id)) };
}

function fillCells(index: Sections, counts: EventCounts, onCell: (rule: Rule) => void): void {
  const table = new CellTable(index.cells, index.campaignIds.length);
  addCells(table, index.campaignIds, counts);
  const banners = mapIds(index.bannerIds);
  for (const cell of counts.cells()) {
    const slot = table.find(cell.campaign, cell.period);
    const ranking = rank(cell.banners);
    onCell(ranking.rule);
    table.setCodes(slot, codesOf(ranking));
    let entry = table.startOf(slot);
    for (const statistics of ranking.banners) {
      index.entryBanner[entry] = banners.find(statistics.banner);
      index.entryRevenue[entry] = statistics.revenue;
      index.entryConversions[entry] = statistics.conversions;
      index.entryClicks[entry] = statistics.clicks;
      index.entryImpressions[entry] = statistics.impressions;
      entry++;
    }
  }
}

/** In order of campaign, so that the bytes do not depend on the order of events. */
function addCells(table: CellTable, campaignIds: Uint32Array, counts: EventCounts): void {
  const sizes = counts.cellSizes(campaignIds);
  campaignIds.forEach((campaign, index) => {
    for (let period = 1; period <= counts.periods; period++) {
      const size = sizes[index * counts.periods + period - 1]!;
      if (size > 0) table.add(campaign, period, size);
    }
  });
  table.placeEntries();
}

function codesOf({ rule, fixed, randomPlaces, pool, banners }: Ranking): number {
  // The index does not store where a pool starts: it is where the fixed banners end.
  if (randomPlaces > 0 && fixed + pool !== banners.length)
    throw new Error("The pool of random places does not follow the fixed banners.");
  return cellCodes(fixed, randomPlaces, RULES.indexOf(rule));
}

function fillImages(index: Sections, images: readonly BannerImage[]): void {
  let start = 0;
  images.forEach(({ bytes, sha256, type, extension, width, height }, banner) => {
    index.imageStart[banner] = start;
    index.imageType[banner] = IMAGE_TYPES.indexOf(type);
    index.imageExtension[banner] = IMAGE_EXTENSIONS.indexOf(extension);
    index.imageWidth[banner] = width;
    index.imageHeight[banner] = height;
    index.imageDigest.set(sha256.subarray(0, IMAGE_DIGEST_LENGTH), banner * IMAGE_DIGEST_LENGTH);
    start += bytes.length;
  });
  index.imageStart[images.length] = start;
}

function fillTexts(index: Sections, texts: readonly string[]): void {
  let start = 0;
  texts.forEach((text, at) => {
    index.textStart[at] = start;
    start += Buffer.from(index.texts.buffer, index.texts.byteOffset + start).write(text);
  });
  index.textStart[texts.length] = start;
}
