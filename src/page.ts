/** A decision for people: the page that shows one banner. */
import { createHash } from "node:crypto";
import { readId } from "./read-id.js";

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

const STYLE =
  ":root{color-scheme:light dark}" +
  "body{margin:0;min-height:100vh;display:grid;place-items:center}" +
  "img{max-width:100%;height:auto}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * The page's Content-Security-Policy: its own image and its own style, and nothing else. It does not say who may embed the page, which
 * sites do with banners.
 */
export function pagePolicy(bannerBaseUrl: string): string {
  return `default-src 'none'; img-src ${imageSource(bannerBaseUrl)}; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
}

function imageSource(bannerBaseUrl: string): string {
  if (bannerBaseUrl.startsWith("/")) return "'self'";
  const { origin, pathname } = new URL(bannerBaseUrl);
  // These two end a source and a policy.
  return origin + pathname.replaceAll(";", "%3B").replaceAll(",", "%2C");
}

/** The HTML of a banner's page; it needs nothing but the image. */
export function page(banner: number, imageUrl: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>Banner ${banner}</title><style>${STYLE}</style></head>` +
    `<body><main><img src="${escapeHtml(imageUrl)}" alt="Banner ${banner}"></main></body></html>\n`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
