/** Takes from the server what all contenders send with a page, so that they send the same. */
import { VisitHistory } from "../../src/decision/history.js";
import { periodAt, PeriodClock } from "../../src/decision/period.js";
import { Catalog, NONE } from "../../src/index/catalog.js";
import type { Index } from "../../src/index/format.js";
import { cookieEnd, readCookie, setCookie } from "../../src/response/cookie.js";
import { BANNER_PATH, shownBanner, type ShownBanner } from "../../src/response/image.js";
import { pageEnd, pageStart } from "../../src/response/page.js";
import type { Reply } from "../../src/response/reply.js";
import { Router } from "../../src/response/router.js";

/** The server's defaults. */
const SETTINGS = {
  cookie: { maxAge: 2_592_000, secure: false, sameSite: "Lax" },
  rotation: "no-repeat",
  bannerBaseUrl: BANNER_PATH,
  allowedOrigins: [],
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
} as const;

export interface PageShape {
  /** Latin1; all pages have the same length. */
  readonly body: string;
  /** In the order of the wire, with Set-Cookie, but without those that an HTTP library adds. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export class Pages {
  readonly campaigns: readonly number[];
  readonly #router: Router;
  readonly #reply: Reply = { series: 0, headers: new Uint8Array(0), body: "" };

  /** @param now milliseconds since 1970 */
  constructor(index: Index, chance: () => number = Math.random, now = Date.now()) {
    const catalog = new Catalog(index);
    this.#router = new Router(catalog, SETTINGS, chance, () => now);
    const period = periodAt(now, SETTINGS.timeZone, index.counts.periods);
    this.campaigns = Array.from(index.campaignIds).filter((id) => catalog.cellOf(id, period) !== NONE);
  }

  cookieSet(path: string, cookie: string): string {
    const { headers } = this.page(path, cookie);
    const [, set] = headers.find(([name]) => name === "Set-Cookie") ?? [];
    if (set === undefined) throw new Error(`${path}: no cookie is set`);
    return set.split(";", 1)[0]!;
  }

  page(path = `/campaigns/${this.campaigns[0]!}/`, cookie = ""): PageShape {
    const getHeader = (name: string): string => (name === "cookie" ? cookie : "");
    this.#router.respond("GET", path, { getHeader, forEach: () => undefined, getQuery: () => "" }, this.#reply);
    const [, ...lines] = Buffer.from(this.#reply.headers).toString("latin1").split("\r\n");
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    return { body: Buffer.from(this.#reply.body).toString("latin1"), headers };
  }
}

export function shownBanners(index: Index): ShownBanner[] {
  const catalog = new Catalog(index);
  return Array.from(index.bannerIds, (_, banner) => shownBanner(catalog, banner, BANNER_PATH));
}

export function pageBody(shown: ShownBanner): Buffer {
  return Buffer.from(pageStart(true) + pageEnd(shown));
}

export function cookieFor(banner: number, campaign: string): string {
  return setCookie(String(banner), campaign, cookieEnd(SETTINGS.cookie));
}

export function lastBannerOf(cookies: string): number {
  const history = new VisitHistory(1);
  return readCookie(cookies, history) ? history.ids[0]! : 0;
}

export function periodClock(periods: number): PeriodClock {
  return new PeriodClock(SETTINGS.timeZone, periods);
}
