/** The cookie by which a visitor remembers the last banner of one campaign. */

import { readId } from "./read-id.js";

const NAME = "last_banner=";

const SEMICOLON = 0x3b;
const SPACE = 0x20;
const TAB = 0x09;

/** The headers of a request, as uWebSockets.js hands them out. */
export interface RequestHeaders {
  /** The first header of this name, or "". */
  getHeader(lowerCaseName: string): string;
  forEach(each: (lowerCaseName: string, value: string) => void): void;
}

/** The banner id that the request's cookies name, or 0. Where several do, the first counts. */
export function lastBannerOf(headers: RequestHeaders): number {
  const first = headers.getHeader("cookie");
  if (first === "") return 0;
  let banner = readLastBanner(first);
  // HTTP/2 lets a client split its cookies over several lines (RFC 9113, section 8.2.3), and a proxy may pass them on so.
  if (banner === 0)
    headers.forEach((name, value) => {
      if (name === "cookie" && banner === 0) banner = readLastBanner(value);
    });
  return banner;
}

/**
 * The banner id in one Cookie header (RFC 6265, section 4.2.1), or 0. A value that is not a banner id is as if absent.
 */
export function readLastBanner(header: string): number {
  for (let at = header.indexOf(NAME); at !== -1; at = header.indexOf(NAME, at + 1)) {
    if (!startsPair(header, at)) continue;
    const banner = readId(header, at + NAME.length, endOfValue(header, at));
    if (banner !== 0) return banner;
  }
  return 0;
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

/**
 * The Set-Cookie value of a decision is this, then the campaign id, then `cookieEnd`. Its path is the campaign's address, so that
 * each campaign has a cookie of its own and a browser sends only that one (RFC 6265, section 5.1.4: `/campaigns/1` does not match
 * `/campaigns/10`).
 */
export function cookieStart(banner: number): string {
  return `${NAME}${banner}; Path=/campaigns/`;
}

export const SAME_SITE = ["Lax", "Strict", "None"] as const;

export interface CookieSettings {
  /** Seconds. */
  readonly maxAge: number;
  readonly secure: boolean;
  readonly sameSite: (typeof SAME_SITE)[number];
}

/** What follows the campaign id, the same in every answer. */
export function cookieEnd({ maxAge, secure, sameSite }: CookieSettings): string {
  // Browsers drop a cookie for other sites' pages that is not Secure (RFC 6265bis, section 5.7), and more and more of them one that is
  // not kept apart by the site that embeds it (CHIPS).
  const isForAll = sameSite === "None";
  const flags = `${secure || isForAll ? "; Secure" : ""}${isForAll ? "; Partitioned" : ""}`;
  return `; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${flags}`;
}
