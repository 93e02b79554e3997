/** Counts and images to the bytes of an index. */
import { encode } from "../src/index-format.js";
import {
  IMAGE_DIGEST_LENGTH,
  IMAGE_EXTENSIONS,
  IMAGE_TYPES,
  RULES,
  type Rule,
  type Sections,
} from "../src/index-sections.js";
import { imageOf, type BannerImage } from "./banners.js";
import type { EventCounts } from "./count-events.js";
import { DataError } from "./data-error.js";
import { placeholder } from "./placeholder.js";
import { rank, type Ranking } from "./rank.js";
import { distinct, KeyTable } from "./typed-columns.js";

export interface Compiled {
  readonly bytes: Uint8Array;
  readonly cellsByRule: Readonly<Record<Rule, number>>;
  /** Banners of a cell that got a placeholder. */
  readonly bannersWithoutImage: readonly number[];
}

/** @throws DataError where the images together are beyond 4 GiB */
export function compile(counts: EventCounts, images: ReadonlyMap<number, BannerImage>): Compiled {
  const { campaignIds } = counts;
  const shown = counts.bannerIds;
  // Images of banners that are in no cell too: pages of the index before this one may still ask for them.
  const bannerIds = distinct(Uint32Array.from([...shown, ...images.keys()]));
  const shownImages = Array.from(bannerIds, (id) => images.get(id) ?? placeholderImage(id));
  const imageBytes = shownImages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (imageBytes >= 2 ** 32)
    throw new DataError(`the banner images have ${imageBytes} bytes: at most 4 GiB fit into an index`);
  const cellsByRule = { "top-10": 0, "top-x": 0, "fill-by-clicks": 0, "by-clicks": 0 };
  const bytes = encode(
    {
      periods: counts.periods,
      campaigns: campaignIds.length,
      entries: counts.countEntries(),
      banners: bannerIds.length,
      imageBytes,
    },
    (index) => {
      index.campaignIds.set(campaignIds);
      index.bannerIds.set(bannerIds);
      fillCells(index, counts, (rule) => cellsByRule[rule]++);
      fillImages(index, shownImages);
    },
  );
  return { bytes, cellsByRule, bannersWithoutImage: Array.from(shown).filter((id) => !images.has(id)) };
}

function placeholderImage(banner: number): BannerImage {
  return imageOf(Buffer.from(placeholder(banner)), "svg", "svg");
}

function fillCells(index: Sections, counts: EventCounts, onCell: (rule: Rule) => void): void {
  // Added in their order, so that an id's ordinal is its place.
  const banners = new KeyTable(1);
  for (const id of index.bannerIds) banners.add(id);
  let campaignPlace = 0;
  let filled = 0;
  let entry = 0;
  for (const cell of counts.cells()) {
    while (index.campaignIds[campaignPlace] !== cell.campaign) campaignPlace++;
    const number = campaignPlace * counts.periods + cell.period - 1;
    // A cell that does not exist starts where the next one does.
    index.cellStart.fill(entry, filled, number + 1);
    index.cellPool.fill(entry, filled, number);
    filled = number + 1;
    const ranking = rank(cell.banners);
    onCell(ranking.rule);
    fillCell(index, number, ranking, entry);
    for (const statistics of ranking.banners) {
      index.entryBanner[entry] = banners.find(statistics.banner);
      index.entryRevenue[entry] = statistics.revenue;
      index.entryConversions[entry] = statistics.conversions;
      index.entryClicks[entry] = statistics.clicks;
      index.entryImpressions[entry] = statistics.impressions;
      entry++;
    }
  }
  index.cellStart.fill(entry, filled);
  index.cellPool.fill(entry, filled);
}

function fillCell(index: Sections, cell: number, ranking: Ranking, start: number): void {
  index.cellPool[cell] = start + ranking.banners.length - ranking.pool;
  index.cellX[cell] = ranking.x;
  index.cellFixed[cell] = ranking.fixed;
  index.cellRandom[cell] = ranking.randomPlaces;
  index.cellRule[cell] = RULES.indexOf(ranking.rule);
}

function fillImages(index: Sections, images: readonly BannerImage[]): void {
  let start = 0;
  images.forEach(({ bytes, sha256, type, extension }, banner) => {
    index.imageStart[banner] = start;
    index.imageType[banner] = IMAGE_TYPES.indexOf(type);
    index.imageExtension[banner] = IMAGE_EXTENSIONS.indexOf(extension);
    index.imageDigest.set(sha256.subarray(0, IMAGE_DIGEST_LENGTH), banner * IMAGE_DIGEST_LENGTH);
    index.images.set(bytes, start);
    start += bytes.length;
  });
  index.imageStart[images.length] = start;
}
