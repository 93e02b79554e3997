/** Checks that no number in an index points outside its arrays and every search ends, so that readers need not. */
import { CellTable, NONE } from "./cells.js";
import { contradictory } from "./format-error.js";
import { holdsIds } from "./id-table.js";
import { findUnsoundImage } from "./images.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MAX_PLACES, RULES, type Counts, type Sections } from "./sections.js";

/** @throws IndexFormatError where a builder made a mistake */
export function checkReferences(index: Sections, counts: Counts): void {
  if (!isAscending(index.campaignIds)) throw contradictory("its campaign ids do not ascend");
  if (!isAscending(index.bannerIds)) throw contradictory("its banner ids do not ascend");
  if (!holdsIds(index.bannerIds, index.bannerSlots))
    throw contradictory("its hash table of banners does not hold them");
  const cells = new CellTable(index.cells, counts.campaigns);
  const unsound = cells.findUnsound(counts.entries, MAX_PLACES, RULES.length);
  if (unsound !== NONE) throw contradictory(`cell ${unsound} is unsound`);
  const lost = cells.findUnreachable();
  if (lost !== NONE) throw contradictory(`cell ${lost} is not where its campaign is looked for`);
  const nameless = findBeyond(index.entryBanner, counts.banners);
  if (nameless !== -1) throw contradictory(`entry ${nameless} names no banner`);
  checkImages(index, counts);
  checkTexts("text", index.textStart, counts.textBytes);
  checkTexts("name", index.nameStart, counts.nameBytes);
}

function isAscending(ids: Uint32Array): boolean {
  let before = 0;
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at]!;
    if (id <= before) return false;
    before = id;
  }
  return true;
}

function findBeyond(places: Uint32Array, count: number): number {
  for (let at = 0; at < places.length; at++) if (places[at]! >= count) return at;
  return -1;
}

function checkImages(index: Sections, counts: Counts): void {
  const { imageStart, imageType, imageExtension } = index;
  if (imageStart[0] !== 0) throw contradictory("the images do not start with their section");
  let unsound = findUnsoundImage(imageStart);
  for (let banner = 0; banner < counts.banners && unsound === NONE; banner++)
    if (imageType[banner]! >= IMAGE_TYPES.length || imageExtension[banner]! >= IMAGE_EXTENSIONS.length)
      unsound = banner;
  if (unsound !== NONE) throw contradictory(`the image of banner ${index.bannerIds[unsound]!} is unsound`);
  if (imageStart[counts.banners] !== counts.imageBytes) throw contradictory("the images do not end with the file");
}

function checkTexts(what: string, start: Uint32Array, bytes: number): void {
  if (start[0] !== 0) throw contradictory(`the ${what}s do not start with their section`);
  for (let text = 0; text < start.length - 1; text++)
    if (start[text]! > start[text + 1]!) throw contradictory(`${what} ${text} is unsound`);
  if (start.at(-1) !== bytes) throw contradictory(`the ${what}s do not end with their section`);
}
