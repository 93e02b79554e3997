/** Leads a click on to the banner's own link, as the index has it, and has it recorded where it counts. */
import { NONE, type Catalog } from "../index/catalog.js";
import { readId } from "../index/ids.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import { requestSeries } from "./counters.js";
import { headerBlock, NO_SNIFF, type Reply } from "./reply.js";
import type { Method, Request } from "./request.js";
import { CLICK_NOT_FOUND } from "./static.js";

const CAMPAIGN_PATH = "/campaigns/";
const CLICK = "/click";
/** The parameter that has the decision's id. */
const DECISION = "d";

const COOKIE = "last_decision";
const COOKIES = new RegExp(`(?:^|;)[ \\t]*${COOKIE}=([1-9]\\d{0,9})\\.([0-9a-f]{32})?[ \\t]*(?=;|$)`);

/** Stands in a link for the click's id; in the path of an address, `URL` has escaped it. */
const CLICK_ID = /\{click_id\}|%7Bclick_id%7D/g;

const NOT_STORED = "no-store";
const TEXT = "Content-Type: text/plain; charset=utf-8";
const FOUND = Buffer.from("Found.\n");

const NO_LINK = {
  series: requestSeries("click", 404),
  headers: headerBlock("404 Not Found", NOT_STORED, TEXT, NO_SNIFF),
  body: Buffer.from("There is no such banner, or it has no link.\n"),
};

/** @param digits of the decision's id, or "" where it is not recorded */
export function clickPath(campaign: string, banner: string, digits: string): string {
  return `${CAMPAIGN_PATH}${campaign}${CLICK}/${banner}?${DECISION}=${digits}`;
}

/** Between the banner and the digits of the decision's id in the cookie. */
export const SEPARATOR = ".";

/** Without its attributes but the path. @param stand for the value, and for the campaign in the path */
export function clickCookie(stand: string): string {
  return `${COOKIE}=${stand}; Path=${CAMPAIGN_PATH}${stand}${CLICK}`;
}

interface Clicked {
  readonly banner: number;
  /** "" where there is no id of a decision. */
  readonly digits: string;
}

const NOTHING_CLICKED: Clicked = { banner: 0, digits: "" };

export class Clicks {
  readonly #catalog: Catalog;
  readonly #recorder: DecisionRecorder;
  readonly #now: () => number;

  constructor(catalog: Catalog, recorder: DecisionRecorder, now: () => number) {
    this.#catalog = catalog;
    this.#recorder = recorder;
    this.#now = now;
  }

  /** @param path of the route `click` */
  respond(method: Method, path: string, request: Request, reply: Reply): void {
    const campaignEnd = path.indexOf(CLICK, CAMPAIGN_PATH.length);
    const campaign = readId(path, CAMPAIGN_PATH.length, campaignEnd);
    const bannerAt = campaignEnd + CLICK.length + 1;
    const isByCookie = bannerAt > path.length;
    const clicked = isByCookie ? readCookie(request) : readAddress(path, bannerAt, request);
    if (campaign === 0 || (!isByCookie && clicked!.banner === 0)) {
      Object.assign(reply, CLICK_NOT_FOUND);
      return;
    }
    const ownLink = clicked === undefined ? "" : this.#linkOf(clicked.banner);
    // What is round an image on another page leads here whichever banner it shows, with a link or without.
    const link = ownLink === "" && isByCookie ? this.#campaignPage(path.slice(0, campaignEnd)) : ownLink;
    if (link === "") {
      Object.assign(reply, NO_LINK);
      return;
    }
    const { banner, digits } = clicked ?? NOTHING_CLICKED;
    const isCounted = this.#recorder.click(campaign, banner, digits, this.#now(), method, request);
    this.#redirect(link.replace(CLICK_ID, isCounted ? digits : ""), reply);
  }

  /** It shows a banner, whose link is at hand. */
  #campaignPage(path: string): string {
    return `${this.#recorder.clickBase}${path}/`;
  }

  #linkOf(banner: number): string {
    const at = banner === 0 ? NONE : this.#catalog.bannerOf(banner);
    return at === NONE ? "" : this.#catalog.linkOf(at);
  }

  #redirect(location: string, reply: Reply): void {
    reply.series = requestSeries("click", 302);
    reply.headers = headerBlock("302 Found", NOT_STORED, TEXT, NO_SNIFF, `Location: ${location}`);
    reply.body = FOUND;
  }
}

function readAddress(path: string, bannerAt: number, request: Request): Clicked {
  const digits = new URLSearchParams(request.getQuery()).get(DECISION) ?? "";
  return { banner: readId(path, bannerAt, path.length), digits };
}

function readCookie(request: Request): Clicked | undefined {
  const lines: string[] = [];
  request.forEach((name, value) => {
    if (name === "cookie") lines.push(value);
  });
  const [, banner = "", digits = ""] = COOKIES.exec(lines.join(";")) ?? [];
  return banner === "" ? undefined : { banner: readId(banner), digits };
}
