/** The cookie by which a visitor remembers the banners of one campaign. */

import type { Seen } from "../decision/history.js";

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

/** Has `seen` hold what the request's cookies tell. Where several do, the first counts. */
export function readCookies(headers: RequestHeaders, seen: Seen): void {
  seen.count = 0;
  const first = headers.getHeader("cookie");
  if (first === "") return;
  let isRead = readCookie(first, seen);
  // HTTP/2 lets a client split its cookies over several lines (RFC 9113, section 8.2.3), and a proxy may pass them on so.
  if (!isRead)
    headers.forEach((name, value) => {
      if (name === "cookie" && !isRead) isRead = readCookie(value, seen);
    });
}

/** One Cookie header (RFC 6265, section 4.2.1). A value that is none of ours is as if absent: then there is false, and nothing seen. */
export function readCookie(header: string, seen: Seen): boolean {
  for (let at = header.indexOf(NAME); at !== -1; at = header.indexOf(NAME, at + 1))
    if (startsPair(header, at) && seen.read(header, at + NAME.length, endOfValue(header, at))) return true;
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

/**
 * The Set-Cookie value of a decision is this, then the banner's id, what is remembered behind it, `COOKIE_PATH`, the campaign's id and
 * `cookieEnd`.
 */
export const COOKIE_START = NAME;

/**
 * The campaign's address, so that each campaign has a cookie of its own and a browser sends only that one (RFC 6265, section 5.1.4:
 * `/campaigns/1` does not match `/campaigns/10`).
 */
export const COOKIE_PATH = "; Path=/campaigns/";

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
