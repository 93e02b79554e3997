/** A banner to the answers that show it: its page and its image. */
import type { Catalog } from "./catalog.js";
import { cookieStart } from "./cookie.js";
import { requestSeries } from "./counters.js";
import { IMAGE_DIGEST_LENGTH, IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES } from "./index-sections.js";
import { imageName, page, pagePolicy } from "./page.js";
import { lines, NO_SNIFFING, type Answer } from "./ready-answer.js";

export interface PageAnswer {
  readonly banner: number;
  /** What follows its header lines depends on the campaign, unless there are no cookies. */
  readonly answer: Answer;
}

/** How an image may be cached, and the answers that say so. */
interface CachedImage {
  readonly whole: Answer;
  /** For a client that has it. */
  readonly unmodified: Answer;
}

export interface ImageAnswers {
  readonly banner: number;
  readonly name: string;
  readonly etag: string;
  /** The query of the image's address in the page. */
  readonly version: string;
  /** By an address without the version, at which another image may be found after the next reload. */
  readonly plain: CachedImage;
  /** By the address with it, at which there is never another. */
  readonly versioned: CachedImage;
}

const DECISION_CACHING = "private, no-store";
const IMAGE_CACHING = "public, max-age=3600";
// A year, the most that means anything to caches.
const VERSIONED_CACHING = "public, max-age=31536000, immutable";

const HTML = "Content-Type: text/html; charset=utf-8";
// To another site, the origin at most; so do browsers of themselves, but not all and not always.
const REFERRER_POLICY = "Referrer-Policy: strict-origin-when-cross-origin";
// An SVG that is opened by itself is a document of this site: it may draw, and not run anything.
const SVG_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox";

const PAGE_SERIES = requestSeries("campaign", 200);
const IMAGE_SERIES = requestSeries("image", 200);
const UNMODIFIED_SERIES = requestSeries("image", 304);

/**
 * The pages of an index.
 * @param bannerBaseUrl what an image's name is put behind to make its address; ends with a slash
 */
export function pagesOf(catalog: Catalog, bannerBaseUrl: string, setsCookie: boolean): (banner: number) => PageAnswer {
  const policy = `Content-Security-Policy: ${pagePolicy(bannerBaseUrl)}`;
  const headerLines = lines(DECISION_CACHING, HTML, policy, NO_SNIFFING, REFERRER_POLICY);
  return (banner) => {
    const id = catalog.index.bannerIds[banner]!;
    const imageUrl = `${bannerBaseUrl}${nameOf(catalog, banner)}?${versionOf(digestOf(catalog, banner))}`;
    return {
      banner,
      answer: {
        status: "200 OK",
        series: PAGE_SERIES,
        headerLines: setsCookie ? lines(headerLines, `Set-Cookie: ${cookieStart(id)}`) : headerLines,
        body: page(id, imageUrl),
      },
    };
  };
}

/** The images of an index. */
export function imagesOf(catalog: Catalog): (banner: number) => ImageAnswers {
  return (banner) => {
    const digest = digestOf(catalog, banner);
    const etag = `"${digest}"`;
    return {
      banner,
      name: nameOf(catalog, banner),
      etag,
      version: versionOf(digest),
      plain: cachedImage(catalog, banner, etag, IMAGE_CACHING),
      versioned: cachedImage(catalog, banner, etag, VERSIONED_CACHING),
    };
  };
}

function cachedImage(catalog: Catalog, banner: number, etag: string, caching: string): CachedImage {
  const type = IMAGE_TYPES[catalog.index.imageType[banner]!]!;
  // What a 304 must repeat, and all that it may (RFC 9110, section 15.4.5).
  const repeated = lines(caching, `ETag: ${etag}`);
  const policy = type === "svg" ? [SVG_POLICY] : [];
  return {
    whole: {
      status: "200 OK",
      series: IMAGE_SERIES,
      headerLines: lines(repeated, `Content-Type: ${MEDIA_TYPES[type]}`, NO_SNIFFING, ...policy),
      body: catalog.imageOf(banner),
    },
    unmodified: { status: "304 Not Modified", series: UNMODIFIED_SERIES, headerLines: repeated, body: "" },
  };
}

function nameOf({ index }: Catalog, banner: number): string {
  return imageName(index.bannerIds[banner]!, IMAGE_EXTENSIONS[index.imageExtension[banner]!]!);
}

/** Of an image's content, in hexadecimal. */
function digestOf({ index }: Catalog, banner: number): string {
  const { buffer, byteOffset } = index.imageDigest;
  return Buffer.from(buffer, byteOffset + banner * IMAGE_DIGEST_LENGTH, IMAGE_DIGEST_LENGTH).toString("hex");
}

function versionOf(digest: string): string {
  return `v=${digest}`;
}
