/** Serves a banner's image, and says what its address and its size are. */
import type { Catalog } from "../index/catalog.js";
import { readId } from "../index/ids.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES } from "../index/sections.js";
import type { CacheEntry } from "./cache.js";
import { requestSeries } from "./counters.js";
import { cacheableReply, FOR_ALL_SITES, NO_SNIFF, type CacheableReply } from "./reply.js";

export const BANNER_PATH = "/campaigns/banners/";

const PREFIX = "image_";

const ONE_HOUR = "public, max-age=3600";
// A year, the most that means anything to caches.
const FOREVER = "public, max-age=31536000, immutable";
// The address names another content than this: kept under it, this would be the wrong image for as long.
const NOT_UNASKED = "public, no-cache";
const SOME_VERSION = /(?:^|&)v=[0-9a-f]{32}(?:&|$)/;

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
  /** With another version in the address, of which another replica may have the image. */
  readonly otherVersion: CacheableReply;
}

/** The banner id in the last part of an image's address, or 0 where it has another form. */
export function readImageName(name: string): number {
  return readId(name, PREFIX.length, name.indexOf("."));
}

/** What answers an address with this query. */
export function replyFor(image: ImageReplies, query: string): CacheableReply {
  if (hasParameter(query, image.version)) return image.versioned;
  return SOME_VERSION.test(query) ? image.otherVersion : image.plain;
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
    cacheableReply(catalog.imageOf(banner), etag, cacheControl, lines, SERIES, [FOR_ALL_SITES]);
  return {
    banner,
    name: nameOf(catalog, banner),
    version: versionOf(catalog, banner),
    plain: reply(ONE_HOUR),
    versioned: reply(FOREVER),
    otherVersion: reply(NOT_UNASKED),
    // A constant, since no text of the banner's is in it.
    bytes: 3000,
  };
}

function nameOf({ index }: Catalog, banner: number): string {
  return `${PREFIX}${index.bannerIds[banner]!}.${IMAGE_EXTENSIONS[index.imageExtension[banner]!]!}`;
}

function versionOf(catalog: Catalog, banner: number): string {
  return `v=${catalog.imageDigestOf(banner)}`;
}

/** @param parameter name and value as they stand in the query: neither needs an escape */
function hasParameter(query: string, parameter: string): boolean {
  return query === parameter || `&${query}&`.includes(`&${parameter}&`);
}
