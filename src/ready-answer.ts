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
