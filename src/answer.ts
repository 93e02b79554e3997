/** What the public port answers: a request's method, address and headers to status, headers and body. Knows no socket. */
import { imagesOf, pagesOf, type ImageAnswers, type PageAnswer } from "./banner-answers.js";
import { Catalog, NONE } from "./catalog.js";
import { CELL_NUMBERS, CODES, ruleOf } from "./cell-table.js";
import { choose, fillPlaces, placeOf, type Random } from "./choose.js";
import { cookieEnd, lastBannerOf, type CookieSettings, type RequestHeaders } from "./cookie.js";
import { DECISIONS, newCounters, REPEATS_AVOIDED, requestSeries, type Counters, type Route } from "./counters.js";
import { KeptAnswers } from "./kept-answers.js";
import { MOST_PLACES } from "./index-sections.js";
import { BANNER_PATH, readImageName } from "./page.js";
import { PeriodClock } from "./period.js";
import { readId } from "./read-id.js";
import { lines, NO_SNIFFING, type Answer } from "./ready-answer.js";

export type Method = "GET" | "HEAD" | "OTHER";

/** A request, as uWebSockets.js hands it out. */
export interface Request extends RequestHeaders {
  /** What follows the question mark of the address, or "". */
  getQuery(): string;
}

/** What one request is answered with. The server has one and uses it again for every request, so that none allocates an object. */
export interface Reply {
  answer: Answer;
  /** Ends the header lines: what of a decision's cookie depends on the campaign, or "". */
  headerTail: string;
}

export interface AnswerSettings {
  /** undefined where nobody is to have one: nothing is known of a visitor's last banner then, and nothing is asked for. */
  readonly cookie: CookieSettings | undefined;
  /** What an image's name is put behind to make its address; ends with a slash. */
  readonly bannerBaseUrl: string;
  /** An IANA name. */
  readonly timeZone: string;
}

const CAMPAIGN_PATH = "/campaigns/";
const SLASH = 0x2f;

// A campaign or an image that is unknown now may be there after the next reload, or in the next period.
const ABSENT_CACHING = "no-store";

const TEXT = "Content-Type: text/plain; charset=utf-8";

function notFound(route: Route, body = "Not found.\n"): Answer {
  const series = requestSeries(route, 404);
  return { status: "404 Not Found", series, headerLines: lines(ABSENT_CACHING, TEXT, NO_SNIFFING), body };
}

const NOT_FOUND = notFound("other");
const IMAGE_NOT_FOUND = notFound("image");
const CAMPAIGN_NOT_FOUND = notFound("campaign", "Campaign not found.\n");

function methodNotAllowed(route: Route): Answer {
  return {
    status: "405 Method Not Allowed",
    series: requestSeries(route, 405),
    headerLines: lines(ABSENT_CACHING, TEXT, NO_SNIFFING, "Allow: GET, HEAD"),
    body: "Only GET and HEAD are allowed.\n",
  };
}

const METHOD_NOT_ALLOWED: Readonly<Record<Route, Answer>> = {
  campaign: methodNotAllowed("campaign"),
  image: methodNotAllowed("image"),
  other: methodNotAllowed("other"),
};

/** What a path is counted as where nothing is known of it but that. */
export function routeOf(path: string): Route {
  if (path.startsWith(BANNER_PATH)) return "image";
  return path.startsWith(CAMPAIGN_PATH) ? "campaign" : "other";
}

/** The answers of one index. A reload makes a new one, and replaces the reference to the old one with it. */
export class Answers {
  readonly #places = new Uint32Array(MOST_PLACES);
  readonly #clock: PeriodClock;
  readonly #cookieEnd: string | undefined;
  readonly #pages: KeptAnswers<PageAnswer>;
  readonly #images: KeptAnswers<ImageAnswers>;

  constructor(
    readonly catalog: Catalog,
    settings: AnswerSettings,
    readonly random: Random = Math.random,
    readonly now: () => number = Date.now,
    readonly counters: Counters = newCounters(),
  ) {
    const { index } = catalog;
    this.#clock = new PeriodClock(settings.timeZone, index.counts.periods);
    this.#cookieEnd = settings.cookie && cookieEnd(settings.cookie);
    this.#pages = new KeptAnswers(pagesOf(catalog, settings.bannerBaseUrl, settings.cookie !== undefined));
    this.#images = new KeptAnswers(imagesOf(catalog));
  }

  /** The period in which a request of this moment is answered. */
  get period(): number {
    return this.#clock.at(this.now());
  }

  /** Answers one request. `path` is the address without its query, as it was sent. */
  answer(method: Method, path: string, request: Request, reply: Reply): void {
    reply.headerTail = "";
    if (method === "OTHER") reply.answer = METHOD_NOT_ALLOWED[routeOf(path)];
    else if (path.startsWith(BANNER_PATH)) reply.answer = this.#image(path.slice(BANNER_PATH.length), request);
    else if (path.startsWith(CAMPAIGN_PATH)) this.#page(path, request, reply);
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
    const last = this.#cookieEnd === undefined ? NONE : this.catalog.bannerOf(lastBannerOf(headers));
    const count = fillPlaces(this.catalog, cell, this.random, this.#places);
    const lastPlace = placeOf(last, this.#places, count);
    const banner = choose(this.#places, count, lastPlace, this.random);
    this.counters[DECISIONS + ruleOf(this.catalog.index.cells[cell * CELL_NUMBERS + CODES]!)]!++;
    if (lastPlace !== NONE && count > 1) this.counters[REPEATS_AVOIDED]!++;
    reply.answer = this.#pages.of(banner).answer;
    if (this.#cookieEnd === undefined) return;
    // As the path has it: to write a number beyond 2^31 anew takes longer than all the rest.
    reply.headerTail = path.slice(CAMPAIGN_PATH.length, end) + this.#cookieEnd;
  }

  #image(name: string, request: Request): Answer {
    const banner = this.catalog.bannerOf(readImageName(name));
    if (banner === NONE) return IMAGE_NOT_FOUND;
    const image = this.#images.of(banner);
    if (image.name !== name) return IMAGE_NOT_FOUND;
    const { whole, unmodified } = hasParameter(request.getQuery(), image.version) ? image.versioned : image.plain;
    return isKnown(image.etag, request) ? unmodified : whole;
  }
}

/** Whether a path below `/campaigns/` goes deeper than a campaign's own, so that it is not about a campaign. */
function isBelowCampaign(path: string): boolean {
  const slash = path.indexOf("/", CAMPAIGN_PATH.length);
  return path.length === CAMPAIGN_PATH.length || (slash !== -1 && slash < path.length - 1);
}

/** @param parameter name and value, as they are in the query: neither needs an escape */
function hasParameter(query: string, parameter: string): boolean {
  return query === parameter || `&${query}&`.includes(`&${parameter}&`);
}

/** Whether any If-None-Match line names the image. */
function isKnown(etag: string, headers: RequestHeaders): boolean {
  const first = headers.getHeader("if-none-match");
  if (first === "") return false;
  let known = matches(first, etag);
  // A list may come as several lines (RFC 9110, section 5.3).
  if (!known)
    headers.forEach((name, value) => {
      known ||= name === "if-none-match" && matches(value, etag);
    });
  return known;
}

/** If-None-Match by weak comparison (RFC 9110, section 13.1.2); no tag of ours holds a comma or is part of another. */
function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.trim() === "*" || ifNoneMatch.includes(etag);
}
