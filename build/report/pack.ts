/** Packs campaigns and banners of an index for the report page. */
import { NONE, type Catalog } from "../../src/index/catalog.js";
import type { IndexChange } from "../../src/view/change/index-change.js";
import type { PackedBanner, PackedCampaign } from "./packed.js";

/** Calls for each of its banners, in each cell again, with the index in `bannerIds`. */
export function packCampaign(
  catalog: Catalog,
  campaign: number,
  change: IndexChange,
  onBanner: (banner: number) => void,
): PackedCampaign {
  const cells = Array.from({ length: catalog.index.counts.periods }, (_, at) => {
    const cell = catalog.cellOf(campaign, at + 1);
    if (cell === NONE) return 0;
    const packed = packCell(catalog, cell, onBanner);
    const own = change.cellChange(campaign, at + 1);
    return own ? ([...packed, own] as const) : packed;
  });
  return [campaign, catalog.nameOf(campaign), ...cells];
}

function packCell(
  { cells, index }: Catalog,
  cell: number,
  onBanner: (banner: number) => void,
): readonly [number, number, number, (number | string)[]] {
  const { entryBanner, entryRevenue, entryConversions, entryClicks, entryImpressions, bannerIds } = index;
  const entries: (number | string)[] = [];
  for (let entry = cells.startOf(cell); entry < cells.endOf(cell); entry++) {
    const banner = entryBanner[entry]!;
    const millionths = Number(entryRevenue[entry]);
    const exact = Number.isSafeInteger(millionths) ? millionths : String(entryRevenue[entry]);
    entries.push(bannerIds[banner]!, exact);
    entries.push(entryConversions[entry]!, entryClicks[entry]!, entryImpressions[entry]!);
    onBanner(banner);
  }
  return [cells.ruleOf(cell), cells.fixedOf(cell), cells.randomOf(cell), entries];
}

/** @param banner index in `bannerIds` @param image place in the page's images, or -1 */
export function packBanner(catalog: Catalog, banner: number, image: number): PackedBanner {
  const { bannerIds, imageWidth, imageHeight } = catalog.index;
  const size = [imageWidth[banner]!, imageHeight[banner]!] as const;
  return [bannerIds[banner]!, catalog.altOf(banner), catalog.linkOf(banner), image, ...size];
}
