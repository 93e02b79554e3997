/** A decision for people: the page that shows one banner. */
import { createHash } from "node:crypto";
import { escapeHtml } from "./html.js";
import { readId } from "../index/ids.js";

/** Where the server itself has the images; BANNER_BASE_URL may name another place. */
export const BANNER_PATH = "/campaigns/banners/";

const IMAGE_PREFIX = "image_";

/** The last part of an image's address. */
export function imageName(banner: number, extension: string): string {
  return `${IMAGE_PREFIX}${banner}.${extension}`;
}

/** The banner id that a name of this form has, or 0; whether there is such an image, it does not say. */
export function readImageName(name: string): number {
  return readId(name, IMAGE_PREFIX.length, name.indexOf("."));
}

// A banner that is transparent in places was drawn for light pages. The heading is there for those who go through a page by its headings.
const STYLE =
  ":root{color-scheme:light dark}" +
  "body{margin:0;min-height:100vh;min-height:100svh;display:grid;place-items:center}" +
  "h1{margin:0;font-size:1rem}" +
  "img{display:block;max-width:100%;height:auto;background:#fff;color:#000}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** An icon of nothing: else browsers ask for /favicon.ico, which is not there, and tell of an error in the console. */
export const NO_ICON = `<link rel="icon" href="data:,">`;

/**
 * The page's Content-Security-Policy: its own image, its own style and its empty icon, and nothing else. It does not say who may embed
 * the page, which sites do with banners.
 */
export function pagePolicy(bannerBaseUrl: string): string {
  return `default-src 'none'; img-src ${imageSource(bannerBaseUrl)} data:; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
}

function imageSource(bannerBaseUrl: string): string {
  if (bannerBaseUrl.startsWith("/")) return "'self'";
  const { origin, pathname } = new URL(bannerBaseUrl);
  // These two end a source and a policy.
  return origin + pathname.replaceAll(";", "%3B").replaceAll(",", "%2C");
}

/** What a page, or a program, needs to know of a banner to show it. */
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

/** What the HTML of all pages begins with. */
export const PAGE_START =
  `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width,initial-scale=1">${NO_ICON}<style>${STYLE}</style>`;

/** What follows on a banner's page; it needs nothing but the image. */
export function pageEnd(banner: ShownBanner): string {
  const { id, imageUrl, width, height, link } = banner;
  const alt = escapeHtml(banner.alt || `Banner ${id}`);
  // With its size, a browser keeps room for the image before it is there.
  const size = width > 0 ? ` width="${width}" height="${height}"` : "";
  const image = `<img src="${escapeHtml(imageUrl)}" alt="${alt}"${size}>`;
  // In a tab of its own: in the frame of a site that embeds the page there may be no room for another.
  const shown =
    link === "" ? image : `<a href="${escapeHtml(link)}" target="_blank" rel="sponsored noopener">${image}</a>`;
  return `<title>${alt}</title></head><body><main><h1>${shown}</h1></main></body></html>\n`;
}
