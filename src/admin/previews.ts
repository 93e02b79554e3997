/** Previews a period: answers as the public port would in it, whatever the clock says, and counts nothing. */
import { clockStandingIn } from "../decision/period.js";
import type { Random } from "../decision/pick.js";
import { Catalog } from "../index/catalog.js";
import type { Index } from "../index/format.js";
import { readId } from "../index/ids.js";
import type { ResponseSettings } from "../response/decisions.js";
import { BANNER_PATH } from "../response/image.js";
import type { Reply } from "../response/reply.js";
import { MAX_SHARED_PAGE } from "../response/page.js";
import { Router } from "../response/router.js";
import { NodeRequest } from "../server/node-http.js";
import type { IndexReaders } from "./index-readers.js";
import { getPage, reply, replyReady, TEXT, type Routes } from "./route.js";
import type { ServerState } from "./state.js";

const PREVIEW_PATH = "/preview/";

/** Of the public port's headers, those that this port must not send as they are: its pages are for no other site. */
const OTHER_SITES = /\r\n(?:Cross-Origin-Resource-Policy|Referrer-Policy): [^\r\n]*/g;
const OWN = {
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "same-origin",
  // Beside the page's own policy, which holds too.
  "Content-Security-Policy": "frame-ancestors 'self'",
};

/** `settings` are those of the public port. */
export function previewRoutes(
  state: ServerState,
  settings: ResponseSettings,
  random: Random,
  readers: IndexReaders,
): Routes {
  /** By period. Weak, so that the memory of an old index is freed though nobody looks at a preview. */
  const routers = new WeakMap<Index, Router[]>();
  const routerOf = (index: Index, period: number): Router => {
    const ofIndex = routers.get(index) ?? [];
    routers.set(index, ofIndex);
    return (ofIndex[period] ??= new Router(
      new Catalog(index),
      { ...settings, bannerBaseUrl: `${PREVIEW_PATH}${period}${BANNER_PATH}`, allowedOrigins: [] },
      random,
      clockStandingIn(period, settings.timeZone, index.counts.periods),
    ));
  };
  return {
    [PREVIEW_PATH]: getPage((response, { message, path, query }) => {
      const index = state.served?.index;
      const [, text = "", rest] = /^\/preview\/([^/]*)(\/campaigns\/.*)$/s.exec(path) ?? [];
      const period = readId(text);
      if (index === undefined) reply(response, 503, TEXT, "There is no index yet.\n");
      else if (rest === undefined) reply(response, 404, TEXT, "Not found.\n");
      else if (period === 0 || period > index.counts.periods)
        reply(response, 404, TEXT, `There is no such period: the index has 1 to ${index.counts.periods}.\n`, OWN);
      else {
        const found = {} as Reply;
        const method = message.method === "HEAD" ? "HEAD" : "GET";
        routerOf(index, period).respond(method, rest, new NodeRequest(message, query.toString()), found);
        // The next request overwrites a page.
        const isShared = found.body.length <= MAX_SHARED_PAGE;
        if (!isShared) readers.add(response);
        const body = isShared ? Buffer.from(found.body) : found.body;
        replyReady(response, { headers: ownHeaders(found.headers, period), body });
      }
    }),
  };
}

function ownHeaders(headers: Uint8Array, period: number): Uint8Array {
  const text = Buffer.from(headers)
    .toString("latin1")
    .replace(OTHER_SITES, "")
    // What the token guards is for no proxy to keep.
    .replace("\r\nCache-Control: public", "\r\nCache-Control: private")
    .replace(/(\r\nSet-Cookie: [^\r\n]*; Path=)/, `$1${PREVIEW_PATH}${period}`);
  return Buffer.from([text, ...Object.entries(OWN).map((header) => header.join(": "))].join("\r\n"), "latin1");
}
