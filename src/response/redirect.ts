/** Leads to the image of a decision, for an `<img>` on another page. */
import { BannerCache, type CacheEntry, type CacheMemory } from "./cache.js";
import { DECISION_CACHING, DecisionHeaders } from "./cookie.js";
import { requestSeries } from "./counters.js";
import type { Decision, Form, FormSettings } from "./decision.js";
import { shownBanner } from "./image.js";
import { FOR_ALL_SITES, NO_SNIFF, type Reply } from "./reply.js";
import type { Request } from "./request.js";

// A reply without a body would not tell whether it was sent, and could not be held back.
const BODY = Buffer.from("Found.\n");
const TEXT = "Content-Type: text/plain; charset=utf-8";

const SERIES = requestSeries("banner", 302);

interface CachedRedirect extends CacheEntry {
  readonly id: string;
  readonly headers: DecisionHeaders;
}

export class Redirects implements Form {
  readonly #cache: BannerCache<CachedRedirect>;
  readonly #memory: CacheMemory;

  constructor({ catalog, bannerBaseUrl, cookieEnd, memory }: FormSettings) {
    this.#memory = memory;
    this.#cache = new BannerCache((banner) => {
      const { id, imageUrl } = shownBanner(catalog, banner, bannerBaseUrl);
      const headers = new DecisionHeaders(
        ["302 Found", DECISION_CACHING, TEXT, NO_SNIFF, FOR_ALL_SITES, `Location: ${imageUrl}`],
        cookieEnd,
      );
      return { banner, id: String(id), headers, bytes: headers.bytes };
    }, memory);
  }

  respond({ banner, earlier, campaign }: Readonly<Decision>, _: Request, reply: Reply): void {
    const { id, headers } = this.#cache.get(banner);
    const before = headers.bytes;
    reply.series = SERIES;
    reply.headers = headers.for(id, earlier, campaign);
    if (headers.bytes !== before) this.#memory.spend(headers.bytes - before);
    reply.body = BODY;
  }
}
