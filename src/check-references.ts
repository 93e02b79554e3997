/**
 * The arrays of an index to the certainty that no number in them points outside of them, no look-up goes on without end, and no
 * draw could show a banner twice: so that nobody who reads them need look again. It reads every array from its start to its end,
 * and of what it reads at random there is no more than the processor's caches hold.
 */
import { CAMPAIGN, CELL_NUMBERS, CODES, fixedOf, randomOf, ruleOf, SIZE, START } from "./cell-table.js";
import { contradictory } from "./index-format-error.js";
import { holdsIds, homeSlot, slotCount } from "./id-table.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, MOST_PLACES, RULES, type Counts, type Sections } from "./index-sections.js";

/** @throws IndexFormatError where a builder made a mistake */
export function checkReferences(index: Sections, counts: Counts): void {
  if (!isAscending(index.campaignIds)) throw contradictory("its campaign ids do not ascend");
  if (!isAscending(index.bannerIds)) throw contradictory("its banner ids do not ascend");
  if (!holdsIds(index.bannerIds, index.bannerSlots))
    throw contradictory("its hash table of banners does not hold them");
  checkCells(index, counts);
  checkCellTables(index, counts);
  checkImages(index, counts);
}

/** From 1, each larger than the one before. */
function isAscending(ids: Uint32Array): boolean {
  let before = 0;
  for (const id of ids) {
    if (id <= before) return false;
    before = id;
  }
  return true;
}

// The loops are in small functions that are called often, which the engine optimises while it runs; one long function that is
// called once takes three times as long.

function checkCells(index: Sections, { banners, entries }: Counts): void {
  const { cells, entryBanner, entryClicks } = index;
  // The last cell that showed a banner, plus one: a banner that it has shown already is there twice.
  const shownBy = new Uint32Array(banners);
  let entry = 0;
  for (let at = 0; at < cells.length; at += CELL_NUMBERS) {
    if (!isSound(cells, at, entry, entries)) throw contradictory(`cell ${at / CELL_NUMBERS} is unsound`);
    const end = entry + cells[at + SIZE]!;
    if (!showsEachOnce(entryBanner, entry, end, shownBy, at / CELL_NUMBERS + 1))
      throw contradictory(`cell ${at / CELL_NUMBERS} does not show one banner an entry`);
    const codes = cells[at + CODES]!;
    if (randomOf(codes) > 0 && !isUnclicked(entryClicks, entry + fixedOf(codes), end))
      throw contradictory(`cell ${at / CELL_NUMBERS} draws banners that have clicks`);
    entry = end;
  }
  if (entry !== entries) throw contradictory("the cells do not end with the entries");
}

/** A record on its own, whose entries start at `entry`. */
function isSound(cells: Uint32Array, at: number, entry: number, entries: number): boolean {
  const start = cells[at + START]!;
  const size = cells[at + SIZE]!;
  const codes = cells[at + CODES]!;
  if (cells[at + CAMPAIGN] === 0) return start === 0 && size === 0 && codes === 0;
  const shown = fixedOf(codes) + randomOf(codes);
  const isWithin = start === entry && size <= entries - start && shown <= size;
  return isWithin && shown >= 1 && shown <= MOST_PLACES && ruleOf(codes) < RULES.length;
}

function showsEachOnce(
  entryBanner: Uint32Array,
  start: number,
  end: number,
  shownBy: Uint32Array,
  mark: number,
): boolean {
  for (let entry = start; entry < end; entry++) {
    const banner = entryBanner[entry]!;
    if (banner >= shownBy.length || shownBy[banner] === mark) return false;
    shownBy[banner] = mark;
  }
  return true;
}

function isUnclicked(entryClicks: Uint32Array, start: number, end: number): boolean {
  for (let entry = start; entry < end; entry++) if (entryClicks[entry] !== 0) return false;
  return true;
}

/**
 * Each cell is of a campaign of the index, is found by it, and is its only one of the period. So a period has no more cells than
 * there are campaigns, at least half of its slots are empty, and a search for a cell that is not there ends.
 */
function checkCellTables(index: Sections, { campaigns, periods }: Counts): void {
  const slots = slotCount(campaigns);
  // As signed numbers: the engine allocates for each number that it hands on beyond 2^31.
  const campaignIds = signed(index.campaignIds);
  const cells = signed(index.cells);
  // A table of the campaigns has each near the slots in which its cells are.
  const known = new Int32Array(slots);
  for (let place = 0; place < campaigns; place++) {
    const campaign = campaignIds[place]!;
    known[slotIn(known, campaign)] = campaign;
  }
  for (let cell = 0; cell < periods * slots; cell++) {
    const campaign = cells[cell * CELL_NUMBERS + CAMPAIGN]!;
    if (campaign === 0) continue;
    if (known[slotIn(known, campaign)] !== campaign)
      throw contradictory(`campaign ${campaign >>> 0} has a cell and is not among the campaigns`);
    const slot = cell & (slots - 1);
    if (!isFound(cells, cell - slot, slot, slots, campaign))
      throw contradictory(`the cell of campaign ${campaign >>> 0} is not where it is looked for`);
  }
}

function signed({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

/** The slot that holds an id, or the empty one where it belongs. */
function slotIn(known: Int32Array, id: number): number {
  let slot = homeSlot(id, known.length);
  while (known[slot] !== id && known[slot] !== 0) slot = (slot + 1) & (known.length - 1);
  return slot;
}

/** Whether a search comes to the slot: before it there is neither an empty one nor the campaign itself. */
function isFound(cells: Int32Array, first: number, slot: number, slots: number, campaign: number): boolean {
  for (let at = homeSlot(campaign, slots); at !== slot; at = (at + 1) & (slots - 1)) {
    const before = cells[(first + at) * CELL_NUMBERS + CAMPAIGN];
    if (before === 0 || before === campaign) return false;
  }
  return true;
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
