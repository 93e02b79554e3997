/** Reads and writes the cookie by which a visitor remembers the banners of one campaign. */
import type { VisitHistory } from "../decision/history.js";
import { headerBlock } from "./reply.js";
import type { Request } from "./request.js";

const NAME = "last_banner=";

/** Each campaign has its own cookie: `/campaigns/1` does not match `/campaigns/10` (RFC 6265, section 5.1.4). */
const PATH = "; Path=/campaigns/";

const SEMICOLON = 0x3b;
const SPACE = 0x20;
const TAB = 0x09;

export const SAME_SITE = ["Lax", "Strict", "None"] as const;

export interface CookieSettings {
  /** Seconds. */
  readonly maxAge: number;
  readonly secure: boolean;
  readonly sameSite: (typeof SAME_SITE)[number];
}

/** Fills `history` from the request's cookies. Where several are ours, the first that is well-formed counts. */
export function readCookies(request: Pick<Request, "getHeader" | "forEach">, history: VisitHistory): void {
  history.count = 0;
  const first = request.getHeader("cookie");
  if (first === "") return;
  let isRead = readCookie(first, history);
  // HTTP/2 lets a client split its cookies over several lines (RFC 9113, section 8.2.3), which a proxy may pass on.
  if (!isRead)
    request.forEach((name, value) => {
      if (name === "cookie" && !isRead) isRead = readCookie(value, history);
    });
}

/** False, with an empty history, where nothing in the header (RFC 6265, section 4.2.1) is ours. */
export function readCookie(header: string, history: VisitHistory): boolean {
  for (let at = header.indexOf(NAME); at !== -1; at = header.indexOf(NAME, at + 1))
    if (startsPair(header, at) && history.read(header, at + NAME.length, endOfValue(header, at))) return true;
  return false;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function startsPair(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isBlank(header.charCodeAt(before))) before--;
  return before < 0 || header.charCodeAt(before) === SEMICOLON;
}

function endOfValue(header: string, at: number): number {
  const semicolon = header.indexOf(";", at);
  let end = semicolon === -1 ? header.length : semicolon;
  while (isBlank(header.charCodeAt(end - 1))) end--;
  return end;
}

export function cookieEnd({ maxAge, secure, sameSite }: CookieSettings): string {
  // SameSite=None needs Secure (RFC 6265bis, section 5.7) and, in more and more browsers, Partitioned (CHIPS).
  const isForAll = sameSite === "None";
  const flags = `${secure || isForAll ? "; Secure" : ""}${isForAll ? "; Partitioned" : ""}`;
  return `; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${flags}`;
}

/** `banners` is the one shown and what is remembered behind it: `371` or `371-5-88`. */
export function setCookie(banners: string, campaign: string, end: string): string {
  return NAME + banners + PATH + campaign + end;
}

/** No two visitors get the same decision. */
export const DECISION_CACHING = "private, no-store";

/** An id has at most ten digits. */
const DIGITS = 11;

/** What the engine needs for a `DecisionHeaders` with its list, and for a block without its bytes. */
const OBJECT_BYTES = 1200;
const BLOCK_BYTES = 150;

export class DecisionHeaders {
  /** The whole block where there is no cookie; else up to its value. */
  readonly #start: Uint8Array;
  readonly #cookieEnd: string | undefined;
  /** By the numbers of digits of banner and campaign: blocks with the digits of the last request. */
  readonly #blocks: Uint8Array[] = [];
  #bytes: number;

  /** `cookieEnd` is undefined where no cookie is set. */
  constructor(lines: Parameters<typeof headerBlock>, cookieEnd: string | undefined) {
    this.#start = headerBlock(...lines, ...(cookieEnd === undefined ? [] : ["Set-Cookie: "]));
    this.#cookieEnd = cookieEnd;
    this.#bytes = OBJECT_BYTES + BLOCK_BYTES + this.#start.length;
  }

  /** Of memory: more with each block that is kept, of which there are a hundred at most. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Valid until the next call: a new block for each request took 4 % of its processor time (docs/performance.md). */
  for(banner: string, earlier: string, campaign: string): Uint8Array {
    if (this.#cookieEnd === undefined) return this.#start;
    if (earlier !== "") return this.#block(banner + earlier, campaign, this.#cookieEnd);
    const key = banner.length * DIGITS + campaign.length;
    const block = (this.#blocks[key] ??= this.#keptBlock(banner, campaign, this.#cookieEnd));
    const bannerAt = this.#start.length + NAME.length;
    writeDigits(banner, block, bannerAt);
    writeDigits(campaign, block, bannerAt + banner.length + PATH.length);
    return block;
  }

  #keptBlock(banner: string, campaign: string, end: string): Uint8Array {
    const block = this.#block(banner, campaign, end);
    this.#bytes += BLOCK_BYTES + block.length;
    return block;
  }

  #block(banners: string, campaign: string, end: string): Uint8Array {
    return Buffer.concat([this.#start, Buffer.from(setCookie(banners, campaign, end), "latin1")]);
  }
}

export function writeDigits(digits: string, bytes: Uint8Array, start: number): void {
  for (let at = 0; at < digits.length; at++) bytes[start + at] = digits.charCodeAt(at);
}
