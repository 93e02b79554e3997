/** Looks up cells, banners, images and texts in a decoded index. No look-up takes longer in a larger index. */
import { CellTable } from "./cells.js";
import type { Index } from "./format.js";
import { findId } from "./id-table.js";
import { lowerBound } from "./ids.js";
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
    let low = start;
    let high = this.cells.endOf(cell);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entryConversions[middle] !== 0) low = middle + 1;
      else high = middle;
    }
    return low - start;
  }

  /** The share of its decisions that draw from all its banners; a cell of one has nothing to explore. */
  explorationOf(cell: number): number {
    return this.cells.sizeOf(cell) > 1 ? this.index.exploration : 0;
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
    return textAt(this.index.texts, this.index.textStart, 2 * banner);
  }

  linkOf(banner: number): string {
    return textAt(this.index.texts, this.index.textStart, 2 * banner + 1);
  }

  hasLink(banner: number): boolean {
    const { textStart } = this.index;
    return textStart[2 * banner + 2]! > textStart[2 * banner + 1]!;
  }

  /** "" where the campaign has no name, or is not in the index. */
  nameOf(campaign: number): string {
    const { campaignIds } = this.index;
    const at = lowerBound(campaignIds, campaign);
    return campaignIds[at] === campaign ? this.nameAt(at) : "";
  }

  /** @param campaign the index in `campaignIds` */
  nameAt(campaign: number): string {
    return textAt(this.index.names, this.index.nameStart, campaign);
  }
}

function textAt(texts: Uint8Array, textStart: Uint32Array, text: number): string {
  const start = textStart[text]!;
  return Buffer.from(texts.buffer, texts.byteOffset + start, textStart[text + 1]! - start).toString();
}
