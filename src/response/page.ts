/** Shows a decision to people: the page with one banner. */
import { createHash } from "node:crypto";
import { BannerCache, type CacheEntry } from "./cache.js";
import { DECISION_CACHING, DecisionHeaders } from "./cookie.js";
import { requestSeries } from "./counters.js";
import type { Decision, Form, FormSettings } from "./decision.js";
import { escapeHtml } from "./html.js";
import { shownBanner, type ShownBanner } from "./image.js";
import { FOR_ALL_SITES, NO_SNIFF, type Reply } from "./reply.js";
import type { Request } from "./request.js";

/** A longer page has bytes of its own, since the server may need them beyond the next request. */
export const MAX_SHARED_PAGE = 16_384;

/** An empty icon: else browsers ask for /favicon.ico and log its 404. */
export const NO_ICON = `<link rel="icon" href="data:,">`;

// A frame is opaque where its scheme is another than that of the page round it, which is light unless that says more.
export const FRAME_STYLE =
  ":root{color-scheme:light}" +
  ".alone{color-scheme:light dark}" +
  "body{margin:0;min-height:100vh;min-height:100svh;display:grid;place-items:center}";

// Transparent banners are drawn for light pages. The heading serves those who go through a page by headings.
const STYLE =
  FRAME_STYLE +
  "h1{margin:0;font-size:1rem}" +
  "img{display:block;max-width:100%;height:auto;background:#fff;color:#000}";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** `isFramed`: else it has a tab of its own, and follows the visitor's choice of light or dark. */
export function pageStart(isFramed: boolean, style = STYLE): string {
  return (
    `<!doctype html><html lang="en"${isFramed ? "" : ` class="alone"`}><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">${NO_ICON}<style>${style}</style>`
  );
}

/** Whether a browser says that it wants the page for a tab of its own (Fetch Metadata Request Headers). */
export function isAlone(request: Pick<Request, "getHeader">): boolean {
  return request.getHeader("sec-fetch-dest") === "document";
}

// Browsers do so of themselves, but not all and not always.
const REFERRER_POLICY = "Referrer-Policy: strict-origin-when-cross-origin";

export const PAGE_SERIES = requestSeries("campaign", 200);

const ENTRY_BYTES = 250;

interface CachedPage extends CacheEntry {
  readonly id: string;
  readonly end: Uint8Array;
}

export class Pages implements Form {
  readonly #headers: DecisionHeaders;
  readonly #cache: BannerCache<CachedPage>;
  readonly #framed = new PageBuffer(pageStart(true));
  readonly #alone = new PageBuffer(pageStart(false));

  constructor({ catalog, bannerBaseUrl, cookieEnd, memory }: FormSettings) {
    this.#headers = pageHeaders(bannerBaseUrl, cookieEnd);
    this.#cache = new BannerCache((banner) => {
      const shown = shownBanner(catalog, banner, bannerBaseUrl);
      const end = Buffer.from(pageEnd(shown));
      // A third of a block may be left over behind the buffers in it.
      return { banner, id: String(shown.id), end, bytes: Math.ceil(1.5 * end.length) + ENTRY_BYTES };
    }, memory);
  }

  respond({ banner, earlier, campaign }: Readonly<Decision>, request: Request, reply: Reply): void {
    const { id, end } = this.#cache.get(banner);
    reply.series = PAGE_SERIES;
    reply.headers = this.#headers.for(id, earlier, campaign);
    reply.body = (isAlone(request) ? this.#alone : this.#framed).pageWith(end);
  }
}

/** 10,000 pages cached whole outgrow the processor's cache: 1.09 times the time (docs/performance.md). */
export class PageBuffer {
  readonly #start: Uint8Array;
  readonly #bytes = new Uint8Array(MAX_SHARED_PAGE);
  /** By their length; filled, since an array that is mostly gaps is looked up as a hash table. */
  readonly #views = Array<Uint8Array | undefined>(MAX_SHARED_PAGE + 1).fill(undefined);
  readonly #shared = new DataView(this.#bytes.buffer);

  constructor(start: string) {
    this.#start = Buffer.from(start);
    this.#bytes.set(this.#start);
  }

  get startLength(): number {
    return this.#start.length;
  }

  /** Returns the whole page; up to MAX_SHARED_PAGE bytes are valid until the next call. */
  pageWith(end: Uint8Array): Uint8Array {
    const length = this.#start.length + end.length;
    if (length > MAX_SHARED_PAGE) return Buffer.concat([this.#start, end]);
    this.#bytes.set(end, this.#start.length);
    return (this.#views[length] ??= this.#bytes.subarray(0, length));
  }

  /** Of a page that `pageWith` has returned. */
  viewOf(page: Uint8Array): DataView {
    if (page.length <= MAX_SHARED_PAGE) return this.#shared;
    return new DataView(page.buffer, page.byteOffset, page.length);
  }
}

export function pageHeaders(bannerBaseUrl: string, cookieEnd: string | undefined): DecisionHeaders {
  return new DecisionHeaders(
    [
      "200 OK",
      DECISION_CACHING,
      "Content-Type: text/html; charset=utf-8",
      `Content-Security-Policy: ${pagePolicy(bannerBaseUrl)}`,
      NO_SNIFF,
      FOR_ALL_SITES,
      REFERRER_POLICY,
    ],
    cookieEnd,
  );
}

export function pageEnd(banner: ShownBanner): string {
  const { id, imageUrl, width, height, link } = banner;
  const alt = escapeHtml(banner.alt || `Banner ${id}`);
  // With its size, a browser keeps room for the image before it has loaded.
  const size = width > 0 ? ` width="${width}" height="${height}"` : "";
  const image = `<img src="${escapeHtml(imageUrl)}" alt="${alt}"${size}>`;
  // In a tab of its own: in the frame of a site that embeds the page there may be no room for another.
  const shown =
    link === "" ? image : `<a href="${escapeHtml(link)}" target="_blank" rel="sponsored noopener">${image}</a>`;
  return `<title>${alt}</title></head><body><main><h1>${shown}</h1></main></body></html>\n`;
}

/** It does not say who may embed the page, which sites do with banners. */
export function pagePolicy(bannerBaseUrl: string): string {
  return (
    `default-src 'none'; img-src ${imageSource(bannerBaseUrl)} data:; style-src 'sha256-${STYLE_HASH}'; ` +
    "base-uri 'none'; form-action 'none'"
  );
}

function imageSource(bannerBaseUrl: string): string {
  if (bannerBaseUrl.startsWith("/")) return "'self'";
  const { origin, pathname } = new URL(bannerBaseUrl);
  // In a policy, these two characters end a source and a policy.
  return origin + pathname.replaceAll(";", "%3B").replaceAll(",", "%2C");
}
