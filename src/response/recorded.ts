/** Shows decisions that are recorded: their links lead to the click, which leads on to the banner's own link. */
import type { Catalog } from "../index/catalog.js";
import type { DecisionRecorder } from "./decision-recorder.js";
import { clickCookie, clickPath } from "./clicks.js";
import { cookieEnd, type CookieSettings } from "./cookie.js";
import type { Decision, Forms, FormSettings } from "./decision.js";
import { JsonDecisions } from "./json.js";
import { RecordedPages } from "./recorded-page.js";
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
    const id = this.#catalog.index.bannerIds[banner]!;
    const isRecorded = this.#recorder.record(this.#catalog.cells.campaignOf(cell), id, decision, request);
    const path = clickPath(decision.campaign, String(id), isRecorded ? this.#recorder.digits : "");
    this.write(decision, this.#catalog.hasLink(banner) ? `,"link":"${this.#clickBase}${path}"` : "", reply);
  }
}

/** An image has no link: a cookie tells the click of which decision it is. */
class RecordedRedirects extends Redirects {
  readonly #catalog: Catalog;
  readonly #recorder: DecisionRecorder;
  readonly #cookieEnd: string | undefined;
  readonly #headers = new HeaderBuffer();

  constructor(settings: FormSettings, recorder: DecisionRecorder, cookie: CookieSettings | undefined) {
    super(settings);
    this.#catalog = settings.catalog;
    this.#recorder = recorder;
    this.#cookieEnd = cookie && cookieEnd({ ...cookie, maxAge: recorder.clickMaxAge });
  }

  override respond(decision: Readonly<Decision>, request: Request, reply: Reply): void {
    const { cell, banner, campaign } = decision;
    const id = this.#catalog.index.bannerIds[banner]!;
    const isRecorded = this.#recorder.record(this.#catalog.cells.campaignOf(cell), id, decision, request);
    super.respond(decision, request, reply);
    if (this.#cookieEnd === undefined) return;
    const cookie = clickCookie(campaign, id, isRecorded ? this.#recorder.digits : "") + this.#cookieEnd;
    reply.headers = this.#headers.with(reply.headers, `\r\nSet-Cookie: ${cookie}`);
  }
}

/** Adds a line to a header block, in one buffer for all requests: a new one each took a third of a request's time. */
class HeaderBuffer {
  readonly #bytes = Buffer.alloc(MAX_HEADERS);
  readonly #views: Uint8Array[] = [];

  /** @param line ASCII. Valid until the next call. */
  with(headers: Uint8Array, line: string): Uint8Array {
    const length = headers.length + line.length;
    if (length > MAX_HEADERS) return Buffer.concat([headers, Buffer.from(line, "latin1")]);
    this.#bytes.set(headers);
    this.#bytes.write(line, headers.length, "latin1");
    return (this.#views[length] ??= this.#bytes.subarray(0, length));
  }
}
