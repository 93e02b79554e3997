/** Embeds the images of banners as `data:` addresses, within bounds, so that the report page needs no other file. */
import type { Catalog } from "../../src/index/catalog.js";
import { IMAGE_TYPES, MEDIA_TYPES } from "../../src/index/sections.js";
import type { PageData, Thumbnails } from "./page-data.js";

/** Of one image, and of all together, before Base64. */
const MAX_BYTES = 64 * 1024;
const MAX_TOTAL_BYTES = 24 * 1024 * 1024;

export interface ReportThumbnails {
  readonly thumbnails: Thumbnails;
  readonly leftOut: PageData["images_left_out"];
}

/** @param banners indexes in `bannerIds`; the first have precedence */
export function reportThumbnails(catalog: Catalog, banners: readonly number[]): ReportThumbnails {
  const { index } = catalog;
  const thumbnails: Record<string, string> = {};
  let tooLarge = 0;
  let beyondTotal = 0;
  let total = 0;
  for (const banner of banners) {
    const bytes = catalog.imageOf(banner);
    if (bytes.length > MAX_BYTES) tooLarge++;
    else if (total + bytes.length > MAX_TOTAL_BYTES) beyondTotal++;
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
      max_bytes: MAX_BYTES,
      max_total_bytes: MAX_TOTAL_BYTES,
    },
  };
}
