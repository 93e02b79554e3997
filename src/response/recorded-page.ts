/** Shows a recorded decision to people: the page with one banner, whose link leads to the click. */
import type { Catalog } from "../index/catalog.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import { ID_DIGITS } from "../recording/decision-id.js";
import { BannerCache, type CacheEntry } from "./cache.js";
import { clickPath } from "./clicks.js";
import { writeDigits, type DecisionHeaders } from "./cookie.js";
import type { Decision, Form, FormSettings } from "./decision.js";
import { shownBanner } from "./image.js";
import { isAlone, MAX_SHARED_PAGE, PAGE_SERIES, PageBuffer, pageEnd, pageHeaders, pageStart } from "./page.js";
import { NO_BODY, type Reply } from "./reply.js";
import type { Request } from "./request.js";

/** Stands for ids where a text is cut into its constant parts, of which none has the character. */
export const CUT = "\0";

const ENTRY_BYTES = 350;

/** The parts of a page behind its start. */
interface CachedPage extends CacheEntry {
  readonly id: string;
  /** To the campaign's id in the link; the whole where the banner has no link. */
  readonly before: Uint8Array;
  /** To the decision's id. */
  readonly middle: Uint8Array;
  readonly after: Uint8Array | undefined;
}

export class RecordedPages implements Form {
  readonly #catalog: Catalog;
  readonly #recorder: DecisionRecorder;
  readonly #headers: DecisionHeaders;
  readonly #cache: BannerCache<CachedPage>;
  readonly #framed = new LinkedPageBuffer(pageStart(true));
  readonly #alone = new LinkedPageBuffer(pageStart(false));

  constructor({ catalog, bannerBaseUrl, cookieEnd, memory }: FormSettings, recorder: DecisionRecorder) {
    this.#catalog = catalog;
    this.#recorder = recorder;
    this.#headers = pageHeaders(bannerBaseUrl, cookieEnd);
    this.#cache = new BannerCache((banner) => {
      const shown = shownBanner(catalog, banner, bannerBaseUrl);
      const id = String(shown.id);
      const link = shown.link === "" ? "" : recorder.clickBase + clickPath(CUT, id, CUT);
      const end = pageEnd({ ...shown, link });
      const [before, middle, after] = end.split(CUT).map((part) => Buffer.from(part));
      const bytes = Math.ceil(1.5 * Buffer.byteLength(end)) + ENTRY_BYTES;
      return { banner, id, before: before!, middle: middle ?? NO_BODY, after, bytes };
    }, memory);
  }

  respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const { cell, banner, earlier, campaign } = decision;
    const { cells, index } = this.#catalog;
    const isRecorded = this.#recorder.record(cells.campaignOf(cell), index.bannerIds[banner]!, decision, request);
    const cached = this.#cache.get(banner);
    const page = isAlone(request) ? this.#alone : this.#framed;
    reply.series = PAGE_SERIES;
    reply.headers = this.#headers.for(cached.id, earlier, campaign);
    reply.body =
      cached.after === undefined
        ? page.pageWith(cached.before)
        : page.pageWithLink(
            cached.before,
            campaign,
            cached.middle,
            isRecorded ? this.#recorder : undefined,
            cached.after,
          );
  }
}

class LinkedPageBuffer extends PageBuffer {
  /** As `pageWith`. @param recorder knows the decision's id; undefined where it has none */
  pageWithLink(
    before: Uint8Array,
    campaign: string,
    middle: Uint8Array,
    recorder: DecisionRecorder | undefined,
    after: Uint8Array,
  ): Uint8Array {
    const campaignAt = this.start.length + before.length;
    const middleAt = campaignAt + campaign.length;
    const decisionAt = middleAt + middle.length;
    const afterAt = decisionAt + (recorder === undefined ? 0 : ID_DIGITS);
    const length = afterAt + after.length;
    const isShared = length <= MAX_SHARED_PAGE;
    const bytes = isShared ? this.bytes : Buffer.concat([this.start], length);
    bytes.set(before, this.start.length);
    writeDigits(campaign, bytes, campaignAt);
    bytes.set(middle, middleAt);
    recorder?.writeDigits(bytes, decisionAt);
    bytes.set(after, afterAt);
    return isShared ? this.view(length) : bytes;
  }
}
