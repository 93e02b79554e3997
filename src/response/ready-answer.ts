/** Answers that are ready before they are asked for. */

/** One answer; many requests share it. */
export interface Answer {
  /** What it is counted as: a place in the counters. */
  readonly series: number;
  /** See `headOf`. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** A browser must take the type as it is told, and not guess another by the bytes. */
export const NO_SNIFFING = "X-Content-Type-Options: nosniff";

/**
 * The status and the header lines as they go over the wire, from behind `HTTP/1.1 ` to before the last line's end. In one piece, since
 * each header that is written on its own is a crossing into the library, and in bytes, which it need not make out of a text first.
 * @param status such as `200 OK`
 * @param caching the value of Cache-Control, which every answer has
 */
export function headOf(status: string, caching: string, ...others: readonly string[]): Uint8Array {
  return Buffer.from([status, `Cache-Control: ${caching}`, ...others].join("\r\n"), "latin1");
}

/** What clients may keep, and the answers that say so. */
export interface CachedAnswer {
  readonly etag: string;
  readonly whole: Answer;
  /** For a client that has it. */
  readonly unmodified: Answer;
}

export interface Cached {
  readonly body: Uint8Array;
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

export const NO_BODY = new Uint8Array(0);

export function cachedAnswer({ body, etag, caching, lines, series, unmodified }: Cached): CachedAnswer {
  const tag = `ETag: ${etag}`;
  return {
    etag,
    whole: { series, head: headOf("200 OK", caching, tag, ...lines), body },
    // What a 304 must repeat, and all that it may (RFC 9110, section 15.4.5).
    unmodified: { series: unmodified, head: headOf("304 Not Modified", caching, tag), body: NO_BODY },
  };
}
