/**
 * Columns of numbers that grow, and a hash table over them. A Map holds at most 16.7 million entries and takes some 50 bytes for
 * each; these hold what memory holds, in the bytes that the numbers need.
 */

type Column = Uint8Array | Uint32Array | BigInt64Array;

/** The column itself where it has room for `length` numbers, or a copy of at least twice its length. */
export function grown<T extends Column>(column: T, length: number): T {
  if (length <= column.length) return column;
  const larger = new (column.constructor as new (length: number) => T)(Math.max(length, column.length * 2, 1024));
  (larger as Uint32Array).set(column as Uint32Array);
  return larger;
}

/** The numbers of a column, ascending, each once. */
export function distinct(column: Uint32Array): Uint32Array {
  const sorted = column.slice().sort();
  return sorted.filter((number, at) => at === 0 || number !== sorted[at - 1]);
}

/** Keys of one or two 32-bit numbers, each with an ordinal: 0, 1, 2 … in the order in which they were added. */
export class KeyTable {
  size = 0;
  #first = new Uint32Array(1024);
  #second: Uint32Array;
  /** One more than an ordinal, or 0. A power of two long, at most half full. */
  #slots = new Uint32Array(2048);

  constructor(readonly width: 1 | 2) {
    this.#second = new Uint32Array(width === 2 ? 1024 : 0);
  }

  /** The ordinal of a key, or -1. */
  find(first: number, second = 0): number {
    return this.#slots[this.#slotFor(first, second)]! - 1;
  }

  /** The ordinal of a key, which is new where it equals the `size` before the call. */
  add(first: number, second = 0): number {
    const slot = this.#slotFor(first, second);
    const found = this.#slots[slot]! - 1;
    if (found !== -1) return found;
    const ordinal = this.size++;
    if (ordinal === this.#first.length) this.#grow();
    this.#first[ordinal] = first;
    if (this.width === 2) this.#second[ordinal] = second;
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return ordinal;
  }

  /** The first number of the keys by ordinal: a view that the next `add` may leave behind. */
  get first(): Uint32Array {
    return this.#first.subarray(0, this.size);
  }

  get second(): Uint32Array {
    return this.#second.subarray(0, this.width === 2 ? this.size : 0);
  }

  /** The slot that holds a key, or the empty one where it belongs. */
  #slotFor(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = slotOf(first, second) & mask; ; slot = (slot + 1) & mask) {
      const ordinal = this.#slots[slot]! - 1;
      if (ordinal === -1) return slot;
      if (this.#first[ordinal] === first && (this.width === 1 || this.#second[ordinal] === second)) return slot;
    }
  }

  #grow(): void {
    this.#first = grown(this.#first, this.size);
    if (this.width === 2) this.#second = grown(this.#second, this.size);
  }

  /** No two keys are the same, so that none need be looked at again: only where there is room. */
  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let ordinal = 0; ordinal < this.size; ordinal++) {
      let slot = slotOf(this.#first[ordinal]!, this.width === 2 ? this.#second[ordinal]! : 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = ordinal + 1;
    }
    this.#slots = slots;
  }
}

/**
 * Where the search for a key begins. Numbers that differ only in their last bits, as ids that were counted up do, have places
 * side by side, which the processor fetches from memory together: 16 slots are what it fetches at once.
 */
function slotOf(first: number, second: number): number {
  return (mix(first >>> 4, second) << 4) | (first & 15);
}

/** A table in which an id's ordinal is its place in `ids`. */
export function placesIn(ids: Uint32Array): KeyTable {
  const places = new KeyTable(1);
  for (const id of ids) places.add(id);
  return places;
}

// The finaliser of MurmurHash3 (Austin Appleby, public domain), over both numbers.
function mix(first: number, second: number): number {
  let hash = first ^ Math.imul(second, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
