/** Holds the replies that are the same for every index and visitor: the home page, the embed script, 404 and 405. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requestSeries, ROUTES, type Route } from "./counters.js";
import { FRAME_STYLE, NO_ICON, pageStart } from "./page.js";
import { cacheableReply, FOR_ALL_SITES, headerBlock, NO_SNIFF, type CacheableReply, type ReadyReply } from "./reply.js";

const ONE_HOUR = "public, max-age=3600";
// What is unknown now may be there after the next reload, or in the next period.
const NOT_CACHED = "no-store";
const TEXT = "Content-Type: text/plain; charset=utf-8";

const HOME_STYLE =
  ":root{color-scheme:light dark;background:Canvas;color:CanvasText;font:1rem/1.6 system-ui,sans-serif}" +
  "body{max-width:34rem;margin:15vh auto;padding:0 1.5rem}" +
  "h1{font-size:1.5rem}code{overflow-wrap:anywhere}";

// What is round the page in its frame may be dark: the text has a ground of its own.
const NOT_FOUND_STYLE =
  FRAME_STYLE +
  "main{padding:.25rem .75rem;background:Canvas;color:CanvasText;font:.875rem/1.4 system-ui,sans-serif}" +
  "h1,p{margin:0;font-size:1em}";

const HTML = "Content-Type: text/html; charset=utf-8";

/** The page at `/`. It names no campaign: whoever may know of one has its address. */
export const HOME: ReadyReply = {
  series: requestSeries("home", 200),
  headers: headerBlock("200 OK", ONE_HOUR, HTML, policyOf(HOME_STYLE), NO_SNIFF),
  body: Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
      `<meta name="viewport" content="width=device-width,initial-scale=1">` +
      `${NO_ICON}<title>Billboard</title><style>${HOME_STYLE}</style></head>` +
      `<body><main><h1>Billboard</h1>` +
      `<p>This server shows advertising banners. Each campaign has a page of its own, which shows one of its banners:</p>` +
      `<p><code>/campaigns/<var>number</var>/</code></p></main></body></html>\n`,
  ),
};

/** Read when the thread starts, so that a reload needs no file but the index. */
export const EMBED_SCRIPT = embedScript(readFileSync(join(import.meta.dirname, "../../embed/embed.js")));

export const NOT_FOUND = notFound("other", "Not found.\n");
export const IMAGE_NOT_FOUND = notFound("image", "Not found.\n");
/** At an address of no click; of a banner that there is not, `Clicks` says so. */
export const CLICK_NOT_FOUND = notFound("click", "Not found.\n");
export const CAMPAIGN_NOT_FOUND = {
  banner: notFound("banner", "Campaign not found.\n"),
  "banner.json": notFound("banner.json", "Campaign not found.\n"),
} as const satisfies Partial<Record<Route, ReadyReply>>;
/** Where a person may see it. */
export const CAMPAIGN_NOT_FOUND_PAGE = { framed: campaignNotFound(true), alone: campaignNotFound(false) };

export const METHOD_NOT_ALLOWED = Object.fromEntries(
  Object.keys(ROUTES).map((route) => [route, methodNotAllowed(route as Route)]),
) as Readonly<Record<Route, ReadyReply>>;

function embedScript(body: Uint8Array): CacheableReply {
  const lines = ["Content-Type: text/javascript; charset=utf-8", NO_SNIFF];
  const series = {
    full: requestSeries("embed.js", 200),
    notModified: requestSeries("embed.js", 304),
  };
  return cacheableReply(body, `"${digest(body, "hex")}"`, ONE_HOUR, lines, series, [FOR_ALL_SITES]);
}

function campaignNotFound(isFramed: boolean): ReadyReply {
  const lines = [HTML, policyOf(NOT_FOUND_STYLE), NO_SNIFF, FOR_ALL_SITES];
  return {
    series: requestSeries("campaign", 404),
    headers: headerBlock("404 Not Found", NOT_CACHED, ...lines),
    body: Buffer.from(
      `${pageStart(isFramed, NOT_FOUND_STYLE)}<title>Campaign not found</title></head><body><main>` +
        `<h1>Campaign not found.</h1><p>It does not exist, or has no banner at this time of the hour.</p></main></body></html>\n`,
    ),
  };
}

function notFound(route: Route, body: string): ReadyReply {
  const headers = headerBlock("404 Not Found", NOT_CACHED, TEXT, NO_SNIFF, FOR_ALL_SITES);
  return { series: requestSeries(route, 404), headers, body: Buffer.from(body) };
}

function methodNotAllowed(route: Route): ReadyReply {
  return {
    series: requestSeries(route, 405),
    headers: headerBlock("405 Method Not Allowed", NOT_CACHED, TEXT, NO_SNIFF, "Allow: GET, HEAD"),
    body: Buffer.from("Only GET and HEAD are allowed.\n"),
  };
}

/** Of a page without images. */
function policyOf(style: string): string {
  const source = `'sha256-${digest(style, "base64")}'`;
  return `Content-Security-Policy: default-src 'none'; img-src data:; style-src ${source}; base-uri 'none'; form-action 'none'`;
}

function digest(text: string | Uint8Array, encoding: "base64" | "hex"): string {
  return createHash("sha256").update(text).digest(encoding);
}
