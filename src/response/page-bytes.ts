/** The page that is being answered: what all pages begin with stays in its bytes, and a banner's own part is put behind it. */
import { PAGE_START } from "./page.js";

/** A longer page has bytes of its own: the server may need them for longer than until the next request. */
export const MOST_SHARED = 16_384;

const START = Buffer.from(PAGE_START);

/**
 * With pages that are kept whole, a request takes 1.09 times the processor time where there are 10,000 banners, since those do not fit into
 * the processor's cache; with few banners there is no difference (docs/performance.md).
 */
export class PageBytes {
  readonly #bytes = new Uint8Array(MOST_SHARED);
  /** By their length. */
  readonly #pages: Uint8Array[] = [];

  constructor() {
    this.#bytes.set(START);
  }

  /**
   * @param end see `pageEnd`
   * @returns the whole page; up to MOST_SHARED bytes hold until the next call
   */
  endingIn(end: Uint8Array): Uint8Array {
    const length = START.length + end.length;
    if (length > MOST_SHARED) return Buffer.concat([START, end]);
    this.#bytes.set(end, START.length);
    return (this.#pages[length] ??= this.#bytes.subarray(0, length));
  }
}
