/** Answers that are ready before they are asked for. */

/** One answer; many requests share it. */
export interface Answer {
  readonly status: string;
  /** What it is counted as: a place in the counters. */
  readonly series: number;
  /** All its headers as they go over the wire, from the value of Cache-Control on, which every answer has first. */
  readonly headerLines: string;
  readonly body: string | Uint8Array;
}

/** A browser must take the type as it is told, and not guess another by the bytes. */
export const NO_SNIFFING = "X-Content-Type-Options: nosniff";

/** See `Answer`: one string for all headers, since each that is written on its own is a crossing into the library. */
export function lines(cacheControl: string, ...others: readonly string[]): string {
  return [cacheControl, ...others].join("\r\n");
}

/** What clients may keep, and the answers that say so. */
export interface CachedAnswer {
  readonly etag: string;
  readonly whole: Answer;
  /** For a client that has it. */
  readonly unmodified: Answer;
}

export interface Cached {
  readonly body: string | Uint8Array;
  /** Strong, with its quotes. */
  readonly etag: string;
  /** The value of Cache-Control. */
  readonly caching: string;
  /** Further headers. */
  readonly lines: readonly string[];
  /** What the answers are counted as. */
  readonly series: number;
  readonly unmodified: number;
}

export function cachedAnswer({ body, etag, caching, lines: others, series, unmodified }: Cached): CachedAnswer {
  // What a 304 must repeat, and all that it may (RFC 9110, section 15.4.5).
  const repeated = lines(caching, `ETag: ${etag}`);
  return {
    etag,
    whole: { status: "200 OK", series, headerLines: lines(repeated, ...others), body },
    unmodified: { status: "304 Not Modified", series: unmodified, headerLines: repeated, body: "" },
  };
}
