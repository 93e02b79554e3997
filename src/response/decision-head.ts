/** The head of decisions: ready, but for what its cookie says of the banner, of the campaign and of earlier banners. */
import { COOKIE_PATH, COOKIE_START } from "./cookie.js";
import { headOf } from "./ready-answer.js";

/** More than an id has digits. */
const DIGITS = 11;

export class DecisionHead {
  /** All of it where there is no cookie; else up to the banner in it. */
  readonly #start: Uint8Array;
  readonly #cookieEnd: string | undefined;
  /** By the numbers of digits of the banner and of the campaign, which are those of the last request. */
  readonly #heads: Uint8Array[] = [];

  /**
   * @param head its lines, as `headOf` takes them
   * @param cookieEnd what follows the campaign in the cookie; undefined where there is none
   */
  constructor(head: Parameters<typeof headOf>, cookieEnd: string | undefined) {
    this.#start = headOf(...head, ...(cookieEnd === undefined ? [] : [`Set-Cookie: ${COOKIE_START}`]));
    this.#cookieEnd = cookieEnd;
  }

  /**
   * Writes the ids into bytes that stay, where another decision is for ids of as many digits: to put the head together anew, and have
   * the library make bytes of it, took 4 % of a request's processor time (docs/performance.md).
   * @param banner its id
   * @param rest what the cookie holds behind the banner
   * @param campaign its id
   * @returns bytes that hold until the next call
   */
  for(banner: string, rest: string, campaign: string): Uint8Array {
    if (this.#cookieEnd === undefined) return this.#start;
    if (rest !== "") return this.#whole(banner, rest, campaign);
    const head = (this.#heads[banner.length * DIGITS + campaign.length] ??= this.#whole(banner, rest, campaign));
    const bannerAt = this.#start.length;
    write(banner, head, bannerAt);
    write(campaign, head, bannerAt + banner.length + COOKIE_PATH.length);
    return head;
  }

  #whole(banner: string, rest: string, campaign: string): Uint8Array {
    const end = banner + rest + COOKIE_PATH + campaign + this.#cookieEnd!;
    const head = Buffer.allocUnsafe(this.#start.length + end.length);
    head.set(this.#start);
    head.write(end, this.#start.length, "latin1");
    return head;
  }
}

function write(digits: string, bytes: Uint8Array, start: number): void {
  for (let at = 0; at < digits.length; at++) bytes[start + at] = digits.charCodeAt(at);
}
