/** Reads and writes the cells of an index: one hash table a period, from a campaign's id to the record of its cell. */
import { homeSlot, slotCount } from "./id-table.js";

/** u32 numbers of a record, which holds all that a decision needs, so that one cache line answers a look-up. */
export const CELL_NUMBERS = 4;
export const CAMPAIGN = 0;
/** The first of the cell's entries; those of one cell follow those of the cell in the slot before. */
export const START = 1;
export const SIZE = 2;
export const CODES = 3;

export const NONE = -1;

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
  readonly #slots: number;

  constructor(numbers: Uint32Array, campaigns: number) {
    this.#numbers = numbers;
    this.#slots = slotCount(campaigns);
  }

  /** Slots of all periods, empty ones too. */
  get length(): number {
    return this.#numbers.length / CELL_NUMBERS;
  }

  /** NONE where the campaign has no cell; `period` counts from 1. */
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

  periodOf(cell: number): number {
    return Math.floor(cell / this.#slots) + 1;
  }

  startOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + START]!;
  }

  sizeOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + SIZE]!;
  }

  endOf(cell: number): number {
    return this.startOf(cell) + this.sizeOf(cell);
  }

  /** How many of the first entries are in the collection at every request. */
  fixedOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + CODES]! & 0xff;
  }

  /** Places that are drawn at each request from the entries behind the fixed ones, which are the pool. */
  randomOf(cell: number): number {
    return (this.#numbers[cell * CELL_NUMBERS + CODES]! >>> 8) & 0xff;
  }

  ruleOf(cell: number): number {
    return this.#numbers[cell * CELL_NUMBERS + CODES]! >>> 16;
  }

  /** The campaign must have no cell in this period yet. The order of the calls decides on the slots. */
  add(campaign: number, period: number, size: number): void {
    const first = (period - 1) * this.#slots;
    let slot = homeSlot(campaign, this.#slots);
    while (this.campaignOf(first + slot) !== 0) slot = (slot + 1) & (this.#slots - 1);
    const record = (first + slot) * CELL_NUMBERS;
    this.#numbers[record + CAMPAIGN] = campaign;
    this.#numbers[record + SIZE] = size;
  }

  /** Call once all cells are added. */
  placeEntries(): void {
    let start = 0;
    for (let cell = 0; cell < this.length; cell++) {
      if (this.campaignOf(cell) === 0) continue;
      this.#numbers[cell * CELL_NUMBERS + START] = start;
      start += this.sizeOf(cell);
    }
  }

  setCodes(cell: number, codes: number): void {
    this.#numbers[cell * CELL_NUMBERS + CODES] = codes;
  }

  /** The first cell whose record contradicts itself, or does not begin where the one before it ends; else NONE. */
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

  /** The first cell that no look-up reaches, or NONE. Without an empty slot, a look-up of an absent cell never ends. */
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
