/** An index to what all contenders send with a page, so that they send the same. */
import type { Reply } from "../../src/response/reply.js";
import { periodAt } from "../../src/decision/period.js";
import { Router } from "../../src/response/router.js";
import { Catalog, NONE } from "../../src/index/catalog.js";
import { cookieEnd, setCookie, type CookieSettings } from "../../src/response/cookie.js";
import { loadIndex } from "../../src/index/load.js";
import { BANNER_PATH } from "../../src/response/image.js";

/** As Billboard's are where nobody sets anything. */
const COOKIE: CookieSettings = { maxAge: 2_592_000, secure: false, sameSite: "Lax" };

export interface PageShape {
  /** One page, as bytes of latin1; all are of one length. */
  readonly body: string;
  /** Its header lines but those that an HTTP library adds, in the order of the wire. The cookie is one of them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export async function pageShapeOf(indexFile: string): Promise<PageShape> {
  const catalog = new Catalog(await loadIndex(indexFile));
  const settings = {
    cookie: COOKIE,
    rotation: "no-repeat",
    bannerBaseUrl: BANNER_PATH,
    allowedOrigins: [],
    timeZone: "UTC",
  } as const;
  const router = new Router(catalog, settings);
  const period = periodAt(Date.now(), settings.timeZone, catalog.index.counts.periods);
  const campaign = catalog.index.campaignIds.find((id) => catalog.cellOf(id, period) !== NONE)!;
  const reply = {} as Reply;
  const visitor = { getHeader: () => "", forEach: () => undefined, getQuery: () => "" };
  router.respond("GET", `/campaigns/${campaign}/`, visitor, reply);
  const [, ...lines] = Buffer.from(reply.headers).toString("latin1").split("\r\n");
  const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  return { body: Buffer.from(reply.body).toString("latin1"), headers };
}

/** What Billboard's decisions set. */
export function cookieFor(banner: number, campaign: string): string {
  return setCookie(String(banner), campaign, cookieEnd(COOKIE));
}
