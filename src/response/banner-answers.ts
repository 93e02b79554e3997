/** A banner to the answers that show it: its page, the way to its image, its description for programs, and its image. */
import type { Catalog } from "../index/catalog.js";
import { requestSeries } from "./counters.js";
import { DecisionHead } from "./decision-head.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES } from "../index/sections.js";
import { imageName, pageEnd, pagePolicy, type ShownBanner } from "./page.js";
import { cachedAnswer, NO_SNIFFING, type CachedAnswer } from "./ready-answer.js";

/** How decisions are answered. */
export interface DecisionSettings {
  /** What an image's name is put behind to make its address; ends with a slash. */
  readonly bannerBaseUrl: string;
  /** See `DecisionHead`. */
  readonly cookieEnd: string | undefined;
}

/** What a banner's page has of its own. */
export interface BannerPage {
  readonly banner: number;
  /** In decimal. */
  readonly id: string;
  /** See `pageEnd`. */
  readonly end: Uint8Array;
}

export interface Redirection {
  readonly banner: number;
  /** In decimal. */
  readonly id: string;
  readonly head: DecisionHead;
}

/** A decision as JSON, without what depends on the moment. */
export interface BannerJson {
  readonly banner: number;
  /** In decimal. */
  readonly id: string;
  /** Its members from `banner` on. */
  readonly beforePeriod: string;
  /** Those that are known, each with a comma before it. */
  readonly afterGeneration: string;
}

export interface ImageAnswers {
  readonly banner: number;
  readonly name: string;
  /** The query of the image's address in the page. */
  readonly version: string;
  /** By an address without the version, at which another image may be found after the next reload. */
  readonly plain: CachedAnswer;
  /** By the address with it, at which there is never another. */
  readonly versioned: CachedAnswer;
}

const DECISION_CACHING = "private, no-store";
const IMAGE_CACHING = "public, max-age=3600";
// A year, the most that means anything to caches.
const VERSIONED_CACHING = "public, max-age=31536000, immutable";

const HTML = "Content-Type: text/html; charset=utf-8";
const JSON_TYPE = "Content-Type: application/json";
// To another site, the origin at most; so do browsers of themselves, but not all and not always.
const REFERRER_POLICY = "Referrer-Policy: strict-origin-when-cross-origin";
// An SVG that is opened by itself is a document of this site: it may draw, and not run anything.
const SVG_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox";

const IMAGE_SERIES = requestSeries("image", 200);
const UNMODIFIED_SERIES = requestSeries("image", 304);

/** Of all pages. */
export function pageHead({ bannerBaseUrl, cookieEnd }: DecisionSettings): DecisionHead {
  const policy = `Content-Security-Policy: ${pagePolicy(bannerBaseUrl)}`;
  return new DecisionHead(["200 OK", DECISION_CACHING, HTML, policy, NO_SNIFFING, REFERRER_POLICY], cookieEnd);
}

/** The pages of an index, for people. */
export function pagesOf(catalog: Catalog, settings: DecisionSettings): (banner: number) => BannerPage {
  return (banner) => {
    const shown = shownBanner(catalog, banner, settings);
    return { banner, id: String(shown.id), end: Buffer.from(pageEnd(shown)) };
  };
}

/** The ways to the images of an index, for an `<img>` on another page. */
export function redirectionsOf(catalog: Catalog, settings: DecisionSettings): (banner: number) => Redirection {
  return (banner) => {
    const { id, imageUrl } = shownBanner(catalog, banner, settings);
    const head = new DecisionHead(["302 Found", DECISION_CACHING, `Location: ${imageUrl}`], settings.cookieEnd);
    return { banner, id: String(id), head };
  };
}

/** Of all that is answered as JSON. */
export function jsonHead({ cookieEnd }: DecisionSettings): DecisionHead {
  return new DecisionHead(["200 OK", DECISION_CACHING, JSON_TYPE, NO_SNIFFING], cookieEnd);
}

/** The banners of an index, for programs. */
export function bannerJsonOf(catalog: Catalog, settings: DecisionSettings): (banner: number) => BannerJson {
  return (banner) => {
    const shown = shownBanner(catalog, banner, settings);
    const { id, imageUrl, width, height, alt, link } = shown;
    const known = Object.entries({ width, height, alt, link }).filter(([, value]) => value !== 0 && value !== "");
    return {
      banner,
      id: String(id),
      beforePeriod: JSON.stringify({ banner: id, image: imageUrl }).slice(1, -1),
      afterGeneration: known.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join(""),
    };
  };
}

export function shownBanner(
  catalog: Catalog,
  banner: number,
  { bannerBaseUrl }: Pick<DecisionSettings, "bannerBaseUrl">,
): ShownBanner {
  const { bannerIds, imageWidth, imageHeight } = catalog.index;
  // One of the two alone would have browsers draw the image out of shape.
  const isSized = imageWidth[banner]! > 0 && imageHeight[banner]! > 0;
  return {
    id: bannerIds[banner]!,
    imageUrl: `${bannerBaseUrl}${nameOf(catalog, banner)}?${versionOf(catalog.imageDigestOf(banner))}`,
    width: isSized ? imageWidth[banner]! : 0,
    height: isSized ? imageHeight[banner]! : 0,
    alt: catalog.altOf(banner),
    link: catalog.linkOf(banner),
  };
}

/** The images of an index. */
export function imagesOf(catalog: Catalog): (banner: number) => ImageAnswers {
  return (banner) => {
    const digest = catalog.imageDigestOf(banner);
    const image = { body: catalog.imageOf(banner), etag: `"${digest}"`, lines: imageLines(catalog, banner) };
    return {
      banner,
      name: nameOf(catalog, banner),
      version: versionOf(digest),
      plain: cachedAnswer({ ...image, caching: IMAGE_CACHING, series: IMAGE_SERIES, unmodified: UNMODIFIED_SERIES }),
      versioned: cachedAnswer({
        ...image,
        caching: VERSIONED_CACHING,
        series: IMAGE_SERIES,
        unmodified: UNMODIFIED_SERIES,
      }),
    };
  };
}

function imageLines({ index }: Catalog, banner: number): readonly string[] {
  const type = IMAGE_TYPES[index.imageType[banner]!]!;
  return [`Content-Type: ${MEDIA_TYPES[type]}`, NO_SNIFFING, ...(type === "svg" ? [SVG_POLICY] : [])];
}

function nameOf({ index }: Catalog, banner: number): string {
  return imageName(index.bannerIds[banner]!, IMAGE_EXTENSIONS[index.imageExtension[banner]!]!);
}

function versionOf(digest: string): string {
  return `v=${digest}`;
}
