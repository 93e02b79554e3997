/** Routes a request of the public port to its reply. Knows no socket. */
import { Catalog, NONE } from "../index/catalog.js";
import type { Random } from "../decision/pick.js";
import { readId } from "../index/ids.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import { BannerCache, CacheMemory } from "./cache.js";
import { newCounters, type Counters, type Route } from "./counters.js";
import type { FormName } from "./decision.js";
import { Decisions, type ResponseSettings } from "./decisions.js";
import { BANNER_PATH, imageReplies, readImageName, replyFor, type ImageReplies } from "./image.js";
import { isAlone } from "./page.js";
import { unlessCurrent, type ReadyReply, type Reply } from "./reply.js";
import { Clicks } from "./clicks.js";
import type { Method, Request } from "./request.js";
import {
  CAMPAIGN_NOT_FOUND,
  CAMPAIGN_NOT_FOUND_PAGE,
  EMBED_SCRIPT,
  HOME,
  IMAGE_NOT_FOUND,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
} from "./static.js";
import { TurnedAway } from "./turned-away.js";

const CAMPAIGN_PATH = "/campaigns/";
const SLASH = "/";
const CLICK = "/click/";

const BELOW_CAMPAIGN: ReadonlyMap<string, Route> = new Map([
  ["banner", "banner"],
  ["banner.json", "banner.json"],
  ["click", "click"],
]);

const SITE: ReadonlyMap<string, Route> = new Map([
  ["/", "home"],
  ["/embed.js", "embed.js"],
]);

/** The route of a path, whether or not there is something at it. */
export function routeOf(path: string): Route {
  if (!path.startsWith(CAMPAIGN_PATH)) return SITE.get(path) ?? "other";
  if (path.startsWith(BANNER_PATH)) return "image";
  const slash = path.indexOf(SLASH, CAMPAIGN_PATH.length);
  if (slash === -1 || slash === path.length - 1) return "campaign";
  return BELOW_CAMPAIGN.get(path.slice(slash + 1)) ?? (path.startsWith(CLICK, slash) ? "click" : "other");
}

/** A reload makes a new router and replaces the reference to the old one. */
export class Router {
  readonly #decisions: Decisions;
  readonly #images: BannerCache<ImageReplies>;
  /** undefined where nothing is recorded. */
  readonly #clicks: Clicks | undefined;

  /** `counters` count what is decided; who sends the reply counts the request. */
  constructor(
    readonly catalog: Catalog,
    settings: ResponseSettings,
    random: Random = Math.random,
    now: () => number = Date.now,
    readonly counters: Counters = newCounters(),
    turnedAway = new TurnedAway(counters),
    recorder?: DecisionRecorder,
  ) {
    const memory = new CacheMemory();
    this.#decisions = new Decisions(catalog, settings, random, now, counters, memory, turnedAway, recorder);
    this.#clicks = recorder && new Clicks(catalog, recorder, now);
    this.#images = new BannerCache((banner) => imageReplies(catalog, banner), memory);
  }

  /** `path` is as it was sent, without its query. */
  respond(method: Method, path: string, request: Request, reply: Reply): void {
    let route = routeOf(path);
    if (route === "click" && this.#clicks === undefined) route = "other";
    if (method === "OTHER") use(METHOD_NOT_ALLOWED[route], reply);
    else if (route === "campaign" || route === "banner" || route === "banner.json")
      this.#decide(route, method, path, request, reply);
    else if (route === "image") use(this.#image(path.slice(BANNER_PATH.length), request), reply);
    else if (route === "click") this.#clicks!.respond(method, path, request, reply);
    else if (route === "embed.js") use(unlessCurrent(EMBED_SCRIPT, request), reply);
    else use(route === "home" ? HOME : NOT_FOUND, reply);
  }

  /** A campaign has one address, since its cookie's path depends on it: no leading zero, no sign, no percent escape. */
  #decide(route: FormName, method: Method, path: string, request: Request, reply: Reply): void {
    const slash = path.indexOf(SLASH, CAMPAIGN_PATH.length);
    const end = slash === -1 ? path.length : slash;
    const id = readId(path, CAMPAIGN_PATH.length, end);
    // The text is passed on: to format a number beyond 2^31 takes longer than all the rest.
    const text = path.slice(CAMPAIGN_PATH.length, end);
    if (id !== 0 && this.#decisions.respond(route, id, text, method === "GET", request, reply)) return;
    if (text === "") {
      use(NOT_FOUND, reply);
      return;
    }
    if (route === "campaign") use(CAMPAIGN_NOT_FOUND_PAGE[isAlone(request) ? "alone" : "framed"], reply);
    else use(CAMPAIGN_NOT_FOUND[route], reply);
    if (route === "banner.json") reply.headers = this.#decisions.withCors(reply.headers, request);
  }

  #image(name: string, request: Request): ReadyReply {
    const banner = this.catalog.bannerOf(readImageName(name));
    if (banner === NONE) return IMAGE_NOT_FOUND;
    const image = this.#images.get(banner);
    if (image.name !== name) return IMAGE_NOT_FOUND;
    return unlessCurrent(replyFor(image, request.getQuery()), request);
  }
}

function use({ series, headers, body }: ReadyReply, reply: Reply): void {
  reply.series = series;
  reply.headers = headers;
  reply.body = body;
}
