/** Look-ups in a decoded index. None takes longer in a larger index, and none that a decision needs allocates. */
import { findCell } from "./cells.js";
import { findId, slotCount } from "./id-table.js";
import type { Index } from "./format.js";

export { NONE } from "./cells.js";

export class Catalog {
  /** How many a period has in the tables of cells. */
  readonly #slots: number;

  constructor(readonly index: Index) {
    this.#slots = slotCount(index.counts.campaigns);
  }

  /** The cell of a campaign in a period, from 1 to the index's last, or NONE where the campaign is unknown in it. */
  cellOf(campaign: number, period: number): number {
    return findCell(this.index.cells, this.#slots, campaign, period);
  }

  /** The place of a banner id among the index's banners, or NONE. */
  bannerOf(id: number): number {
    return findId(id, this.index.bannerIds, this.index.bannerSlots);
  }

  /** A banner's image: a view on the index. */
  imageOf(banner: number): Uint8Array {
    const { images, imageStart } = this.index;
    return images.subarray(imageStart[banner], imageStart[banner + 1]);
  }

  /** A banner's alternative text, or "". */
  altOf(banner: number): string {
    return this.#textAt(2 * banner);
  }

  /** The address that a banner leads to, or "". */
  linkOf(banner: number): string {
    return this.#textAt(2 * banner + 1);
  }

  #textAt(place: number): string {
    const { texts, textStart } = this.index;
    const start = textStart[place]!;
    return Buffer.from(texts.buffer, texts.byteOffset + start, textStart[place + 1]! - start).toString();
  }
}
