/** Builds replies: a header block, a body, and what they are counted as; and tells whether a client has one already. */
import type { Request } from "./request.js";

/** A worker reuses one object for all requests, so that none allocates. */
export interface Reply {
  series: number;
  /** See `headerBlock`; valid until the next request. */
  headers: Uint8Array;
  /** Valid until the next request, unless longer than MAX_SHARED_PAGE. A 304 and HEAD send its length alone. */
  body: string | Uint8Array;
}

export type ReadyReply = Readonly<Reply>;

export interface CacheableReply {
  /** Strong, in quotes. */
  readonly etag: string;
  readonly full: ReadyReply;
  readonly notModified: ReadyReply;
}

export const NO_BODY = new Uint8Array(0);

/** Browsers must not guess another type by the bytes. */
export const NO_SNIFF = "X-Content-Type-Options: nosniff";

/** On all that other sites embed: those that isolate themselves (COEP) take nothing else. */
export const FOR_ALL_SITES = "Cross-Origin-Resource-Policy: cross-origin";

/** What follows `HTTP/1.1 `, in one piece, since each header written on its own is a call into the library. */
export function headerBlock(status: string, cacheControl: string, ...lines: readonly string[]): Uint8Array {
  return Buffer.from([status, `Cache-Control: ${cacheControl}`, ...lines].join("\r\n"), "latin1");
}

export function cacheableReply(
  body: Uint8Array,
  etag: string,
  cacheControl: string,
  lines: readonly string[],
  series: { readonly full: number; readonly notModified: number },
  linesOfBoth: readonly string[] = [],
): CacheableReply {
  const both = [`ETag: ${etag}`, ...linesOfBoth];
  return {
    etag,
    full: { series: series.full, headers: headerBlock("200 OK", cacheControl, ...both, ...lines), body },
    // What a 304 must repeat, and all that it may of what describes the content (RFC 9110, section 15.4.5).
    notModified: {
      series: series.notModified,
      headers: headerBlock("304 Not Modified", cacheControl, ...both),
      body,
    },
  };
}

export function unlessCurrent(reply: CacheableReply, request: Pick<Request, "getHeader" | "forEach">): ReadyReply {
  return isCurrent(reply.etag, request) ? reply.notModified : reply.full;
}

/** If-None-Match may be a list, and come in several lines (RFC 9110, section 5.3). */
function isCurrent(etag: string, request: Pick<Request, "getHeader" | "forEach">): boolean {
  const first = request.getHeader("if-none-match");
  if (first === "") return false;
  let isNamed = names(first, etag);
  if (!isNamed)
    request.forEach((name, value) => {
      isNamed ||= name === "if-none-match" && names(value, etag);
    });
  return isNamed;
}

/** By weak comparison (RFC 9110, section 13.1.2); no tag of ours holds a comma or is part of another. */
function names(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.trim() === "*" || ifNoneMatch.includes(etag);
}
