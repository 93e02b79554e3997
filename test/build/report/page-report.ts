/** Report pages of data sets small enough to write down, and what is in a page. */
import { REJECT_KINDS, type RejectKind } from "../../../build/count/rejects.js";
import type { PackedCampaign } from "../../../build/report/packed.js";
import type { PageData } from "../../../build/report/page-data.js";
import { reportPage, type PageOptions } from "../../../build/report/page.js";
import type { BuildReport } from "../../../build/report/report.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode, type Index } from "../../../src/index/format.js";
import { totalLength } from "../../../src/index/pieces.js";
import { IndexChange } from "../../../src/view/change/index-change.js";
import type { Settings } from "../../../src/view/page-settings.js";

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

export const NO_CHANGE = new IndexChange({ result: "first" });

export function pageOf(
  bytes: Uint8Array,
  more: Partial<BuildReport> = {},
  options: Partial<PageOptions> = {},
): Promise<string> {
  return pageOfCatalog(new Catalog(decode(bytes)), more, options);
}

export function pageOfCatalog(
  catalog: Catalog,
  more: Partial<BuildReport> = {},
  options: Partial<PageOptions> = {},
): Promise<string> {
  return reportPage(reportOf(catalog.index, more), catalog, { change: NO_CHANGE, ...options });
}

export interface Contents {
  readonly settings: Settings;
  readonly data: PageData;
  readonly campaigns: readonly PackedCampaign[];
  readonly images: readonly string[];
}

/** As browsers read them. */
export function contentsOf(page: string): Contents {
  return {
    settings: embedded(page, "settings") as Settings,
    data: embedded(page, "report-data") as PageData,
    campaigns: embedded(page, "report-campaigns") as PackedCampaign[],
    images: embedded(page, "report-images") as string[],
  };
}

function embedded(page: string, id: string): unknown {
  const start = `<script type="application/json" id="${id}">`;
  const from = page.indexOf(start) + start.length;
  return JSON.parse(page.slice(from, page.indexOf("</script>", from)));
}
