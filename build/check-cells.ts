/** What no reader needs to look for, since it harms none, and who writes an index must not get wrong: what its cells mean. */
import type { Catalog } from "../src/index/catalog.js";
import { placesIn } from "./read/typed-columns.js";

/** @throws Error that names the first cell of an unknown campaign, or with a banner twice, or that draws from banners with clicks */
export function checkCells({ cells, index }: Catalog): void {
  const { campaignIds, entryBanner, entryClicks, bannerIds } = index;
  const campaigns = placesIn(campaignIds);
  const cellsOf = new Uint8Array(campaignIds.length);
  // The last cell that showed a banner, plus one: a banner that it has shown already is there twice.
  const shownBy = new Uint32Array(bannerIds.length);
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells.campaignOf(cell) === 0) continue;
    const campaign = campaigns.find(cells.campaignOf(cell));
    if (campaign === -1) throw new Error(`Cell ${cell} is of a campaign that is not among the campaigns.`);
    cellsOf[campaign]!++;
    const start = cells.startOf(cell);
    const end = cells.endOf(cell);
    const pool = cells.randomOf(cell) > 0 ? start + cells.fixedOf(cell) : end;
    for (let entry = start; entry < end; entry++) {
      const banner = entryBanner[entry]!;
      if (shownBy[banner] === cell + 1) throw new Error(`Cell ${cell} has banner ${bannerIds[banner]!} twice.`);
      shownBy[banner] = cell + 1;
      if (entry >= pool && entryClicks[entry] !== 0)
        throw new Error(`Cell ${cell} draws places from banners that have clicks.`);
    }
  }
  if (!cellsOf.every((count) => count > 0)) throw new Error("There is a campaign without a cell.");
}
