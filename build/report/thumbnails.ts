/** The images of banners to data: addresses, within bounds, so that the report page can be opened without anything beside it. */
import type { Catalog } from "../../src/index/catalog.js";
import { IMAGE_TYPES, MEDIA_TYPES } from "../../src/index/sections.js";
import type { PageData, Thumbnails } from "./browser/page-data.js";

/** The most bytes of one image, and of all images together, before they are written as text. */
const MOST_BYTES = 64 * 1024;
const MOST_BYTES_IN_ALL = 24 * 1024 * 1024;

export interface ReportThumbnails {
  readonly thumbnails: Thumbnails;
  readonly leftOut: PageData["images_left_out"];
}

/** @param banners places in `bannerIds`; the first have precedence */
export function reportThumbnails(catalog: Catalog, banners: readonly number[]): ReportThumbnails {
  const { index } = catalog;
  const thumbnails: Record<string, string> = {};
  let tooLarge = 0;
  let beyondTotal = 0;
  let total = 0;
  for (const banner of banners) {
    const bytes = catalog.imageOf(banner);
    if (bytes.length > MOST_BYTES) tooLarge++;
    else if (total + bytes.length > MOST_BYTES_IN_ALL) beyondTotal++;
    else {
      total += bytes.length;
      const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
      const mediaType = MEDIA_TYPES[IMAGE_TYPES[index.imageType[banner]!]!];
      thumbnails[index.bannerIds[banner]!] = `data:${mediaType};base64,${base64}`;
    }
  }
  return {
    thumbnails,
    leftOut: {
      too_large: tooLarge,
      beyond_total: beyondTotal,
      most_bytes: MOST_BYTES,
      most_bytes_in_all: MOST_BYTES_IN_ALL,
    },
  };
}
