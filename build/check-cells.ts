/** What no reader needs to look for, since it harms none, and who writes an index must not get wrong: what its cells mean. */
import { CAMPAIGN, CELL_NUMBERS, CODES, fixedOf, randomOf, SIZE, START } from "../src/index/cells.js";
import type { Index } from "../src/index/format.js";
import { placesIn } from "./read/typed-columns.js";

/** @throws Error that names the first cell of an unknown campaign, or with a banner twice, or that draws from banners with clicks */
export function checkCells({ cells, campaignIds, entryBanner, entryClicks, bannerIds }: Index): void {
  const campaigns = placesIn(campaignIds);
  const cellsOf = new Uint8Array(campaignIds.length);
  const slots = cells.length / CELL_NUMBERS;
  // The last cell that showed a banner, plus one: a banner that it has shown already is there twice.
  const shownBy = new Uint32Array(bannerIds.length);
  for (let cell = 0; cell < slots; cell++) {
    const at = cell * CELL_NUMBERS;
    if (cells[at + CAMPAIGN] === 0) continue;
    const campaign = campaigns.find(cells[at + CAMPAIGN]!);
    if (campaign === -1) throw new Error(`Cell ${cell} is of a campaign that is not among the campaigns.`);
    cellsOf[campaign]!++;
    const start = cells[at + START]!;
    const end = start + cells[at + SIZE]!;
    const pool = randomOf(cells[at + CODES]!) > 0 ? start + fixedOf(cells[at + CODES]!) : end;
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
