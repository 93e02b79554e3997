/** Look-ups in a decoded index. None allocates, and none takes longer in a larger index. */
import { findId } from "./id-table.js";
import type { Index } from "./index-format.js";

/** What stands for "there is none" where a number is answered. */
export const NONE = -1;

export class Catalog {
  constructor(readonly index: Index) {}

  /** The cell of a campaign in a period (from 1), or NONE where the campaign is unknown in it. */
  cellOf(campaign: number, period: number): number {
    const { campaignIds, campaignSlots, cellStart, counts } = this.index;
    const place = findId(campaign, campaignIds, campaignSlots);
    if (place === NONE) return NONE;
    const cell = place * counts.periods + period - 1;
    return cellStart[cell] === cellStart[cell + 1] ? NONE : cell;
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
}
