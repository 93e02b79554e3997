/** Compiles counts, images, texts and campaigns into the bytes of an index, of which the images are not copied. */
import { cellCodes, CellTable } from "../src/index/cells.js";
import { encode, type Encoded } from "../src/index/format.js";
import {
  IMAGE_DIGEST_LENGTH,
  IMAGE_EXTENSIONS,
  IMAGE_TYPES,
  RULES,
  RULES_BY_X,
  type Rule,
  type Sections,
} from "../src/index/sections.js";
import type { Campaign } from "./campaigns.js";
import { Cells, type RankedCell } from "./cells.js";
import type { EventCounts } from "./count/counters.js";
import { imageOf, placeholder, PLACEHOLDER_SIZE, type BannerImage, type BannerText } from "./images/folder.js";
import { DataError } from "./read/data-error.js";
import { distinct, mapIds } from "./read/id-map.js";

export interface Compiled extends Encoded {
  readonly cellsByRule: Readonly<Record<Rule, number>>;
  readonly bannersWithoutImage: readonly number[];
  /** Campaigns whose default banner is held back. */
  readonly defaultsHeldBack: readonly number[];
}

export interface CompileOptions {
  readonly campaigns?: ReadonlyMap<number, Campaign>;
  /** Banners that may be shown another time: what is there of them stays, and they are nobody's default. */
  readonly heldBack?: readonly number[];
  /** The zone whose minutes cut the events into periods; undefined where they came in periods. */
  readonly timeZone?: string | undefined;
  /** The share of decisions that draw from all banners of a cell. */
  readonly exploration?: number | undefined;
}

/** @throws DataError for texts of 4 GiB, IndexTooLargeError where all but the images is more than Node.js holds */
export function compile(
  counts: EventCounts,
  images: ReadonlyMap<number, BannerImage>,
  texts: ReadonlyMap<number, BannerText> = new Map(),
  { campaigns = new Map(), heldBack = [], timeZone, exploration = 0 }: CompileOptions = {},
): Compiled {
  const held = new Set(heldBack);
  const defaults = Array.from(campaigns, ([campaign, { defaultBanner }]) => [campaign, defaultBanner] as const);
  const defaultBanners = new Map(defaults.filter(([, banner]) => banner !== 0 && !held.has(banner)));
  const cells = new Cells(counts, defaultBanners);
  const { campaignIds } = cells;
  const shown = distinct(Uint32Array.from([...counts.bannerIds, ...defaultBanners.values()]));
  // Also images of banners in no cell: pages made from the previous index may still ask for them.
  const bannerIds = distinct(Uint32Array.from([...shown, ...heldBack, ...images.keys()]));
  const shownImages = Array.from(
    bannerIds,
    (id) => images.get(id) ?? imageOf(Buffer.from(placeholder(id)), "svg", "svg", PLACEHOLDER_SIZE),
  );
  const imageBytes = shownImages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const shownTexts = Array.from(bannerIds, (id) => texts.get(id)).flatMap((text) => [
    text?.alt ?? "",
    text?.link ?? "",
  ]);
  const names = Array.from(campaignIds, (id) => campaigns.get(id)?.name ?? "");
  const cellsByRule = Object.fromEntries(RULES_BY_X.map((rule) => [rule, 0])) as Record<Rule, number>;
  const encoded = encode(
    {
      periods: counts.periods,
      campaigns: campaignIds.length,
      entries: cells.entries,
      banners: bannerIds.length,
      imageBytes,
      textBytes: bytesOf("texts of the banners", shownTexts),
      nameBytes: bytesOf("names of the campaigns", names),
    },
    (index) => {
      index.campaignIds.set(campaignIds);
      index.bannerIds.set(bannerIds);
      fillCells(index, cells, counts.periods, (rule) => cellsByRule[rule]++);
      fillImages(index, shownImages);
      fillTexts(index.texts, index.textStart, shownTexts);
      fillTexts(index.names, index.nameStart, names);
    },
    shownImages.map(({ bytes }) => bytes),
    { timeZone, exploration },
  );
  return {
    ...encoded,
    cellsByRule,
    bannersWithoutImage: Array.from(shown).filter((id) => !images.has(id)),
    defaultsHeldBack: defaults.flatMap(([campaign, banner]) => (held.has(banner) ? [campaign] : [])),
  };
}

function bytesOf(what: string, texts: readonly string[]): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  // Their offsets are 32-bit.
  if (bytes >= 2 ** 32)
    throw new DataError(`the ${what} have ${bytes} bytes: at most 4 GiB fit into an index: shorten them`);
  return bytes;
}

function fillCells(index: Sections, cells: Cells, periods: number, onCell: (rule: Rule) => void): void {
  const table = new CellTable(index.cells, index.campaignIds.length);
  addCells(table, cells, periods);
  const banners = mapIds(index.bannerIds);
  for (const cell of cells) {
    const slot = table.find(cell.campaign, cell.period);
    onCell(cell.rule);
    table.setCodes(slot, codesOf(cell));
    let entry = table.startOf(slot);
    for (const statistics of cell.banners) {
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
function addCells(table: CellTable, { campaignIds, sizes }: Cells, periods: number): void {
  campaignIds.forEach((campaign, index) => {
    for (let period = 1; period <= periods; period++) {
      const size = sizes[index * periods + period - 1]!;
      if (size > 0) table.add(campaign, period, size);
    }
  });
  table.placeEntries();
}

function codesOf({ rule, fixed, randomPlaces, pool, banners }: RankedCell): number {
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

function fillTexts(bytes: Uint8Array, starts: Uint32Array, texts: readonly string[]): void {
  let start = 0;
  texts.forEach((text, at) => {
    starts[at] = start;
    start += Buffer.from(bytes.buffer, bytes.byteOffset + start).write(text);
  });
  starts[texts.length] = start;
}
