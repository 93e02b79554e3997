/** Decides for one visitor of a campaign, and responds in the form that is asked for: page, redirect or JSON. */
import type { Decider, Rotation } from "../decision/decide.js";
import { deciderFor } from "../decision/explore.js";
import { PeriodClock } from "../decision/period.js";
import type { Random } from "../decision/pick.js";
import { NONE, type Catalog } from "../index/catalog.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import type { CacheMemory } from "./cache.js";
import { cookieEnd, readCookies, type CookieSettings } from "./cookie.js";
import { Cors } from "./cors.js";
import { DECISIONS, EXPLORED, REPEATS_AVOIDED, type Counters } from "./counters.js";
import type { Decision, FormName, Forms, FormSettings } from "./decision.js";
import { JsonDecisions, MEMORY } from "./json.js";
import { Pages } from "./page.js";
import { recordedForms } from "./recorded.js";
import { Redirects } from "./redirect.js";
import type { Reply } from "./reply.js";
import type { Request } from "./request.js";
import type { TurnedAway } from "./turned-away.js";

export interface ResponseSettings {
  /** undefined where nobody is to have one: visitors of pages remember nothing then. */
  readonly cookie: CookieSettings | undefined;
  readonly rotation: Rotation;
  /** Goes before an image's name to make its address; ends with a slash. */
  readonly bannerBaseUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly timeZone: string;
}

export class Decisions {
  readonly #catalog: Catalog;
  readonly #decider: Decider;
  readonly #clock: PeriodClock;
  readonly #now: () => number;
  readonly #counters: Counters;
  readonly #usesCookies: boolean;
  readonly #cors: Cors;
  readonly #forms: Forms;
  readonly #decision: Decision = {
    cell: NONE,
    banner: NONE,
    campaign: "",
    earlier: "",
    isExplored: false,
    moment: 0.5,
    isCounted: false,
  };

  constructor(
    catalog: Catalog,
    settings: ResponseSettings,
    random: Random,
    now: () => number,
    counters: Counters,
    memory: CacheMemory,
    turnedAway: TurnedAway,
    recorder?: DecisionRecorder,
  ) {
    const { cookie, rotation, bannerBaseUrl, allowedOrigins, timeZone } = settings;
    this.#catalog = catalog;
    this.#decider = deciderFor(catalog, rotation, random);
    this.#clock = new PeriodClock(timeZone, catalog.index.counts.periods);
    this.#now = now;
    this.#counters = counters;
    this.#cors = new Cors(allowedOrigins, turnedAway);
    const remembers = this.#decider.history.capacity > 0;
    this.#usesCookies = cookie !== undefined && remembers;
    const end = cookie !== undefined && remembers ? cookieEnd(cookie) : undefined;
    const form = { catalog, bannerBaseUrl, cookieEnd: end, memory, remembers };
    this.#forms = recorder === undefined ? plainForms(form) : recordedForms(form, recorder, cookie);
  }

  /** Returns false, with `reply` untouched, where the campaign is unknown in this period. */
  respond(form: FormName, campaign: number, text: string, isCounted: boolean, request: Request, reply: Reply): boolean {
    const moment = this.#now();
    const cell = this.#catalog.cells.find(campaign, this.#clock.at(moment));
    if (cell === NONE) return false;
    this.#recall(form, request);
    const decision = this.#decision;
    decision.cell = cell;
    decision.banner = this.#decider.decide(cell);
    decision.campaign = text;
    decision.earlier = this.#decider.history.tail();
    decision.isExplored = this.#decider.isExplored;
    decision.moment = moment;
    decision.isCounted = isCounted;
    if (isCounted) this.#count(cell);
    this.#forms[form].respond(decision, request, reply);
    if (form === "banner.json") reply.headers = this.withCors(reply.headers, request);
    return true;
  }

  withCors(headers: Uint8Array, request: Request): Uint8Array {
    const lines = this.#cors.linesFor(request);
    return lines === "" ? headers : Buffer.concat([headers, Buffer.from(lines)]);
  }

  #count(cell: number): void {
    this.#counters[DECISIONS + this.#catalog.cells.ruleOf(cell)]!++;
    if (this.#decider.isRepeatAvoided) this.#counters[REPEATS_AVOIDED]!++;
    if (this.#decider.isExplored) this.#counters[EXPLORED]!++;
  }

  #recall(form: FormName, request: Request): void {
    const { history } = this.#decider;
    history.count = 0;
    if (form === "banner.json") {
      const query = request.getQuery();
      if (query !== "" && history.read(new URLSearchParams(query).get(MEMORY) ?? "")) return;
    }
    if (this.#usesCookies) readCookies(request, history);
  }
}

function plainForms(settings: FormSettings): Forms {
  return {
    campaign: new Pages(settings),
    banner: new Redirects(settings),
    "banner.json": new JsonDecisions(settings),
  };
}
