/** Looks up cells, banners, images and texts in a decoded index. No look-up takes longer in a larger index. */
import { CellTable } from "./cells.js";
import type { Index } from "./format.js";
import { findId } from "./id-table.js";
import { IMAGE_DIGEST_LENGTH } from "./sections.js";

export { NONE } from "./cells.js";

export class Catalog {
  readonly cells: CellTable;

  constructor(readonly index: Index) {
    this.cells = new CellTable(index.cells, index.counts.campaigns);
  }

  /** NONE where the campaign is unknown in the period; periods count from 1. */
  cellOf(campaign: number, period: number): number {
    return this.cells.find(campaign, period);
  }

  /** X: the banners of a cell that have a conversion, which are the first of its entries. */
  xOf(cell: number): number {
    const { entryConversions } = this.index;
    const start = this.cells.startOf(cell);
    const end = this.cells.endOf(cell);
    let entry = start;
    while (entry < end && entryConversions[entry] !== 0) entry++;
    return entry - start;
  }

  /** The index in `bannerIds`, or NONE. */
  bannerOf(id: number): number {
    return findId(id, this.index.bannerIds, this.index.bannerSlots);
  }

  imageOf(banner: number): Uint8Array {
    const { images, imageStart } = this.index;
    return images.between(imageStart[banner]!, imageStart[banner + 1]!);
  }

  imageDigestOf(banner: number): string {
    const { buffer, byteOffset } = this.index.imageDigest;
    return Buffer.from(buffer, byteOffset + banner * IMAGE_DIGEST_LENGTH, IMAGE_DIGEST_LENGTH).toString("hex");
  }

  altOf(banner: number): string {
    return this.#textAt(2 * banner);
  }

  linkOf(banner: number): string {
    return this.#textAt(2 * banner + 1);
  }

  #textAt(text: number): string {
    const { texts, textStart } = this.index;
    const start = textStart[text]!;
    return Buffer.from(texts.buffer, texts.byteOffset + start, textStart[text + 1]! - start).toString();
  }
}
