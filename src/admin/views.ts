/** Routes the requests for what people are shown of the served index: sums, campaigns, changes, visits and images. */
import type { ServerResponse } from "node:http";
import type { Rotation } from "../decision/decide.js";
import type { Random } from "../decision/pick.js";
import { NONE } from "../index/catalog.js";
import { readId } from "../index/ids.js";
import { imageReplies, readImageName, shownBanner } from "../response/image.js";
import { readCampaignQuery } from "../view/campaign-query.js";
import { showCampaign } from "../view/campaign.js";
import { overviewOf } from "../view/overview.js";
import { Rest } from "../view/rest.js";
import type { FoundCampaigns } from "../view/rows.js";
import type { IndexReaders } from "./index-readers.js";
import { LetGoError, type Opened, type OpenedIndex } from "./opened-index.js";
import {
  get,
  JSON_TYPE,
  reply,
  replyCacheable,
  replyJson,
  TEXT,
  type AdminRequest,
  type Route,
  type Routes,
} from "./route.js";
import type { ServerState } from "./state.js";
import { readVisits, visit } from "./visit.js";

export const IMAGE_PATH = "/banners/";

const CAMPAIGN_PATH = "/campaigns/";

/** Rows that are written as JSON at once. */
const WRITTEN = 256;

const NO_INDEX = "There is no index yet.\n";

export function viewRoutes(
  state: ServerState,
  opened: OpenedIndex,
  rotation: Rotation,
  random: Random,
  readers: IndexReaders,
): Routes {
  type Handle = (opened: Opened, response: ServerResponse, request: AdminRequest) => unknown;
  type Words = Parameters<Route["handle"]>;
  /** Resolves with false where it is to be worked out anew. */
  const isHandled = async (handle: Handle, [response, request]: Words): Promise<boolean> => {
    try {
      const { current } = opened;
      if (current === undefined) reply(response, 503, TEXT, NO_INDEX);
      else await handle(current, response, request);
      return true;
    } catch (error) {
      if (error instanceof LetGoError) return false;
      throw error;
    }
  };
  const ofIndex = (handle: Handle): Route =>
    get(async (...words) => {
      while (!(await isHandled(handle, words)));
    });
  const ofCompared = (handle: Handle): Route =>
    get(async (...words) => {
      // Each time: it waits for the reload for which what was worked out was let go.
      do await state.compare();
      while (!(await isHandled(handle, words)));
    });
  return {
    "/overview.json": ofIndex(async (current, response) => {
      replyJson(response, 200, await (current.overview ??= overviewOf(current.catalog, new Rest(current.pause))));
    }),
    "/campaigns.json": ofCompared(async ({ catalog, table, pause }, response, { query: parameters }) => {
      const query = readCampaignQuery(parameters, catalog.index.counts.periods);
      if (typeof query === "string") reply(response, 400, TEXT, `${query}\n`);
      else reply(response, 200, JSON_TYPE, await foundJson(await table.find(query), new Rest(pause)));
    }),
    [CAMPAIGN_PATH]: ofCompared(({ catalog, change }, response, { path }) => {
      const [, digits = ""] = /^(\d{1,10})\.json$/.exec(path.slice(CAMPAIGN_PATH.length)) ?? [];
      const imageOf = (banner: number): string => shownBanner(catalog, banner, IMAGE_PATH).imageUrl;
      const id = readId(digits, 0, digits.length);
      const campaign = showCampaign(catalog, id, imageOf, (period) => change()?.cellChange(id, period));
      if (campaign === undefined) reply(response, 404, TEXT, "Not found.\n");
      else replyJson(response, 200, campaign);
    }),
    "/change.json": get(async (response) => {
      await state.compare();
      const { current } = opened;
      const change = current?.change();
      if (change !== undefined) replyJson(response, 200, change.json(current!.catalog));
      else reply(response, 503, TEXT, state.unreadiness === undefined ? NO_INDEX : `${state.unreadiness}\n`);
    }),
    "/visit.json": ofIndex(({ catalog }, response, { query }) => {
      const asked = readVisits(query, catalog.index.counts.periods);
      const visits = typeof asked === "string" ? undefined : visit(catalog, asked, rotation, random, IMAGE_PATH);
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
        const isVersioned = image.version === `v=${query.get("v") ?? ""}`;
        readers.add(response);
        replyCacheable(response, message, isVersioned ? image.versioned : image.plain);
      }
    }),
  };
}

async function foundJson({ rows, ...found }: FoundCampaigns, rest: Rest): Promise<Uint8Array> {
  const pieces = [`${JSON.stringify(found).slice(0, -1)},"rows":[`];
  for (let first = 0; first < rows.length; first += WRITTEN) {
    const piece = JSON.stringify(rows.slice(first, first + WRITTEN)).slice(1, -1);
    pieces.push(first === 0 ? piece : `,${piece}`);
    if (rest.isDue(WRITTEN)) await rest.take();
  }
  return Buffer.from(`${pieces.join("")}]}\n`);
}
