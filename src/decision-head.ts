/** The head of the answers that show one banner: ready, but for what its cookie says of the campaign and of earlier banners. */
import { COOKIE_PATH, cookieStart } from "./cookie.js";
import { headOf } from "./ready-answer.js";

export class DecisionHead {
  /** All of it where there is no cookie; else up to the banner in it. */
  readonly #start: Uint8Array;
  readonly #cookieEnd: string | undefined;
  /** By the number of the campaign's digits, which are the last request's. */
  readonly #heads: Uint8Array[] = [];
  /** The one of them that was used last: of most banners there is no other, and so nothing more is read from memory. */
  #latest: Uint8Array = new Uint8Array(0);
  #latestDigits = 0;
  /** Where in these the digits are. */
  readonly #digits: number;

  /**
   * @param head its lines, as `headOf` takes them
   * @param cookieEnd what follows the campaign in the cookie; undefined where there is none
   */
  constructor(banner: number, head: Parameters<typeof headOf>, cookieEnd: string | undefined) {
    this.#start = headOf(...head, ...(cookieEnd === undefined ? [] : [`Set-Cookie: ${cookieStart(banner)}`]));
    this.#digits = this.#start.length + COOKIE_PATH.length;
    this.#cookieEnd = cookieEnd;
  }

  /**
   * Writes the campaign into bytes that stay, where another decision is for one of as many digits: to put the head together anew, and
   * have the library make bytes of it, took 4 % of a request's processor time (docs/performance.md).
   * @param rest what the cookie holds behind the banner
   * @param campaign its id
   * @returns bytes that hold until the next call
   */
  for(rest: string, campaign: string): Uint8Array {
    if (this.#cookieEnd === undefined) return this.#start;
    if (rest !== "") return this.#whole(rest, campaign);
    if (campaign.length !== this.#latestDigits) {
      this.#latestDigits = campaign.length;
      this.#latest = this.#heads[campaign.length] ??= this.#whole(rest, campaign);
    }
    const head = this.#latest;
    for (let at = 0; at < campaign.length; at++) head[this.#digits + at] = campaign.charCodeAt(at);
    return head;
  }

  #whole(rest: string, campaign: string): Uint8Array {
    const end = rest + COOKIE_PATH + campaign + this.#cookieEnd!;
    const head = Buffer.allocUnsafe(this.#start.length + end.length);
    head.set(this.#start);
    head.write(end, this.#start.length, "latin1");
    return head;
  }
}
