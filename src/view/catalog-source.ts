/** Reads a table's columns from an index, as they lie there. */
import type { Catalog } from "../index/catalog.js";
import type { TableSource } from "./campaign-columns.js";

export function catalogSource(catalog: Catalog): TableSource {
  const { cells, index } = catalog;
  const { campaignIds, bannerIds, entryBanner, entryRevenue, entryConversions, entryClicks, entryImpressions } = index;
  return {
    generation: index.generation,
    periods: index.counts.periods,
    campaignIds,
    bannerIds,
    entryBanner,
    entryRevenue,
    entryConversions,
    entryClicks,
    entryImpressions,
    cellOf: (campaign, period) => catalog.cellOf(campaignIds[campaign]!, period),
    startOf: (cell) => cells.startOf(cell),
    endOf: (cell) => cells.endOf(cell),
    ruleOf: (cell) => cells.ruleOf(cell),
    xOf: (cell) => catalog.xOf(cell),
    nameOf: (campaign) => catalog.nameAt(campaign),
    textOf: (banner) => ({ name: catalog.altOf(banner), link: catalog.linkOf(banner) }),
  };
}
