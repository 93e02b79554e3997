/** Shows decisions that are recorded: their links lead to the click, which leads on to the banner's own link. */
import type { Catalog } from "../index/catalog.js";
import { ID_DIGITS } from "../recording/decision-id.js";
import { clickCookie, clickPath, SEPARATOR } from "./clicks.js";
import { cookieEnd, writeDigits, type CookieSettings } from "./cookie.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import type { Decision, Forms, FormSettings } from "./decision.js";
import { JsonDecisions } from "./json.js";
import { CUT, RecordedPages } from "./recorded-page.js";
import { Redirects } from "./redirect.js";
import type { Reply } from "./reply.js";
import type { Request } from "./request.js";

/** Longer ones are rare, and have bytes of their own. */
const MAX_HEADERS = 4096;

/** @param cookie undefined where nobody is to have one: a click on an image then leads to the campaign's page */
export function recordedForms(
  settings: FormSettings,
  recorder: DecisionRecorder,
  cookie: CookieSettings | undefined,
): Forms {
  return {
    campaign: new RecordedPages(settings, recorder),
    banner: new RecordedRedirects(settings, recorder, cookie),
    "banner.json": new RecordedJson(settings, recorder),
  };
}

class RecordedJson extends JsonDecisions {
  readonly #catalog: Catalog;
  readonly #recorder: DecisionRecorder;
  readonly #clickBase: string;

  constructor(settings: FormSettings, recorder: DecisionRecorder) {
    super(settings, false);
    this.#catalog = settings.catalog;
    this.#recorder = recorder;
    this.#clickBase = JSON.stringify(recorder.clickBase).slice(1, -1);
  }

  override respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const { cell, banner } = decision;
    const recorder = this.#recorder;
    const isRecorded = recorder.records(request);
    const campaignId = this.#catalog.cells.campaignOf(cell);
    const bannerId = this.#catalog.index.bannerIds[banner]!;
    if (isRecorded) recorder.record(decision, campaignId, bannerId);
    let link = "";
    if (this.#catalog.hasLink(banner)) {
      const id = isRecorded ? recorder.idFor(decision, campaignId, bannerId) : "";
      link = `,"link":"${this.#clickBase}${clickPath(decision.campaign, String(bannerId), id)}"`;
    }
    this.write(decision, link, reply);
  }
}

/** An image has no link: a cookie tells the click of which decision it is. */
class RecordedRedirects extends Redirects {
  readonly #catalog: Catalog;
  readonly #recorder: DecisionRecorder;
  readonly #cookie: DecisionCookie | undefined;

  constructor(settings: FormSettings, recorder: DecisionRecorder, cookie: CookieSettings | undefined) {
    super(settings);
    this.#catalog = settings.catalog;
    this.#recorder = recorder;
    this.#cookie = cookie && new DecisionCookie(cookieEnd({ ...cookie, maxAge: recorder.clickMaxAge }), recorder);
  }

  override respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const isRecorded = this.#recorder.records(request);
    const campaignId = this.#catalog.cells.campaignOf(decision.cell);
    const bannerId = this.#catalog.index.bannerIds[decision.banner]!;
    if (isRecorded) this.#recorder.record(decision, campaignId, bannerId);
    super.respond(decision, request, reply);
    if (this.#cookie !== undefined)
      reply.headers = this.#cookie.addTo(reply.headers, decision, campaignId, bannerId, isRecorded);
  }
}

/** Adds the cookie to header blocks, in one buffer for all requests, so that none allocates. */
class DecisionCookie {
  readonly #recorder: DecisionRecorder;
  readonly #name: Uint8Array;
  readonly #path: Uint8Array;
  readonly #end: Uint8Array;
  readonly #bytes = new Uint8Array(MAX_HEADERS);
  readonly #shared = new DataView(this.#bytes.buffer);
  readonly #views = Array<Uint8Array | undefined>(MAX_HEADERS + 1).fill(undefined);

  constructor(end: string, recorder: DecisionRecorder) {
    this.#recorder = recorder;
    const [name = "", path = "", last = ""] = `\r\nSet-Cookie: ${clickCookie(CUT)}${end}`.split(CUT);
    this.#name = Buffer.from(name);
    this.#path = Buffer.from(path);
    this.#end = Buffer.from(last);
  }

  /** Valid until the next call. */
  addTo(
    headers: Uint8Array,
    decision: Readonly<Decision>,
    campaignId: number,
    bannerId: number,
    isRecorded: boolean,
  ): Uint8Array {
    const { campaign } = decision;
    const banner = String(bannerId);
    const bannerAt = headers.length + this.#name.length;
    const decisionAt = bannerAt + banner.length + SEPARATOR.length;
    const pathAt = decisionAt + (isRecorded ? ID_DIGITS : 0);
    const campaignAt = pathAt + this.#path.length;
    const endAt = campaignAt + campaign.length;
    const length = endAt + this.#end.length;
    const isShared = length <= MAX_HEADERS;
    const bytes = isShared ? this.#bytes : new Uint8Array(length);
    bytes.set(headers);
    bytes.set(this.#name, headers.length);
    writeDigits(banner, bytes, bannerAt);
    writeDigits(SEPARATOR, bytes, bannerAt + banner.length);
    if (isRecorded) {
      const view = isShared ? this.#shared : new DataView(bytes.buffer);
      this.#recorder.writeId(decision, campaignId, bannerId, view, decisionAt);
    }
    bytes.set(this.#path, pathAt);
    writeDigits(campaign, bytes, campaignAt);
    bytes.set(this.#end, endAt);
    return isShared ? (this.#views[length] ??= bytes.subarray(0, length)) : bytes;
  }
}
