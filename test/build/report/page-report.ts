/** Report pages of data sets small enough to write down, and what is in a page. */
import { REJECT_KINDS, type RejectKind } from "../../../build/count/rejects.js";
import type { PageData, Thumbnails } from "../../../build/report/page-data.js";
import { reportPage } from "../../../build/report/page.js";
import type { BuildReport } from "../../../build/report/report.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode, type Index } from "../../../src/index/format.js";
import { totalLength } from "../../../src/index/pieces.js";

export const NO_REJECTS = Object.fromEntries(REJECT_KINDS.map((kind) => [kind, 0])) as Record<RejectKind, number>;

export const NO_REMARKS = {
  clicks_without_impression: 0,
  banners_without_image: [],
  mixed_sizes: { count: 0, first: [] },
  held_back: [],
  defaults_held_back: [],
  images: [],
  unreadable_images: [],
  unread_files: [],
  missing_kinds: [],
  difference: { result: "first" },
  findings: [],
} as const;

/** What a build reports that had nothing to remark. */
export function reportOf(index: Index, more: Partial<BuildReport> = {}): BuildReport {
  return {
    generation: index.generation,
    index_bytes: totalLength(index.parts),
    periods: index.counts.periods,
    files: [],
    rows: { read: 7, used: 7, rejected: NO_REJECTS },
    cells_by_rule: { "top-10": 0, "top-x": 0, "fill-by-clicks": 0, "by-clicks": 0, default: 0 },
    ...NO_REMARKS,
    ...more,
  };
}

export function pageOf(bytes: Uint8Array, more: Partial<BuildReport> = {}): string {
  const index = decode(bytes);
  return reportPage(reportOf(index, more), new Catalog(index));
}

export function dataOf(page: string): PageData {
  return embedded(page, "report-data") as PageData;
}

export function thumbnailsOf(page: string): Thumbnails {
  return embedded(page, "thumbnails") as Thumbnails;
}

function embedded(page: string, id: string): unknown {
  const start = `<script type="application/json" id="${id}">`;
  const from = page.indexOf(start) + start.length;
  return JSON.parse(page.slice(from, page.indexOf("</script>", from)));
}
