/**
 * Reads and writes the cells of an index: one hash table a period, from a campaign's id to the record of its cell. The
 * record carries the id that it is for, and all that a decision needs of the cell, so that one cache line answers a
 * look-up, and the cells of the period that is served lie together. Open addressing with linear probing, as in
 * `id-table`.
 */
import { homeSlot, slotCount } from "./id-table.js";

/** u32 numbers of a record. One whose campaign is 0 is an empty slot, all zeros. */
export const CELL_NUMBERS = 4;
export const CAMPAIGN = 0;
/** The first of the cell's entries; those of one cell follow those of the cell in the slot before. */
export const START = 1;
/** How many entries. */
export const SIZE = 2;
/** Fixed places, random places and rule, see `cellCodes`. */
export const CODES = 3;

/** Returned where there is no cell, banner or index to return. */
export const NONE = -1;

/** How many numbers the tables of an index have. */
export function cellNumbers(periods: number, campaigns: number): number {
  return periods * slotCount(campaigns) * CELL_NUMBERS;
}

/** @param rule index in `RULES` */
export function cellCodes(fixed: number, random: number, rule: number): number {
  return fixed | (random << 8) | (rule << 16);
}

/** A cell is known by its slot, counted from the first period's. No method allocates. */
export class CellTable {
  readonly #numbers: Uint32Array;
  /** Slots a period; a power of two. */
  readonly #slots: number;

  constructor(numbers: Uint32Array, campaigns: number) {
    this.#numbers = numbers;
    this.#slots = slotCount(campaigns);
  }

  /** Slots of all periods, empty ones too. */
  get length(): number {
    return this.#numbers.length / CELL_NUMBERS;
  }

  /**
   * The cell of a campaign, or NONE.
   * @param period from 1
   */
  find(campaign: number, period: number): number {
    const numbers = this.#numbers;
    const mask = this.#slots - 1;
    const first = (period - 1) * this.#slots;
    for (let slot = homeSlot(campaign, this.#slots); ; slot = (slot + 1) & mask) {
      const cell = first + slot;
      const found = numbers[cell * CELL_NUMBERS + CAMPAIGN]!;
      if (found === 0) return NONE;
      if (found === campaign) return cell;
    }
  }

  /** 0 for an empty slot. */
  campaignOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + CAMPAIGN]!;
  }

  /** The first entry. */
  startOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + START]!;
  }

  /** How many entries: the banners of the cell. */
  sizeOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + SIZE]!;
  }

  /** The entry behind the last. */
  endOf(cell: number): number {
    return this.startOf(cell) + this.sizeOf(cell);
  }

  /** How many of the first entries are in the collection at every request. */
  fixedOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + CODES]! & 0xff;
  }

  /**
   * How many places are drawn at each request from the entries behind the fixed ones, which are the pool; 0 where none
   * are.
   */
  randomOf(cell: number): number {
    return (this.#numbers[cell * CELL_NUMBERS + CODES]! >>> 8) & 0xff;
  }

  /** Index in `RULES`. */
  ruleOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + CODES]! >>> 16;
  }

  /**
   * Adds the cell of a campaign that has none in this period. In another order, the same campaigns lie in other slots.
   */
  add(campaign: number, period: number, size: number): void {
    const first = (period - 1) * this.#slots;
    let slot = homeSlot(campaign, this.#slots);
    while (this.campaignOf(first + slot) !== 0) slot = (slot + 1) & (this.#slots - 1);
    const record = (first + slot) * CELL_NUMBERS;
    this.#numbers[record + CAMPAIGN] = campaign;
    this.#numbers[record + SIZE] = size;
  }

  /** Gives each cell its entries, once all are added. */
  placeEntries(): void {
    let start = 0;
    for (let cell = 0; cell < this.length; cell++) {
      if (this.campaignOf(cell) === 0) continue;
      this.#numbers[cell * CELL_NUMBERS + START] = start;
      start += this.sizeOf(cell);
    }
  }

  /** @param codes see `cellCodes` */
  setCodes(cell: number, codes: number): void {
    this.#numbers[cell * CELL_NUMBERS + CODES] = codes;
  }

  /**
   * The first cell whose record contradicts itself, or does not begin where the one before it ends; NONE where there is
   * none.
   * @param maxPlaces the most places of a collection
   */
  findUnsound(entries: number, maxPlaces: number, rules: number): number {
    let entry = 0;
    for (let cell = 0; cell < this.length; cell++) {
      const start = this.startOf(cell);
      const size = this.sizeOf(cell);
      if (this.campaignOf(cell) === 0) {
        if (start !== 0 || size !== 0 || this.#numbers[cell * CELL_NUMBERS + CODES] !== 0) return cell;
        continue;
      }
      const places = this.fixedOf(cell) + this.randomOf(cell);
      const isWithin = start === entry && size <= entries - start && places <= size;
      if (!isWithin || places < 1 || places > maxPlaces || this.ruleOf(cell) >= rules) return cell;
      entry += size;
    }
    return entry === entries ? NONE : this.length;
  }

  /**
   * The first cell that a search does not reach, since an empty slot ends it before; NONE where there is none. Every
   * period must have an empty slot, so that a search for an absent cell ends.
   */
  findUnreachable(): number {
    const slots = this.#slots;
    // As signed numbers: V8 allocates an object for each number beyond 2^31 that is passed on.
    const numbers = new Int32Array(this.#numbers.buffer, this.#numbers.byteOffset, this.#numbers.length);
    for (let first = 0; first < this.length; first += slots) {
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
    return NONE;
  }
}
