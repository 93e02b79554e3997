/** Verifies what the cells of an index mean, which readers do not need to check. */
import type { Catalog } from "../src/index/catalog.js";
import { RULES } from "../src/index/sections.js";
import { mapIds } from "./read/id-map.js";

/** @throws Error for an unknown campaign, a banner twice in a cell, a second default, or a pool that has clicks */
export function verifyCells({ cells, index }: Catalog): void {
  const { campaignIds, entryBanner, entryClicks, bannerIds } = index;
  const campaigns = mapIds(campaignIds);
  const hasCell = new Uint8Array(campaignIds.length);
  // By banner: the last cell that showed it, plus one.
  const shownBy = new Uint32Array(bannerIds.length);
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells.campaignOf(cell) === 0) continue;
    const campaign = campaigns.find(cells.campaignOf(cell));
    if (campaign === -1) throw new Error(`Cell ${cell} is of a campaign that is not among the campaigns.`);
    hasCell[campaign] = 1;
    const start = cells.startOf(cell);
    const end = cells.endOf(cell);
    if (RULES[cells.ruleOf(cell)] === "default" && end !== start + 1)
      throw new Error(`Cell ${cell} is of a default banner, and has ${end - start} banners.`);
    const pool = cells.randomOf(cell) > 0 ? start + cells.fixedOf(cell) : end;
    for (let entry = start; entry < end; entry++) {
      const banner = entryBanner[entry]!;
      if (shownBy[banner] === cell + 1) throw new Error(`Cell ${cell} has banner ${bannerIds[banner]!} twice.`);
      shownBy[banner] = cell + 1;
      if (entry >= pool && entryClicks[entry] !== 0)
        throw new Error(`Cell ${cell} draws random places from banners that have clicks.`);
    }
  }
  if (hasCell.includes(0)) throw new Error("There is a campaign without a cell.");
}
