/** A campaign and a visitor to a decision, and to the three forms in which it is answered: a page, the way to an image, and JSON. */
import {
  bannerJsonOf,
  jsonHead,
  pageHead,
  pagesOf,
  redirectionsOf,
  type BannerJson,
  type BannerPage,
  type DecisionSettings,
  type Redirection,
} from "./banner-answers.js";
import { NONE, type Catalog } from "../index/catalog.js";
import type { Random } from "../decision/pick.js";
import { cookieEnd, readCookies, type CookieSettings, type RequestHeaders } from "./cookie.js";
import { DECISIONS, REPEATS_AVOIDED, requestSeries, type Counters } from "./counters.js";
import { CrossOrigin } from "./cors.js";
import { Decider, type Rotation } from "../decision/decide.js";
import type { DecisionHead } from "./decision-head.js";
import { KeptAnswers } from "./cache.js";
import { PageBytes } from "./page-bytes.js";
import { PeriodClock } from "../decision/period.js";
import { NO_BODY } from "./ready-answer.js";

/** A request, as uWebSockets.js hands it out. */
export interface Request extends RequestHeaders {
  /** What follows the question mark of the address, or "". */
  getQuery(): string;
}

/** What one request is answered with. The server has one and uses it again for every request, so that none allocates an object. */
export interface Reply {
  /** What it is counted as: a place in the counters. */
  series: number;
  /** See `headOf`. It holds until the next request is answered. */
  head: Uint8Array;
  /** Holds until then too, but for one of more than MOST_SHARED bytes, which stays. */
  body: string | Uint8Array;
}

export interface AnswerSettings {
  /** undefined where nobody is to have one: nothing is known of a visitor's last banner then, and nothing is asked for. */
  readonly cookie: CookieSettings | undefined;
  readonly rotation: Rotation;
  /** What an image's name is put behind to make its address; ends with a slash. */
  readonly bannerBaseUrl: string;
  /** The other sites whose programs may read decisions, see `CrossOrigin`. */
  readonly allowedOrigins: readonly string[];
  /** An IANA name. */
  readonly timeZone: string;
}

/** A page, the way to an image, and JSON: the routes of the same names. */
export type DecisionForm = "campaign" | "banner" | "banner.json";

const PAGE = requestSeries("campaign", 200);
const REDIRECTION = requestSeries("banner", 302);
const JSON_DECISION = requestSeries("banner.json", 200);

/** What a program remembers without cookies comes in this parameter of the address, and goes in the member of this name. */
const MEMORY = "last";

export class DecisionAnswers {
  readonly #catalog: Catalog;
  readonly #decider: Decider;
  readonly #clock: PeriodClock;
  readonly #now: () => number;
  readonly #counters: Counters;
  readonly #usesCookies: boolean;
  readonly #crossOrigin: CrossOrigin;
  readonly #pageHead: DecisionHead;
  readonly #pageBytes = new PageBytes();
  readonly #pages: KeptAnswers<BannerPage>;
  readonly #redirections: KeptAnswers<Redirection>;
  readonly #jsonHead: DecisionHead;
  readonly #json: KeptAnswers<BannerJson>;

  constructor(catalog: Catalog, settings: AnswerSettings, random: Random, now: () => number, counters: Counters) {
    const { cookie, rotation, bannerBaseUrl, allowedOrigins, timeZone } = settings;
    this.#catalog = catalog;
    this.#decider = new Decider(catalog, rotation, random);
    this.#clock = new PeriodClock(timeZone, catalog.index.counts.periods);
    this.#now = now;
    this.#counters = counters;
    this.#usesCookies = cookie !== undefined && this.#decider.seen.most > 0;
    this.#crossOrigin = new CrossOrigin(allowedOrigins);
    const forms: DecisionSettings = { bannerBaseUrl, cookieEnd: this.#usesCookies ? cookieEnd(cookie!) : undefined };
    this.#pageHead = pageHead(forms);
    this.#jsonHead = jsonHead(forms);
    this.#pages = new KeptAnswers(pagesOf(catalog, forms));
    this.#redirections = new KeptAnswers(redirectionsOf(catalog, forms));
    this.#json = new KeptAnswers(bannerJsonOf(catalog, forms));
  }

  /** The period in which a request of this moment is answered. */
  get period(): number {
    return this.#clock.at(this.#now());
  }

  /**
   * Decides for one visitor.
   * @param text the campaign's id as the address has it
   * @returns false where the campaign is unknown in this period; then `reply` is as it was
   */
  answer(form: DecisionForm, campaign: number, text: string, request: Request, reply: Reply): boolean {
    const { period } = this;
    const cell = this.#catalog.cellOf(campaign, period);
    if (cell === NONE) return false;
    this.#recall(form, request);
    const banner = this.#decider.decide(cell);
    this.#count(cell);
    const rest = this.#decider.seen.tail();
    if (form === "campaign") {
      const { id, end } = this.#pages.of(banner);
      reply.series = PAGE;
      reply.head = this.#pageHead.for(id, rest, text);
      reply.body = this.#pageBytes.endingIn(end);
    } else if (form === "banner") {
      const { id, head } = this.#redirections.of(banner);
      reply.series = REDIRECTION;
      reply.head = head.for(id, rest, text);
      reply.body = NO_BODY;
    } else {
      const json = this.#json.of(banner);
      reply.series = JSON_DECISION;
      reply.head = this.withCrossOrigin(this.#jsonHead.for(json.id, rest, text), request);
      reply.body = this.#jsonBody(json, text, period, rest);
    }
    return true;
  }

  /** A head, and what lets a program of another site read an answer that is no decision. */
  withCrossOrigin(head: Uint8Array, request: Request): Uint8Array {
    const lines = this.#crossOrigin.linesFor(request);
    return lines === "" ? head : Buffer.concat([head, Buffer.from(lines)]);
  }

  /** Fills what the decision goes by. */
  #recall(form: DecisionForm, request: Request): void {
    const { seen } = this.#decider;
    seen.count = 0;
    if (form === "banner.json") {
      const query = request.getQuery();
      if (query !== "" && seen.read(new URLSearchParams(query).get(MEMORY) ?? "")) return;
    }
    if (this.#usesCookies) readCookies(request, seen);
  }

  #count(cell: number): void {
    this.#counters[DECISIONS + this.#catalog.cells.ruleOf(cell)]!++;
    if (this.#decider.isRepeatAvoided) this.#counters[REPEATS_AVOIDED]!++;
  }

  #jsonBody({ id, beforePeriod, afterGeneration }: BannerJson, campaign: string, period: number, rest: string): string {
    const { generation } = this.#catalog.index;
    const memory = this.#decider.seen.most === 0 ? "" : `,"${MEMORY}":"${id}${rest}"`;
    return `{"campaign":${campaign},${beforePeriod},"period":${period},"generation":"${generation}"${afterGeneration}${memory}}\n`;
  }
}
