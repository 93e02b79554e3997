/** Describes a decision to programs, as JSON. */
import type { Catalog } from "../index/catalog.js";
import { RULES } from "../index/sections.js";
import { BannerCache, type CacheEntry } from "./cache.js";
import { DECISION_CACHING, DecisionHeaders } from "./cookie.js";
import { requestSeries } from "./counters.js";
import type { Decision, Form, FormSettings } from "./decision.js";
import { shownBanner } from "./image.js";
import { FOR_ALL_SITES, NO_SNIFF, type Reply } from "./reply.js";
import type { Request } from "./request.js";

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

export class JsonDecisions implements Form {
  readonly #catalog: Catalog;
  readonly #generation: string;
  readonly #headers: DecisionHeaders;
  readonly #cache: BannerCache<CachedJson>;
  readonly #remembers: boolean;

  /** @param hasLink false where `write` is given the link */
  constructor({ catalog, bannerBaseUrl, cookieEnd, memory, remembers }: FormSettings, hasLink = true) {
    this.#catalog = catalog;
    this.#generation = catalog.index.generation;
    this.#headers = new DecisionHeaders(
      ["200 OK", DECISION_CACHING, "Content-Type: application/json", NO_SNIFF, FOR_ALL_SITES],
      cookieEnd,
    );
    this.#cache = new BannerCache((banner) => cachedJson(catalog, banner, bannerBaseUrl, hasLink), memory);
    this.#remembers = remembers;
  }

  respond(decision: Readonly<Decision>, _: Request, reply: Reply): void {
    this.write(decision, "", reply);
  }

  /** `link` is the member, with a comma before it. */
  protected write(
    { cell, banner, campaign, earlier, isExplored }: Readonly<Decision>,
    link: string,
    reply: Reply,
  ): void {
    const { id, beforePeriod, afterGeneration } = this.#cache.get(banner);
    const memory = this.#remembers ? `,"${MEMORY}":"${id}${earlier}"` : "";
    const explored = isExplored ? EXPLORED : "";
    const { cells } = this.#catalog;
    const period = cells.periodOf(cell);
    const rule = RULES[cells.ruleOf(cell)]!;
    reply.series = SERIES;
    reply.headers = this.#headers.for(id, earlier, campaign);
    reply.body =
      `{"campaign":${campaign},${beforePeriod},"period":${period},` +
      `"generation":"${this.#generation}","rule":"${rule}","x":${this.#catalog.xOf(cell)}${explored}${afterGeneration}${link}${memory}}\n`;
  }
}

function cachedJson(catalog: Catalog, banner: number, bannerBaseUrl: string, hasLink: boolean): CachedJson {
  const { id, imageUrl, width, height, alt, link } = shownBanner(catalog, banner, bannerBaseUrl);
  const known = Object.entries({ width, height, alt, ...(hasLink && { link }) }).filter(
    ([, value]) => value !== 0 && value !== "",
  );
  const beforePeriod = JSON.stringify({ banner: id, image: imageUrl }).slice(1, -1);
  const afterGeneration = known.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join("");
  // A character takes two bytes in texts beyond Latin-1.
  const bytes = 2 * (beforePeriod.length + afterGeneration.length) + ENTRY_BYTES;
  return { banner, id: String(id), beforePeriod, afterGeneration, bytes };
}
