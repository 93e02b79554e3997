/** Serves a banner's image, and says what its address and its size are. */
import type { Catalog } from "../index/catalog.js";
import { readId } from "../index/ids.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES } from "../index/sections.js";
import type { CacheEntry } from "./cache.js";
import { requestSeries } from "./counters.js";
import { cacheableReply, NO_SNIFF, type CacheableReply } from "./reply.js";

export const BANNER_PATH = "/campaigns/banners/";

const PREFIX = "image_";

const ONE_HOUR = "public, max-age=3600";
// A year, the most that means anything to caches.
const FOREVER = "public, max-age=31536000, immutable";

// An SVG that is opened by itself is a document of this site: it may draw, and not run anything.
const SVG_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox";

const SERIES = { full: requestSeries("image", 200), notModified: requestSeries("image", 304) };

export interface ShownBanner {
  readonly id: number;
  readonly imageUrl: string;
  /** In pixels; both 0 where they are not both known. */
  readonly width: number;
  readonly height: number;
  /** "" where there is none. */
  readonly alt: string;
  /** "" where there is none. */
  readonly link: string;
}

export interface ImageReplies extends CacheEntry {
  readonly name: string;
  readonly version: string;
  /** Without the version in the address, the next reload may put another image there. */
  readonly plain: CacheableReply;
  readonly versioned: CacheableReply;
}

/** The banner id in the last part of an image's address, or 0 where it has another form. */
export function readImageName(name: string): number {
  return readId(name, PREFIX.length, name.indexOf("."));
}

export function shownBanner(catalog: Catalog, banner: number, baseUrl: string): ShownBanner {
  const { bannerIds, imageWidth, imageHeight } = catalog.index;
  // One of the two alone would have browsers draw the image out of shape.
  const isSized = imageWidth[banner]! > 0 && imageHeight[banner]! > 0;
  return {
    id: bannerIds[banner]!,
    imageUrl: `${baseUrl}${nameOf(catalog, banner)}?${versionOf(catalog, banner)}`,
    width: isSized ? imageWidth[banner]! : 0,
    height: isSized ? imageHeight[banner]! : 0,
    alt: catalog.altOf(banner),
    link: catalog.linkOf(banner),
  };
}

export function imageReplies(catalog: Catalog, banner: number): ImageReplies {
  const type = IMAGE_TYPES[catalog.index.imageType[banner]!]!;
  const lines = [`Content-Type: ${MEDIA_TYPES[type]}`, NO_SNIFF, ...(type === "svg" ? [SVG_POLICY] : [])];
  const etag = `"${catalog.imageDigestOf(banner)}"`;
  const reply = (cacheControl: string): CacheableReply =>
    cacheableReply(catalog.imageOf(banner), etag, cacheControl, lines, SERIES);
  return {
    banner,
    name: nameOf(catalog, banner),
    version: versionOf(catalog, banner),
    plain: reply(ONE_HOUR),
    versioned: reply(FOREVER),
    // A constant, since no text of the banner's is in it.
    bytes: 2000,
  };
}

function nameOf({ index }: Catalog, banner: number): string {
  return `${PREFIX}${index.bannerIds[banner]!}.${IMAGE_EXTENSIONS[index.imageExtension[banner]!]!}`;
}

function versionOf(catalog: Catalog, banner: number): string {
  return `v=${catalog.imageDigestOf(banner)}`;
}
