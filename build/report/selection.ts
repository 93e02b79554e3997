/** Selects the campaigns of the report page: those with the most revenue, as many as it has room for. */
import { NONE, type Catalog } from "../../src/index/catalog.js";
import { RevenueSums } from "../../src/index/revenue-sums.js";
import { IMAGE_TYPES, MEDIA_TYPES } from "../../src/index/sections.js";
import type { IndexChange } from "../../src/view/change/index-change.js";
import { packBanner, packCampaign } from "./pack.js";
import type { PackedBanner } from "./packed.js";
import type { LeftOut } from "./page-data.js";

/** Characters are of what is packed, without images: browsers open it in one to two seconds. */
const LIMITS = { characters: 8_000_000, campaigns: 20_000 };

/** Of one image, and of all together, before Base64. */
const MAX_IMAGE_BYTES = 64 * 1024;
const MAX_IMAGES_BYTES = 24 * 1024 * 1024;

/** A banner of a cell takes no fewer characters. */
const LEAST_OF_ENTRY = 10;

export interface Selection {
  /** JSON of `PackedCampaign[]`, by id. */
  readonly campaigns: string;
  /** Of these campaigns, by id. */
  readonly banners: readonly PackedBanner[];
  /** Ids of those that differ from the index before. */
  readonly changed: readonly number[];
  /** Addresses. */
  readonly images: readonly string[];
  readonly leftOut: LeftOut;
}

export function selectCampaigns(catalog: Catalog, change: IndexChange, limits = LIMITS): Selection {
  const { campaignIds, bannerIds, counts } = catalog.index;
  const campaigns = new Map<number, string>();
  /** Indexes in `bannerIds`, in order of the revenue of the first campaign that has each. */
  const banners = new Set<number>();
  let room = limits.characters;
  for (const at of mostRevenue(catalog, limits.campaigns)) {
    const campaign = campaignIds[at]!;
    const entries = cellsOf(catalog, campaign).reduce((sum, cell) => sum + catalog.cells.sizeOf(cell), 0);
    // Others behind it may have room.
    if (entries * LEAST_OF_ENTRY > room) continue;
    const added = new Set<number>();
    const text = JSON.stringify(packCampaign(catalog, campaign, change, (banner) => added.add(banner)));
    const texts = [...added].filter((banner) => !banners.has(banner)).map((banner) => packBanner(catalog, banner, -1));
    const size = text.length + JSON.stringify(texts).length;
    if (size > room) continue;
    room -= size;
    campaigns.set(campaign, text);
    for (const banner of added) banners.add(banner);
  }
  const { images, placeOf, leftOut } = imagesOf(catalog, banners);
  const ids = [...campaigns.keys()].sort((a, b) => a - b);
  return {
    campaigns: `[${ids.map((campaign) => campaigns.get(campaign)!).join(",\n")}]`,
    banners: [...banners]
      .sort((a, b) => bannerIds[a]! - bannerIds[b]!)
      .map((banner) => packBanner(catalog, banner, placeOf.get(catalog.imageDigestOf(banner)) ?? -1)),
    changed: ids.filter((campaign) => change.isChanged(campaign)),
    images,
    leftOut: { campaigns: counts.campaigns - ids.length, images: leftOut },
  };
}

function cellsOf({ index, cells }: Catalog, campaign: number): number[] {
  const all = Array.from({ length: index.counts.periods }, (_, at) => cells.find(campaign, at + 1));
  return all.filter((cell) => cell !== NONE);
}

/** Indexes in `campaignIds`, by revenue. */
function mostRevenue(catalog: Catalog, count: number): number[] {
  const { campaignIds, counts } = catalog.index;
  const sums = new RevenueSums(counts.campaigns, catalog.index);
  campaignIds.forEach((campaign, at) => {
    for (const cell of cellsOf(catalog, campaign))
      for (let entry = catalog.cells.startOf(cell); entry < catalog.cells.endOf(cell); entry++) sums.add(at, entry);
  });
  return sums.greatest(count);
}

/**
 * As `data:` addresses, each once, within bounds; their places are by digest.
 *
 * @param banners indexes in `bannerIds`, of which the first have precedence
 */
function imagesOf(catalog: Catalog, banners: Iterable<number>) {
  const images: string[] = [];
  const placeOf = new Map<string, number>();
  let [total, leftOut] = [0, 0];
  for (const banner of banners) {
    const bytes = catalog.imageOf(banner);
    const digest = catalog.imageDigestOf(banner);
    if (placeOf.has(digest)) continue;
    if (bytes.length > MAX_IMAGE_BYTES || total + bytes.length > MAX_IMAGES_BYTES) leftOut++;
    else {
      total += bytes.length;
      const type = MEDIA_TYPES[IMAGE_TYPES[catalog.index.imageType[banner]!]!];
      const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
      placeOf.set(digest, images.push(`data:${type};base64,${base64}`) - 1);
    }
  }
  return { images, placeOf, leftOut };
}
