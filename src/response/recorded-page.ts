/** Shows a recorded decision to people: the page with one banner, whose link leads to the click. */
import { ID_DIGITS } from "../recording/decision-id.js";
import { BannerCache, type CacheEntry } from "./cache.js";
import { clickPath } from "./clicks.js";
import { writeDigits, type DecisionHeaders } from "./cookie.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import type { Decision, Form, FormSettings } from "./decision.js";
import { shownBanner } from "./image.js";
import { isAlone, PAGE_SERIES, PageBuffer, pageEnd, pageHeaders, pageStart } from "./page.js";
import type { Reply } from "./reply.js";
import type { Request } from "./request.js";

/** Stands for a character of an id where a text is cut into its constant parts, of which none has it. */
export const CUT = "\0";

/** A campaign's id has at most ten digits. */
const DIGITS = 11;

const ENTRY_BYTES = 300;

interface CachedPage extends CacheEntry {
  readonly id: string;
  /** Of the page, with room for the digits of both ids. */
  readonly end: Uint8Array;
  /** Where the campaign's id is in it; -1 where the banner has no link. */
  readonly campaignAt: number;
  readonly decisionAt: number;
}

export class RecordedPages implements Form {
  readonly #settings: FormSettings;
  readonly #recorder: DecisionRecorder;
  readonly #headers: DecisionHeaders;
  /** By the number of the campaign's digits, and whether the decision's id follows. */
  readonly #caches: BannerCache<CachedPage>[] = [];
  readonly #framed = new PageBuffer(pageStart(true));
  readonly #alone = new PageBuffer(pageStart(false));

  constructor(settings: FormSettings, recorder: DecisionRecorder) {
    this.#settings = settings;
    this.#recorder = recorder;
    this.#headers = pageHeaders(settings.bannerBaseUrl, settings.cookieEnd);
  }

  respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const { cell, banner, earlier, campaign } = decision;
    const recorder = this.#recorder;
    const isRecorded = recorder.records(request);
    const form = campaign.length + (isRecorded ? 0 : DIGITS);
    const cache = (this.#caches[form] ??= this.#cacheOf(campaign.length, isRecorded));
    const { id, end, campaignAt, decisionAt } = cache.get(banner);
    const page = isAlone(request) ? this.#alone : this.#framed;
    const body = page.pageWith(end);
    reply.series = PAGE_SERIES;
    reply.headers = this.#headers.for(id, earlier, campaign);
    reply.body = body;
    if (campaignAt !== -1) writeDigits(campaign, body, page.startLength + campaignAt);
    if (!isRecorded) return;
    const { index, cells } = this.#settings.catalog;
    const campaignId = cells.campaignOf(cell);
    const bannerId = index.bannerIds[banner]!;
    recorder.record(decision, campaignId, bannerId);
    if (campaignAt !== -1)
      recorder.writeId(decision, campaignId, bannerId, page.viewOf(body), page.startLength + decisionAt);
  }

  #cacheOf(campaignDigits: number, isRecorded: boolean): BannerCache<CachedPage> {
    const { catalog, bannerBaseUrl, memory } = this.#settings;
    const campaign = CUT.repeat(campaignDigits);
    const decision = CUT.repeat(isRecorded ? ID_DIGITS : 0);
    return new BannerCache((banner) => {
      const shown = shownBanner(catalog, banner, bannerBaseUrl);
      const id = String(shown.id);
      const link = shown.link === "" ? "" : this.#recorder.clickBase + clickPath(campaign, id, decision);
      const end = Buffer.from(pageEnd({ ...shown, link }));
      const decisionAt = end.lastIndexOf(CUT) + CUT.length - decision.length;
      // A third of a block may be left over behind the buffers in it.
      const bytes = Math.ceil(1.5 * end.length) + ENTRY_BYTES;
      return { banner, id, end, campaignAt: end.indexOf(CUT), decisionAt, bytes };
    }, memory);
  }
}
