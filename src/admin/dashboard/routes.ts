/** Routes the requests for the dashboard: its page, the parts that it asks for, its images and its files. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheableReply, NO_SNIFF, type CacheableReply } from "../../response/reply.js";
import type { Access } from "../access.js";
import { get, HTML, reply, replyCacheable, replyJson, TEXT, type Routes } from "../route.js";
import { DASHBOARD_POLICY, IMAGE_PATH, type Dashboard } from "./dashboard.js";

const ASSET_PATH = "/assets/";

export const PAGE_HEADERS = {
  "Content-Security-Policy": DASHBOARD_POLICY,
  // A stricter policy takes away the Origin header, which the reload's form needs; other sites learn nothing.
  "Referrer-Policy": "same-origin",
};

const ASSETS = { "dashboard.css": "text/css", "icon.svg": "image/svg+xml", "dashboard.js": "text/javascript" };

function readAsset(name: string, type: string): CacheableReply {
  const body = readFileSync(join(import.meta.dirname, "../../browser", name));
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  const lines = [`Content-Type: ${type}${type.startsWith("text/") ? "; charset=utf-8" : ""}`, NO_SNIFF];
  // Browsers revalidate each time: the next version of the server has other files. This port counts nothing.
  return cacheableReply(body, etag, "no-cache", lines, { full: -1, notModified: -1 });
}

export function dashboardRoutes(dashboard: Dashboard, access: Access): Routes {
  const assets = new Map(Object.entries(ASSETS).map(([name, type]) => [name, readAsset(name, type)]));
  return {
    "/": {
      ...get(async (response, { message, query }) => {
        const { isReady, text } = await dashboard.page(query, access.hasSession(message));
        reply(response, isReady ? 200 : 503, HTML, text, PAGE_HEADERS);
      }),
      isPage: true,
    },
    "/status.html": get((response, { query }) => {
      reply(response, 200, HTML, dashboard.cards(query), PAGE_HEADERS);
    }),
    "/visit.json": get((response, { query }) => {
      const visits = dashboard.visits(query);
      if ("banners" in visits) replyJson(response, 200, visits);
      else reply(response, visits.status, TEXT, `${visits.reason}\n`);
    }),
    [IMAGE_PATH]: get((response, { message, path, query }) => {
      const image = dashboard.image(path.slice(IMAGE_PATH.length));
      if (image === undefined) reply(response, 404, TEXT, "Not found.\n");
      else {
        const isVersioned = image.version === `v=${query.get("v") ?? ""}`;
        replyCacheable(response, message, isVersioned ? image.versioned : image.plain);
      }
    }),
    [ASSET_PATH]: get((response, { message, path }) => {
      const asset = assets.get(path.slice(ASSET_PATH.length));
      if (asset === undefined) reply(response, 404, TEXT, "Not found.\n");
      else replyCacheable(response, message, asset);
    }, "nothing"),
  };
}
