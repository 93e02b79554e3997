/** The dashboard to routes of the administration port: its page, the parts that it asks for, its images and its files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { get, reply, replyJson, TEXT, type Routes } from "../route.js";
import { readAssets } from "./assets.js";
import { DASHBOARD_POLICY, IMAGE_PATH, type Dashboard } from "./dashboard.js";
import type { Answer } from "../../response/ready-answer.js";

const HTML = "text/html; charset=utf-8";
const ASSET_PATH = "/assets/";

const PAGE_HEADERS = {
  "Content-Security-Policy": DASHBOARD_POLICY,
  // The reload's form needs an Origin, which a stricter policy takes away; other sites learn nothing.
  "Referrer-Policy": "same-origin",
};

/** A browser may keep a file, and asks each time whether it is still the same: the next version of the server has another. */
const REVALIDATED = "no-cache";

export function dashboardRoutes(dashboard: Dashboard): Routes {
  const assets = readAssets();
  return {
    "/": get(async (response, { query }) => {
      const { isReady, text } = await dashboard.page(query);
      reply(response, isReady ? 200 : 503, HTML, text, PAGE_HEADERS);
    }),
    "/status.html": get((response, { query }) => {
      reply(response, 200, HTML, dashboard.cards(query), PAGE_HEADERS);
    }),
    "/visit.json": get((response, { query }) => {
      const visits = dashboard.visits(query);
      if ("banners" in visits) replyJson(response, 200, visits);
      else reply(response, visits.status, TEXT, `${visits.reason}\n`);
    }),
    [IMAGE_PATH]: get((response, { request, path, query }) => {
      const image = dashboard.image(path.slice(IMAGE_PATH.length));
      if (image === undefined) {
        reply(response, 404, TEXT, "Not found.\n");
        return;
      }
      const { whole } = image.version === `v=${query.get("v") ?? ""}` ? image.versioned : image.plain;
      replyKept(response, request, headersOf(whole), whole.body);
    }),
    [ASSET_PATH]: get((response, { request, path }) => {
      const asset = assets.get(path.slice(ASSET_PATH.length));
      if (asset === undefined) {
        reply(response, 404, TEXT, "Not found.\n");
        return;
      }
      const { type, etag, body } = asset;
      replyKept(response, request, { "Cache-Control": REVALIDATED, ETag: etag, "Content-Type": type }, body);
    }),
  };
}

/** Those of the public port, where they are ready as bytes. */
function headersOf({ head }: Answer): Record<string, string> {
  const [, ...lines] = Buffer.from(head).toString("latin1").split("\r\n");
  const headers = lines.map((line) => line.split(/: (.*)/s, 2));
  return Object.fromEntries(headers) as Record<string, string>;
}

function replyKept(
  response: ServerResponse,
  request: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): void {
  const { ETag: etag = "", "Cache-Control": caching = "" } = headers;
  if (request.headers["if-none-match"]?.includes(etag) === true)
    response.writeHead(304, { "Cache-Control": caching, ETag: etag }).end();
  else reply(response, 200, headers["Content-Type"]!, body, headers);
}
