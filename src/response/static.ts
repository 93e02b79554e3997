/** The answers that are the same for every index and every visitor: what this server is, and the script that puts banners on other sites. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requestSeries } from "./counters.js";
import { NO_ICON } from "./page.js";
import { cachedAnswer, headOf, NO_SNIFFING, type Answer, type CachedAnswer } from "./ready-answer.js";

/** Seen from dist/src/. */
const EMBED_SCRIPT = join(import.meta.dirname, "../browser/embed.js");

const HOUR_OF_CACHING = "public, max-age=3600";

const HOME_STYLE =
  ":root{color-scheme:light dark;background:Canvas;color:CanvasText;font:1rem/1.6 system-ui,sans-serif}" +
  "body{max-width:34rem;margin:15vh auto;padding:0 1.5rem}" +
  "h1{font-size:1.5rem}code{overflow-wrap:anywhere}";

const HOME =
  `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width,initial-scale=1">` +
  `${NO_ICON}<title>Billboard</title><style>${HOME_STYLE}</style></head>` +
  `<body><main><h1>Billboard</h1>` +
  `<p>This server shows advertising banners. Each campaign has a page of its own, which shows one of its banners:</p>` +
  `<p><code>/campaigns/<var>number</var>/</code></p></main></body></html>\n`;

/** The page at `/`. It names no campaign: who may know of one has its address. */
export const HOME_ANSWER: Answer = {
  series: requestSeries("home", 200),
  head: headOf(
    "200 OK",
    HOUR_OF_CACHING,
    "Content-Type: text/html; charset=utf-8",
    `Content-Security-Policy: default-src 'none'; img-src data:; style-src 'sha256-${digest(HOME_STYLE, "base64")}'; base-uri 'none'; form-action 'none'`,
    NO_SNIFFING,
  ),
  body: Buffer.from(HOME),
};

/** @throws Error where the script is not beside this file, since it was not compiled */
export function embedAnswer(): CachedAnswer {
  const body = readFileSync(EMBED_SCRIPT);
  return cachedAnswer({
    body,
    etag: `"${digest(body, "hex")}"`,
    caching: HOUR_OF_CACHING,
    lines: ["Content-Type: text/javascript; charset=utf-8", NO_SNIFFING],
    series: requestSeries("embed.js", 200),
    unmodified: requestSeries("embed.js", 304),
  });
}

function digest(text: string | Uint8Array, encoding: "base64" | "hex"): string {
  return createHash("sha256").update(text).digest(encoding);
}
