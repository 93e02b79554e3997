/**
 * What the public port answers: a request's method, path and headers to status, headers and body. Knows no socket. All that can
 * be known before a request is made ready when an index is taken up.
 */
import { Catalog, NONE } from "./catalog.js";
import { CELL_NUMBERS, CODES, ruleOf } from "./cell-table.js";
import { choose, fillPlaces, placeOf, type Random } from "./choose.js";
import { DECISIONS, newCounters, REPEATS_AVOIDED, requestSeries, type Counters, type Route } from "./counters.js";
import { cookieEnd, cookieStart, lastBannerOf, type RequestHeaders } from "./cookie.js";
import { IMAGE_DIGEST_LENGTH, IMAGE_EXTENSIONS, IMAGE_TYPES, MEDIA_TYPES, MOST_PLACES } from "./index-sections.js";
import { BANNER_PATH, imageName, page, readImageName } from "./page.js";
import { PeriodClock } from "./period.js";
import { readId } from "./read-id.js";

export type Method = "GET" | "HEAD" | "OTHER";

/** One made ready answer; many requests share it. */
export interface Answer {
  readonly status: string;
  /** What it is counted as: a place in the counters. */
  readonly series: number;
  /** All its headers as they go over the wire, from the value of Cache-Control on, which every answer has first. */
  readonly headerLines: string;
  readonly body: string | Uint8Array;
}

/** What one request is answered with. The server has one and uses it again for every request, so that none allocates an object. */
export interface Reply {
  answer: Answer;
  /** Ends the header lines: what of a decision's cookie depends on the campaign, or "". */
  headerTail: string;
}

export interface AnswerSettings {
  /** Seconds. */
  readonly cookieMaxAge: number;
  readonly cookieSecure: boolean;
  /** What an image's name is put behind to make its address; ends with a slash. */
  readonly bannerBaseUrl: string;
  /** An IANA name. */
  readonly timeZone: string;
}

const CAMPAIGN_PATH = "/campaigns/";
const SLASH = 0x2f;

const DECISION_CACHING = "private, no-store";
// A campaign or an image that is unknown now may be there after the next reload, or in the next period.
const ABSENT_CACHING = "no-store";
const IMAGE_CACHING = "public, max-age=3600";

const TEXT = "Content-Type: text/plain; charset=utf-8";
const HTML = "Content-Type: text/html; charset=utf-8";

function notFound(route: Route, body = "Not found.\n"): Answer {
  const series = requestSeries(route, 404);
  return { status: "404 Not Found", series, headerLines: lines(ABSENT_CACHING, TEXT), body };
}

const NOT_FOUND = notFound("other");
const IMAGE_NOT_FOUND = notFound("image");
const CAMPAIGN_NOT_FOUND = notFound("campaign", "Campaign not found.\n");

function methodNotAllowed(route: Route): Answer {
  return {
    status: "405 Method Not Allowed",
    series: requestSeries(route, 405),
    headerLines: lines(ABSENT_CACHING, TEXT, "Allow: GET, HEAD"),
    body: "Only GET and HEAD are allowed.\n",
  };
}

const METHOD_NOT_ALLOWED: Readonly<Record<Route, Answer>> = {
  campaign: methodNotAllowed("campaign"),
  image: methodNotAllowed("image"),
  other: methodNotAllowed("other"),
};

const PAGE_SERIES = requestSeries("campaign", 200);
const IMAGE_SERIES = requestSeries("image", 200);
const UNMODIFIED_SERIES = requestSeries("image", 304);

/** What a path is counted as where nothing is known of it but that. */
export function routeOf(path: string): Route {
  if (path.startsWith(BANNER_PATH)) return "image";
  return path.startsWith(CAMPAIGN_PATH) ? "campaign" : "other";
}

// An SVG that is opened by itself is a document of this site: it may draw, and not run anything.
const SVG_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The answers of one index. A reload makes a new one, and replaces the reference to the old one with it. */
export class Answers {
  readonly #places = new Uint32Array(MOST_PLACES);
  readonly #clock: PeriodClock;
  readonly #cookieEnd: string;
  /** By banner. */
  readonly #pages: readonly Answer[];
  readonly #imageNames: readonly string[];
  readonly #etags: readonly string[];
  readonly #images: readonly Answer[];
  readonly #unmodifiedImages: readonly Answer[];

  constructor(
    readonly catalog: Catalog,
    settings: AnswerSettings,
    readonly random: Random = Math.random,
    readonly now: () => number = Date.now,
    readonly counters: Counters = newCounters(),
  ) {
    const { index } = catalog;
    this.#clock = new PeriodClock(settings.timeZone, index.counts.periods);
    this.#cookieEnd = cookieEnd(settings.cookieMaxAge, settings.cookieSecure);
    this.#imageNames = Array.from(index.bannerIds, (id, banner) =>
      imageName(id, IMAGE_EXTENSIONS[index.imageExtension[banner]!]!),
    );
    this.#pages = Array.from(index.bannerIds, (id, banner) => ({
      status: "200 OK",
      series: PAGE_SERIES,
      headerLines: lines(DECISION_CACHING, HTML, `Set-Cookie: ${cookieStart(id)}`),
      body: page(id, settings.bannerBaseUrl + this.#imageNames[banner]!),
    }));
    this.#etags = Array.from(index.bannerIds, (_, banner) => etagOf(catalog, banner));
    this.#images = this.#etags.map((etag, banner) => imageAnswer(catalog, banner, etag));
    this.#unmodifiedImages = this.#etags.map((etag) => ({
      status: "304 Not Modified",
      series: UNMODIFIED_SERIES,
      headerLines: lines(IMAGE_CACHING, `ETag: ${etag}`),
      body: "",
    }));
  }

  /** The period in which a request of this moment is answered. */
  get period(): number {
    return this.#clock.at(this.now());
  }

  /** Answers one request. `path` is the address without its query, as it was sent. */
  answer(method: Method, path: string, headers: RequestHeaders, reply: Reply): void {
    reply.headerTail = "";
    if (method === "OTHER") reply.answer = METHOD_NOT_ALLOWED[routeOf(path)];
    else if (path.startsWith(BANNER_PATH)) reply.answer = this.#image(path.slice(BANNER_PATH.length), headers);
    else if (path.startsWith(CAMPAIGN_PATH)) this.#page(path, headers, reply);
    else reply.answer = NOT_FOUND;
  }

  /** Each campaign has one address, since its cookie's path depends on it: no leading zero, no sign, no percent escape. */
  #page(path: string, headers: RequestHeaders, reply: Reply): void {
    const end = path.charCodeAt(path.length - 1) === SLASH ? path.length - 1 : path.length;
    const campaign = readId(path, CAMPAIGN_PATH.length, end);
    const cell = campaign === 0 ? NONE : this.catalog.cellOf(campaign, this.period);
    if (cell === NONE) {
      reply.answer = isBelowCampaign(path) ? NOT_FOUND : CAMPAIGN_NOT_FOUND;
      return;
    }
    const last = this.catalog.bannerOf(lastBannerOf(headers));
    const count = fillPlaces(this.catalog, cell, this.random, this.#places);
    const lastPlace = placeOf(last, this.#places, count);
    const banner = choose(this.#places, count, lastPlace, this.random);
    this.counters[DECISIONS + ruleOf(this.catalog.index.cells[cell * CELL_NUMBERS + CODES]!)]!++;
    if (lastPlace !== NONE && count > 1) this.counters[REPEATS_AVOIDED]!++;
    reply.answer = this.#pages[banner]!;
    // As the path has it: to write a number beyond 2^31 anew takes longer than all the rest.
    reply.headerTail = path.slice(CAMPAIGN_PATH.length, end) + this.#cookieEnd;
  }

  #image(name: string, headers: RequestHeaders): Answer {
    const banner = this.catalog.bannerOf(readImageName(name));
    if (banner === NONE || this.#imageNames[banner] !== name) return IMAGE_NOT_FOUND;
    return matches(headers.getHeader("if-none-match"), this.#etags[banner]!)
      ? this.#unmodifiedImages[banner]!
      : this.#images[banner]!;
  }
}

/** Whether a path below `/campaigns/` goes deeper than a campaign's own, so that it is not about a campaign. */
function isBelowCampaign(path: string): boolean {
  const slash = path.indexOf("/", CAMPAIGN_PATH.length);
  return path.length === CAMPAIGN_PATH.length || (slash !== -1 && slash < path.length - 1);
}

function etagOf(catalog: Catalog, banner: number): string {
  const start = banner * IMAGE_DIGEST_LENGTH;
  const digest = catalog.index.imageDigest.subarray(start, start + IMAGE_DIGEST_LENGTH);
  return `"${Buffer.from(digest).toString("hex")}"`;
}

function imageAnswer(catalog: Catalog, banner: number, etag: string): Answer {
  const type = IMAGE_TYPES[catalog.index.imageType[banner]!]!;
  const common = [`Content-Type: ${MEDIA_TYPES[type]}`, `ETag: ${etag}`, "X-Content-Type-Options: nosniff"];
  const headerLines = lines(IMAGE_CACHING, ...common, ...(type === "svg" ? [SVG_POLICY] : []));
  return { status: "200 OK", series: IMAGE_SERIES, headerLines, body: catalog.imageOf(banner) };
}

/** If-None-Match by weak comparison (RFC 9110, section 13.1.2); no tag of ours holds a comma or is part of another. */
function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.trim() === "*" || ifNoneMatch.includes(etag);
}

/** See `Answer`: one string for all headers, since each that is written on its own is a crossing into the library. */
function lines(cacheControl: string, ...others: string[]): string {
  return [cacheControl, ...others].join("\r\n");
}
