/** Describes a decision to programs, as JSON. */
import type { Catalog } from "../index/catalog.js";
import { RULES } from "../index/sections.js";
import { BannerCache, type CacheEntry, type CacheMemory } from "./cache.js";
import { DECISION_CACHING, DecisionHeaders } from "./cookie.js";
import { requestSeries } from "./counters.js";
import { shownBanner } from "./image.js";
import { FOR_ALL_SITES, NO_SNIFF, type Reply } from "./reply.js";

/** The member in which a program without cookies gets what to remember, and the parameter in which it sends it back. */
export const MEMORY = "last";

/** The rule did not choose this banner. */
const EXPLORED = ',"explored":true';

const SERIES = requestSeries("banner.json", 200);

/** Of an entry of the cache, without the characters of its texts. */
const ENTRY_BYTES = 250;

interface CachedJson extends CacheEntry {
  readonly id: string;
  readonly beforePeriod: string;
  /** Those that are known, each with a comma before it. */
  readonly afterGeneration: string;
}

export class JsonDecisions {
  readonly #catalog: Catalog;
  readonly #generation: string;
  readonly #headers: DecisionHeaders;
  readonly #cache: BannerCache<CachedJson>;
  readonly #remembers: boolean;

  constructor(
    catalog: Catalog,
    bannerBaseUrl: string,
    cookieEnd: string | undefined,
    memory: CacheMemory,
    remembers: boolean,
  ) {
    this.#catalog = catalog;
    this.#generation = catalog.index.generation;
    this.#headers = new DecisionHeaders(
      ["200 OK", DECISION_CACHING, "Content-Type: application/json", NO_SNIFF, FOR_ALL_SITES],
      cookieEnd,
    );
    this.#cache = new BannerCache((banner) => cachedJson(catalog, banner, bannerBaseUrl), memory);
    this.#remembers = remembers;
  }

  respond(
    banner: number,
    earlier: string,
    campaign: string,
    period: number,
    cell: number,
    isExplored: boolean,
    reply: Reply,
  ): void {
    const { id, beforePeriod, afterGeneration } = this.#cache.get(banner);
    const memory = this.#remembers ? `,"${MEMORY}":"${id}${earlier}"` : "";
    const explored = isExplored ? EXPLORED : "";
    const rule = RULES[this.#catalog.cells.ruleOf(cell)]!;
    reply.series = SERIES;
    reply.headers = this.#headers.for(id, earlier, campaign);
    reply.body =
      `{"campaign":${campaign},${beforePeriod},"period":${period},` +
      `"generation":"${this.#generation}","rule":"${rule}","x":${this.#catalog.xOf(cell)}${explored}${afterGeneration}${memory}}\n`;
  }
}

function cachedJson(catalog: Catalog, banner: number, bannerBaseUrl: string): CachedJson {
  const { id, imageUrl, width, height, alt, link } = shownBanner(catalog, banner, bannerBaseUrl);
  const known = Object.entries({ width, height, alt, link }).filter(([, value]) => value !== 0 && value !== "");
  const beforePeriod = JSON.stringify({ banner: id, image: imageUrl }).slice(1, -1);
  const afterGeneration = known.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join("");
  // A character takes two bytes in texts beyond Latin-1.
  const bytes = 2 * (beforePeriod.length + afterGeneration.length) + ENTRY_BYTES;
  return { banner, id: String(id), beforePeriod, afterGeneration, bytes };
}
