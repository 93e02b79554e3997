/**
 * The arrays of an index to the certainty that no number in them points outside of them, and that every search in them ends: so
 * that nobody who reads them need look again. Of a large index that is a tenth of a second, and most of it is reading once what
 * there is; whether the numbers mean what they should is for who writes them to check.
 */
import { CAMPAIGN, CELL_NUMBERS, CODES, fixedOf, randomOf, ruleOf, SIZE, START } from "./cells.js";
import { contradictory } from "./format-error.js";
import { holdsIds, homeSlot, slotCount } from "./id-table.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MOST_PLACES, RULES, type Counts, type Sections } from "./sections.js";

/** @throws IndexFormatError where a builder made a mistake */
export function checkReferences(index: Sections, counts: Counts): void {
  if (!isAscending(index.campaignIds)) throw contradictory("its campaign ids do not ascend");
  if (!isAscending(index.bannerIds)) throw contradictory("its banner ids do not ascend");
  if (!holdsIds(index.bannerIds, index.bannerSlots))
    throw contradictory("its hash table of banners does not hold them");
  const unsound = findUnsound(index.cells, counts.entries);
  if (unsound !== -1) throw contradictory(`cell ${unsound} is unsound`);
  const lost = findLost(index.cells, slotCount(counts.campaigns));
  if (lost !== -1) throw contradictory(`cell ${lost} is not where its campaign is looked for`);
  const nameless = findBeyond(index.entryBanner, counts.banners);
  if (nameless !== -1) throw contradictory(`entry ${nameless} names no banner`);
  checkImages(index, counts);
  checkTexts(index, counts);
}

/** From 1, each larger than the one before. */
function isAscending(ids: Uint32Array): boolean {
  let before = 0;
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place]!;
    if (id <= before) return false;
    before = id;
  }
  return true;
}

/** The first cell whose record says what cannot be, or which does not go on where the one before it ends; -1 where there is none. */
function findUnsound(cells: Uint32Array, entries: number): number {
  let entry = 0;
  for (let at = 0; at < cells.length; at += CELL_NUMBERS) {
    const start = cells[at + START]!;
    const size = cells[at + SIZE]!;
    const codes = cells[at + CODES]!;
    if (cells[at + CAMPAIGN] === 0) {
      if (start !== 0 || size !== 0 || codes !== 0) return at / CELL_NUMBERS;
      continue;
    }
    const shown = fixedOf(codes) + randomOf(codes);
    const isWithin = start === entry && size <= entries - start && shown <= size;
    if (!isWithin || shown < 1 || shown > MOST_PLACES || ruleOf(codes) >= RULES.length) return at / CELL_NUMBERS;
    entry += size;
  }
  return entry === entries ? -1 : cells.length / CELL_NUMBERS;
}

/**
 * The first cell that a search for its campaign does not come to, since an empty slot ends the search before; -1 where there is
 * none. Every period has an empty slot, so that a search for a cell that is not there ends.
 */
function findLost(cells: Uint32Array, slots: number): number {
  // As signed numbers: the engine makes an object of each that it hands on beyond 2^31.
  const numbers = new Int32Array(cells.buffer, cells.byteOffset, cells.length);
  for (let first = 0; first < numbers.length / CELL_NUMBERS; first += slots) {
    let empty = 0;
    while (empty < slots && numbers[(first + empty) * CELL_NUMBERS + CAMPAIGN] !== 0) empty++;
    if (empty === slots) return first;
    let sinceEmpty = 0;
    for (let step = 1; step < slots; step++) {
      const slot = (empty + step) & (slots - 1);
      const campaign = numbers[(first + slot) * CELL_NUMBERS + CAMPAIGN]!;
      if (campaign === 0) {
        sinceEmpty = 0;
        continue;
      }
      if (((slot - homeSlot(campaign, slots)) & (slots - 1)) > sinceEmpty) return first + slot;
      sinceEmpty++;
    }
  }
  return -1;
}

function findBeyond(places: Uint32Array, count: number): number {
  for (let at = 0; at < places.length; at++) if (places[at]! >= count) return at;
  return -1;
}

function checkImages(index: Sections, counts: Counts): void {
  const { imageStart, imageType, imageExtension } = index;
  if (imageStart[0] !== 0) throw contradictory("the images do not start with their section");
  for (let banner = 0; banner < counts.banners; banner++) {
    const isOrdered = imageStart[banner]! <= imageStart[banner + 1]!;
    if (!isOrdered || imageType[banner]! >= IMAGE_TYPES.length || imageExtension[banner]! >= IMAGE_EXTENSIONS.length)
      throw contradictory(`the image of banner ${index.bannerIds[banner]!} is unsound`);
  }
  if (imageStart[counts.banners] !== counts.imageBytes) throw contradictory("the images do not end with the file");
}

function checkTexts({ textStart }: Sections, counts: Counts): void {
  if (textStart[0] !== 0) throw contradictory("the texts do not start with their section");
  for (let text = 0; text < textStart.length - 1; text++)
    if (textStart[text]! > textStart[text + 1]!) throw contradictory(`text ${text} is unsound`);
  if (textStart.at(-1) !== counts.textBytes) throw contradictory("the texts do not end with the file");
}
