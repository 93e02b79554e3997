/** What the public port answers: a request's method, address and headers to status, headers and body. Knows no socket. */
import { imagesOf, type ImageAnswers } from "./banner-answers.js";
import { Catalog, NONE } from "../index/catalog.js";
import type { Random } from "../decision/pick.js";
import type { RequestHeaders } from "./cookie.js";
import { newCounters, requestSeries, ROUTES, type Counters, type Route } from "./counters.js";
import {
  DecisionAnswers,
  type AnswerSettings,
  type DecisionForm,
  type Reply,
  type Request,
} from "./decision-answers.js";
import { KeptAnswers } from "./cache.js";
import { BANNER_PATH, readImageName } from "./page.js";
import { readId } from "../index/ids.js";
import { headOf, NO_SNIFFING, type Answer, type CachedAnswer } from "./ready-answer.js";
import { embedAnswer, HOME_ANSWER } from "./static.js";

export type { AnswerSettings, Reply, Request } from "./decision-answers.js";

export type Method = "GET" | "HEAD" | "OTHER";

const CAMPAIGN_PATH = "/campaigns/";
const SLASH = "/";

/** What may follow a campaign's address. */
const BELOW_CAMPAIGN: ReadonlyMap<string, Route> = new Map([
  ["banner", "banner"],
  ["banner.json", "banner.json"],
]);

const SITE: ReadonlyMap<string, Route> = new Map([
  ["/", "home"],
  ["/embed.js", "embed.js"],
]);

// A campaign or an image that is unknown now may be there after the next reload, or in the next period.
const ABSENT_CACHING = "no-store";

const TEXT = "Content-Type: text/plain; charset=utf-8";

function notFound(route: Route, body = "Not found.\n"): Answer {
  const series = requestSeries(route, 404);
  return { series, head: headOf("404 Not Found", ABSENT_CACHING, TEXT, NO_SNIFFING), body: Buffer.from(body) };
}

const NOT_FOUND = notFound("other");
const IMAGE_NOT_FOUND = notFound("image");
const CAMPAIGN_NOT_FOUND: Readonly<Record<DecisionForm, Answer>> = {
  campaign: notFound("campaign", "Campaign not found.\n"),
  banner: notFound("banner", "Campaign not found.\n"),
  "banner.json": notFound("banner.json", "Campaign not found.\n"),
};

function methodNotAllowed(route: Route): Answer {
  return {
    series: requestSeries(route, 405),
    head: headOf("405 Method Not Allowed", ABSENT_CACHING, TEXT, NO_SNIFFING, "Allow: GET, HEAD"),
    body: Buffer.from("Only GET and HEAD are allowed.\n"),
  };
}

const METHOD_NOT_ALLOWED = Object.fromEntries(
  Object.keys(ROUTES).map((route) => [route, methodNotAllowed(route as Route)]),
) as Readonly<Record<Route, Answer>>;

/** What a path is counted as where nothing is known of it but that. */
export function routeOf(path: string): Route {
  if (!path.startsWith(CAMPAIGN_PATH)) return SITE.get(path) ?? "other";
  if (path.startsWith(BANNER_PATH)) return "image";
  const slash = path.indexOf(SLASH, CAMPAIGN_PATH.length);
  if (slash === -1 || slash === path.length - 1) return "campaign";
  return BELOW_CAMPAIGN.get(path.slice(slash + 1)) ?? "other";
}

/** The answers of one index. A reload makes a new one, and replaces the reference to the old one with it. */
export class Answers {
  readonly #decisions: DecisionAnswers;
  readonly #images: KeptAnswers<ImageAnswers>;
  readonly #embed: CachedAnswer;

  constructor(
    readonly catalog: Catalog,
    settings: AnswerSettings,
    random: Random = Math.random,
    now: () => number = Date.now,
    readonly counters: Counters = newCounters(),
  ) {
    this.#decisions = new DecisionAnswers(catalog, settings, random, now, counters);
    this.#images = new KeptAnswers(imagesOf(catalog));
    this.#embed = embedAnswer();
  }

  /** The period in which a request of this moment is answered. */
  get period(): number {
    return this.#decisions.period;
  }

  /** Answers one request. `path` is the address without its query, as it was sent. */
  answer(method: Method, path: string, request: Request, reply: Reply): void {
    const route = routeOf(path);
    if (method === "OTHER") use(METHOD_NOT_ALLOWED[route], reply);
    else if (route === "campaign" || route === "banner" || route === "banner.json")
      this.#decide(route, path, request, reply);
    else if (route === "image") use(this.#image(path.slice(BANNER_PATH.length), request), reply);
    else if (route === "embed.js") use(unlessKnown(this.#embed, request), reply);
    else use(route === "home" ? HOME_ANSWER : NOT_FOUND, reply);
  }

  /** Each campaign has one address, since its cookie's path depends on it: no leading zero, no sign, no percent escape. */
  #decide(form: DecisionForm, path: string, request: Request, reply: Reply): void {
    const slash = path.indexOf(SLASH, CAMPAIGN_PATH.length);
    const end = slash === -1 ? path.length : slash;
    const campaign = readId(path, CAMPAIGN_PATH.length, end);
    // As the path has it: to write a number beyond 2^31 anew takes longer than all the rest.
    const text = path.slice(CAMPAIGN_PATH.length, end);
    if (campaign !== 0 && this.#decisions.answer(form, campaign, text, request, reply)) return;
    if (text === "") {
      use(NOT_FOUND, reply);
      return;
    }
    use(CAMPAIGN_NOT_FOUND[form], reply);
    if (form === "banner.json") reply.head = this.#decisions.withCrossOrigin(reply.head, request);
  }

  #image(name: string, request: Request): Answer {
    const banner = this.catalog.bannerOf(readImageName(name));
    if (banner === NONE) return IMAGE_NOT_FOUND;
    const image = this.#images.of(banner);
    if (image.name !== name) return IMAGE_NOT_FOUND;
    return unlessKnown(hasParameter(request.getQuery(), image.version) ? image.versioned : image.plain, request);
  }
}

function use({ series, head, body }: Answer, reply: Reply): void {
  reply.series = series;
  reply.head = head;
  reply.body = body;
}

/** @param parameter name and value, as they are in the query: neither needs an escape */
function hasParameter(query: string, parameter: string): boolean {
  return query === parameter || `&${query}&`.includes(`&${parameter}&`);
}

function unlessKnown({ etag, whole, unmodified }: CachedAnswer, request: Request): Answer {
  return isKnown(etag, request) ? unmodified : whole;
}

/** Whether any If-None-Match line names what is asked for. */
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
