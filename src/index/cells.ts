/**
 * Cells as hash tables, one a period: a campaign's id to the record of its cell. A record carries the id that it answers to, and
 * all that a request needs to know of the cell, so that one cache line answers a look-up; and the cells of the one period that is
 * being served lie together. Open addressing, linear probing, as in `id-table`.
 */
import { homeSlot } from "./id-table.js";

/** The numbers of a record, all u32. A record whose campaign is 0 is an empty slot, and holds nothing but zeros. */
export const CELL_NUMBERS = 4;
export const CAMPAIGN = 0;
/** Where the cell's entries start. Those of one cell follow those of the cell in the slot before. */
export const START = 1;
/** How many they are. */
export const SIZE = 2;
/** Three codes, see `cellCodes`. */
export const CODES = 3;

/** What stands for "there is none" where a number is answered. */
export const NONE = -1;

/**
 * @param fixed how many of the cell's first entries are in its collection at every request
 * @param random how many places are drawn anew at each request from the entries behind them, which are the pool; 0 where none are
 * @param rule a place in `RULES`
 */
export function cellCodes(fixed: number, random: number, rule: number): number {
  return fixed | (random << 8) | (rule << 16);
}

export function fixedOf(codes: number): number {
  return codes & 0xff;
}

export function randomOf(codes: number): number {
  return (codes >>> 8) & 0xff;
}

export function ruleOf(codes: number): number {
  return codes >>> 16;
}

/**
 * The number of a campaign's cell, which is its slot counted from the first period's, or NONE.
 * @param slots how many a period has
 * @param period from 1
 */
export function findCell(cells: Uint32Array, slots: number, campaign: number, period: number): number {
  const first = (period - 1) * slots;
  for (let slot = homeSlot(campaign, slots); ; slot = (slot + 1) & (slots - 1)) {
    const cell = first + slot;
    const found = cells[cell * CELL_NUMBERS + CAMPAIGN]!;
    if (found === 0) return NONE;
    if (found === campaign) return cell;
  }
}

/** Makes room for the cell of a campaign that has none in this period. The same campaigns in another order lie in other slots. */
export function addCell(cells: Uint32Array, slots: number, campaign: number, period: number, size: number): void {
  const first = (period - 1) * slots;
  let slot = homeSlot(campaign, slots);
  while (cells[(first + slot) * CELL_NUMBERS + CAMPAIGN] !== 0) slot = (slot + 1) & (slots - 1);
  cells[(first + slot) * CELL_NUMBERS + CAMPAIGN] = campaign;
  cells[(first + slot) * CELL_NUMBERS + SIZE] = size;
}

/** Gives each cell its entries, when all have been added. */
export function startCells(cells: Uint32Array): void {
  let start = 0;
  for (let at = 0; at < cells.length; at += CELL_NUMBERS) {
    if (cells[at + CAMPAIGN] === 0) continue;
    cells[at + START] = start;
    start += cells[at + SIZE]!;
  }
}
