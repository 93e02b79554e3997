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

/** Stands for ids where a text is cut into its constant parts, of which none has the character. */
export const CUT = "\0";

/** A campaign's id has at most ten digits. */
const DIGITS = 11;

/** What the engine needs for an entry, and for an end without its bytes. */
const ENTRY_BYTES = 350;
const END_BYTES = 200;

interface CachedPage extends CacheEntry {
  readonly id: string;
  /** In the end of the page, where the link has the campaign's id; -1 where the banner has no link. */
  readonly campaignAt: number;
  /** What is between that id and the decision's. */
  readonly between: number;
  /** By the number of the campaign's digits, and whether the decision's id follows: ends with room for both. */
  readonly ends: Uint8Array[];
}

export class RecordedPages implements Form {
  readonly #settings: FormSettings;
  readonly #recorder: DecisionRecorder;
  readonly #headers: DecisionHeaders;
  readonly #cache: BannerCache<CachedPage>;
  readonly #framed = new PageBuffer(pageStart(true));
  readonly #alone = new PageBuffer(pageStart(false));

  constructor(settings: FormSettings, recorder: DecisionRecorder) {
    const { catalog, bannerBaseUrl, cookieEnd, memory } = settings;
    this.#settings = settings;
    this.#recorder = recorder;
    this.#headers = pageHeaders(bannerBaseUrl, cookieEnd);
    this.#cache = new BannerCache((banner) => {
      const end = Buffer.from(this.#endOf(banner, CUT, CUT));
      const campaignAt = end.indexOf(CUT);
      const between = end.lastIndexOf(CUT) - campaignAt - CUT.length;
      const id = String(catalog.index.bannerIds[banner]!);
      return { banner, id, campaignAt, between, ends: [], bytes: ENTRY_BYTES };
    }, memory);
  }

  respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const { cell, banner, earlier, campaign } = decision;
    const { catalog } = this.#settings;
    const id = catalog.index.bannerIds[banner]!;
    const isRecorded = this.#recorder.record(catalog.cells.campaignOf(cell), id, decision, request);
    const cached = this.#cache.get(banner);
    const form = campaign.length + (isRecorded ? 0 : DIGITS);
    const end = (cached.ends[form] ??= this.#keptEnd(banner, campaign, isRecorded));
    const page = isAlone(request) ? this.#alone : this.#framed;
    reply.series = PAGE_SERIES;
    reply.headers = this.#headers.for(cached.id, earlier, campaign);
    reply.body = page.pageWith(end);
    if (cached.campaignAt === -1) return;
    const campaignAt = page.startLength + cached.campaignAt;
    writeDigits(campaign, reply.body, campaignAt);
    if (isRecorded) this.#recorder.writeDigits(reply.body, campaignAt + campaign.length + cached.between);
  }

  #keptEnd(banner: number, campaign: string, isRecorded: boolean): Uint8Array {
    const end = Buffer.from(this.#endOf(banner, campaign, isRecorded ? "0".repeat(ID_DIGITS) : ""));
    // A third of a block may be left over behind the buffers in it.
    this.#settings.memory.spend(Math.ceil(1.5 * end.length) + END_BYTES);
    return end;
  }

  #endOf(banner: number, campaign: string, decision: string): string {
    const { catalog, bannerBaseUrl } = this.#settings;
    const shown = shownBanner(catalog, banner, bannerBaseUrl);
    const path = clickPath(campaign, String(shown.id), decision);
    return pageEnd({ ...shown, link: shown.link === "" ? "" : this.#recorder.clickBase + path });
  }
}
