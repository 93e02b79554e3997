/** Judges responses by the rules of the wire, without the server's code, whose errors it would share. */
import type { Clock } from "./clock.js";
import type { Outcome } from "./connection.js";
import type { Expectation, ExpectedCell } from "./expectation.js";
import { Repeats } from "./repeats.js";
import type { Response } from "./response-reader.js";
import type { Finding, Tally } from "./tally.js";
import type { Memory, Visit } from "./visitors.js";

const CONTENT_TYPE = "text/html; charset=utf-8";
const CONTENT_TYPE_LINE = /\r\ncontent-type: *([^\r]*)/i;
const SET_COOKIE_LINES = /\r\nset-cookie: *([^\r]*)/gi;
const IMAGE_TAG = /<img\s[^>]*>/i;
const SOURCE = /\ssrc="(?:[^"?#]*\/)?image_([1-9]\d*)\.(?:png|jpe?g|webp|avif|gif|svg)(?:\?[^"]*)?"/i;
/** A text of the banner's own, or its id. */
const ALTERNATIVE = /\salt="(?!Banner \d+")[^"]+"|\salt="Banner ([1-9]\d*)"/i;
/** Leads to the click of a recorded decision. */
const RECORDED_LINK = /\shref="[^"]*\/click\/[1-9]\d*\?d=[0-9a-f]{32}"/;
const COOKIE_NAME = "last_banner=";
/** The banner, and behind it those before it in a sequence. */
const COOKIE_VALUE = /^last_banner=(([1-9]\d*)(?:-[1-9]\d*){0,9}) *(?:;|$)/;
const COOKIE_PATH = /; *path=([^;]*)/i;

export type Judged = Pick<Response, "status" | "headers" | "body">;

export class Judge {
  readonly #tally: Tally;
  readonly #clock: Clock;
  readonly #expectation: Expectation | undefined;
  readonly #repeats: Repeats;

  constructor(tally: Tally, clock: Clock, expectation?: Expectation) {
    this.#tally = tally;
    this.#clock = clock;
    this.#expectation = expectation;
    this.#repeats = new Repeats(tally);
  }

  settle(visit: Visit, outcome: Outcome): void {
    if (typeof outcome === "string") this.lost(visit, outcome);
    else this.responded(visit, outcome);
  }

  lost(visit: Visit, reason: string): void {
    this.#tally.lastEnd = this.#clock.steady();
    this.#tally.failed.add(reason, findingOf(visit, "no response", "status 200"));
  }

  responded(visit: Visit, { status, headers, body }: Judged): void {
    const end = this.#clock.steady();
    const receivedOn = this.#clock.date();
    this.#tally.lastEnd = end;
    this.#tally.addLatency(end - visit.since);
    this.#tally.bodyBytes += body.length;
    if (status !== 200) {
      this.#judgeStatus(visit, status, receivedOn);
      return;
    }
    const memory = visit.visitor.memoryOf(visit.campaign);
    const [, contentType = ""] = CONTENT_TYPE_LINE.exec(headers) ?? [];
    if (contentType !== CONTENT_TYPE) this.#violated("content type", visit, contentType || "none", CONTENT_TYPE);
    const banner = this.#judgePage(visit, body.toString());
    const setCookies = Array.from(headers.matchAll(SET_COOKIE_LINES), ([, value]) => value!);
    this.#judgeCookie(visit, setCookies, banner, memory);
    if (banner !== 0) this.#judgeBanner(visit, banner, banner === memory.banner, receivedOn);
    memory.banner = banner;
  }

  finish(): void {
    this.#repeats.settle();
  }

  #violated(kind: string, visit: Visit, got: string, expected: string): void {
    this.#tally.violations.add(kind, findingOf(visit, got, expected));
  }

  #judgeStatus(visit: Visit, status: number, receivedOn: number): void {
    const moments = [visit.sentOn, receivedOn];
    const isKnown = moments.every((moment) => this.#expectation?.cellAt(moment, visit.campaign) !== undefined);
    if (status === 404 && this.#expectation !== undefined && !isKnown) return;
    this.#tally.failed.add(`status ${status}`, findingOf(visit, `status ${status}`, "status 200"));
  }

  #judgePage(visit: Visit, body: string): number {
    const tag = IMAGE_TAG.exec(body)?.[0] ?? "";
    const banner = Number(SOURCE.exec(tag)?.[1] ?? 0);
    const alternative = ALTERNATIVE.exec(tag);
    if (RECORDED_LINK.test(body)) this.#tally.recorded++;
    if (banner !== 0 && alternative !== null && Number(alternative[1] ?? banner) === banner) return banner;
    const expected = '<img src="…image_{banner}.{ext}" alt="Banner {banner}">, or with a text of its own';
    this.#violated("page", visit, tag || `no <img> in ${JSON.stringify(body.slice(0, 60))}`, expected);
    return 0;
  }

  #judgeCookie(visit: Visit, setCookies: readonly string[], banner: number, memory: Memory): void {
    const cookies = setCookies.filter((cookie) => cookie.startsWith(COOKIE_NAME));
    const cookie = cookies[0] ?? "";
    const [, value = "", shown] = COOKIE_VALUE.exec(cookie) ?? [];
    const isOurs = COOKIE_PATH.exec(cookie)?.[1]?.trim() === `/campaigns/${visit.campaign}` && value !== "";
    // A browser would send a cookie of another path to other addresses than this campaign's.
    if (isOurs) memory.cookie = COOKIE_NAME + value;
    if (isOurs && cookies.length === 1 && (Number(shown) === banner || banner === 0)) return;
    const expected = `${COOKIE_NAME}${banner || "{banner}"}; Path=/campaigns/${visit.campaign}`;
    this.#violated("cookie", visit, cookies.join(" and ") || `no ${COOKIE_NAME}`, expected);
  }

  #judgeBanner(visit: Visit, banner: number, isRepeat: boolean, receivedOn: number): void {
    const { campaign, sentOn } = visit;
    if (this.#expectation === undefined) {
      this.#repeats.note(campaign, banner, sentOn, receivedOn, isRepeat ? repeatOf(visit, banner) : undefined);
      return;
    }
    // At the change of a period, the server may have been in either.
    const first = this.#expectation.cellAt(sentOn, campaign);
    const second = this.#expectation.cellAt(receivedOn, campaign);
    if (mayShow(first, banner, isRepeat) || mayShow(second, banner, isRepeat)) return;
    if (mayShow(first, banner, false) || mayShow(second, banner, false))
      this.#tally.violations.add("repeat", repeatOf(visit, banner));
    else this.#violated("banner", visit, `banner ${banner}`, describe(first ?? second));
  }
}

function mayShow(cell: ExpectedCell | undefined, banner: number, isRepeat: boolean): boolean {
  return cell !== undefined && cell.banners.has(banner) && (!isRepeat || cell.single);
}

function describe(cell: ExpectedCell | undefined): string {
  return cell === undefined ? "status 404: no such campaign in this period" : `one of ${[...cell.banners].join(", ")}`;
}

function findingOf({ visitor, campaign }: Visit, got: string, expected: string): Finding {
  return { campaign, visitor: visitor.number, got, expected };
}

function repeatOf(visit: Visit, banner: number): Finding {
  return findingOf(visit, `banner ${banner} twice in a row`, "another banner");
}
