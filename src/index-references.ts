/** Whether an index can be read without looking twice: no number in its arrays points outside of them. */
import { holdsIds } from "./id-table.js";
import { IndexFormatError } from "./index-header.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MOST_PLACES, RULES, type Counts, type Sections } from "./index-sections.js";

/** @throws IndexFormatError that names the first fault */
export function checkReferences(index: Sections, counts: Counts): void {
  if (60 % counts.periods !== 0) throw contradictory(`${counts.periods} periods do not divide the hour`);
  checkCells(index, counts);
  checkEntries(index, counts);
  checkImages(index, counts);
  for (const [ids, slots] of [
    [index.campaignIds, index.campaignSlots],
    [index.bannerIds, index.bannerSlots],
  ] as const) {
    if (!isAscending(ids)) throw contradictory("its ids are not in ascending order");
    if (!holdsIds(ids, slots)) throw contradictory("a hash table does not hold its ids");
  }
}

export function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}

// Loops, not `every`: of a large index there are some 40 million entries.
function checkCells(index: Sections, { campaigns, periods, entries }: Counts): void {
  const { cellStart, cellPool, cellX, cellFixed, cellRandom, cellRule } = index;
  const cells = campaigns * periods;
  if (cellStart[0] !== 0 || cellStart[cells] !== entries) throw contradictory("the cells do not hold the entries");
  for (let cell = 0; cell < cells; cell++) {
    const end = cellStart[cell + 1]!;
    const size = end - cellStart[cell]!;
    const pool = end - cellPool[cell]!;
    const fixed = cellFixed[cell]!;
    const drawn = cellRandom[cell]!;
    const isWithin =
      size >= 0 &&
      pool >= 0 &&
      pool <= size &&
      cellX[cell]! <= size &&
      fixed <= size &&
      drawn <= pool &&
      fixed + drawn <= MOST_PLACES;
    if (!isWithin || fixed + drawn > 0 !== size > 0 || cellRule[cell]! >= RULES.length)
      throw contradictory(`cell ${cell} is unsound`);
  }
}

function checkEntries({ entryBanner }: Sections, { entries, banners }: Counts): void {
  for (let entry = 0; entry < entries; entry++)
    if (entryBanner[entry]! >= banners) throw contradictory(`entry ${entry} names no banner`);
}

function checkImages(index: Sections, { banners, imageBytes }: Counts): void {
  const { bannerIds, imageStart, imageType, imageExtension } = index;
  if (imageStart[0] !== 0 || imageStart[banners] !== imageBytes)
    throw contradictory("the images do not fill their place");
  for (let banner = 0; banner < banners; banner++) {
    const isOrdered = imageStart[banner]! <= imageStart[banner + 1]!;
    if (!isOrdered || imageType[banner]! >= IMAGE_TYPES.length || imageExtension[banner]! >= IMAGE_EXTENSIONS.length)
      throw contradictory(`the image of banner ${bannerIds[banner]!} is unsound`);
  }
}

function isAscending(ids: Uint32Array): boolean {
  for (let place = 1; place < ids.length; place++) if (ids[place]! <= ids[place - 1]!) return false;
  return true;
}
