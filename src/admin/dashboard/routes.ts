/** Routes the requests for the dashboard: its page, the parts that it asks for, its images and its files. */
import { get, reply, replyCacheable, replyJson, TEXT, type Routes } from "../route.js";
import { readAssets } from "./assets.js";
import { DASHBOARD_POLICY, IMAGE_PATH, type Dashboard } from "./dashboard.js";

const HTML = "text/html; charset=utf-8";
const ASSET_PATH = "/assets/";

const PAGE_HEADERS = {
  "Content-Security-Policy": DASHBOARD_POLICY,
  // The reload's form needs an Origin, which a stricter policy takes away; other sites learn nothing.
  "Referrer-Policy": "same-origin",
};

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
    [IMAGE_PATH]: get((response, { message, path, query }) => {
      const image = dashboard.image(path.slice(IMAGE_PATH.length));
      if (image === undefined) reply(response, 404, TEXT, "Not found.\n");
      else
        replyCacheable(
          response,
          message,
          image.version === `v=${query.get("v") ?? ""}` ? image.versioned : image.plain,
        );
    }),
    [ASSET_PATH]: get((response, { message, path }) => {
      const asset = assets.get(path.slice(ASSET_PATH.length));
      if (asset === undefined) reply(response, 404, TEXT, "Not found.\n");
      else replyCacheable(response, message, asset);
    }),
  };
}
