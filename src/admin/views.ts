/** Routes the requests for what people are shown of the served index: sums, campaigns, changes, visits and images. */
import type { ServerResponse } from "node:http";
import type { Rotation } from "../decision/decide.js";
import type { Random } from "../decision/pick.js";
import { visit } from "../decision/visits.js";
import { NONE } from "../index/catalog.js";
import { readId } from "../index/ids.js";
import { imageReplies, readImageName, replyFor, shownBanner } from "../response/image.js";
import { readCampaignQuery } from "../view/campaign-query.js";
import { showCampaign } from "../view/campaign.js";
import { overviewOf } from "../view/overview.js";
import { Rest } from "../view/rest.js";
import type { IndexReaders } from "./index-readers.js";
import { LetGoError, type Opened, type OpenedIndex } from "./opened-index.js";
import { get, reply, replyCacheable, replyJson, TEXT, type AdminRequest, type Route, type Routes } from "./route.js";
import type { ServerState } from "./state.js";
import { readVisits } from "./visit.js";

export const IMAGE_PATH = "/banners/";

const CAMPAIGN_PATH = "/campaigns/";

export function viewRoutes(
  state: ServerState,
  opened: OpenedIndex,
  rotation: Rotation,
  random: Random,
  readers: IndexReaders,
): Routes {
  type Handle = (opened: Opened, response: ServerResponse, request: AdminRequest) => unknown;
  const ofIndex = (handle: Handle, isAwaited: () => unknown = () => undefined): Route =>
    get(async (response, request) => {
      for (;;) {
        // Each time: it waits for the reload for which what was worked out was let go.
        await isAwaited();
        const { current } = opened;
        try {
          if (current === undefined) reply(response, 503, TEXT, "There is no index yet.\n");
          else await handle(current, response, request);
          return;
        } catch (error) {
          if (!(error instanceof LetGoError)) throw error;
        }
      }
    });
  const isCompared = (): Promise<void> => state.compare();
  return {
    "/overview.json": ofIndex(async (current, response) => {
      replyJson(response, 200, await (current.overview ??= overviewOf(current.catalog, new Rest(current.pause))));
    }),
    "/campaigns.json": ofIndex(async ({ catalog, table }, response, { query: parameters }) => {
      const query = readCampaignQuery(parameters, catalog.index.counts.periods);
      if (typeof query === "string") reply(response, 400, TEXT, `${query}\n`);
      else replyJson(response, 200, await table.find(query));
    }, isCompared),
    [CAMPAIGN_PATH]: ofIndex(({ catalog, change }, response, { path }) => {
      const id = path.endsWith(".json") ? readId(path, CAMPAIGN_PATH.length, path.length - ".json".length) : 0;
      const imageOf = (banner: number): string => shownBanner(catalog, banner, IMAGE_PATH).imageUrl;
      const campaign = showCampaign(catalog, id, imageOf, (period) => change()?.cellChange(id, period));
      if (campaign === undefined) reply(response, 404, TEXT, "Not found.\n");
      else replyJson(response, 200, campaign);
    }, isCompared),
    "/change.json": ofIndex(({ catalog, change }, response) => {
      const known = change();
      if (known !== undefined) replyJson(response, 200, known.json(catalog));
      else reply(response, 503, TEXT, `${state.unreadiness ?? "The server is ending."}\n`);
    }, isCompared),
    "/visit.json": ofIndex(({ catalog }, response, { query }) => {
      const asked = readVisits(query, catalog.index.counts.periods);
      const visits = typeof asked === "string" ? undefined : visit(catalog, asked, rotation, random);
      if (typeof asked === "string") reply(response, 400, TEXT, `${asked}\n`);
      else if (visits !== undefined) replyJson(response, 200, visits);
      else reply(response, 404, TEXT, `Campaign ${asked.campaign} has no cell in period ${asked.period}.\n`);
    }),
    [IMAGE_PATH]: get((response, { message, path, query }) => {
      const catalog = opened.current?.catalog;
      const name = path.slice(IMAGE_PATH.length);
      const banner = catalog?.bannerOf(readImageName(name)) ?? NONE;
      const image = catalog === undefined || banner === NONE ? undefined : imageReplies(catalog, banner);
      if (image?.name !== name) reply(response, 404, TEXT, "Not found.\n");
      else {
        readers.add(response);
        replyCacheable(response, message, replyFor(image, query.toString()));
      }
    }),
  };
}
