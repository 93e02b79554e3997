/** Maps ids, or pairs, to consecutive indexes. A Map takes some 50 bytes an entry, and ends at 16.7 million. */

type Column = Uint8Array | Uint32Array | Float64Array | BigInt64Array;

export function ensureCapacity<T extends Column>(column: T, length: number): T {
  if (length <= column.length) return column;
  const larger = new (column.constructor as new (length: number) => T)(Math.max(length, column.length * 2, 1024));
  (larger as Uint32Array).set(column as Uint32Array);
  return larger;
}

/** Each number once, ascending. */
export function distinct(column: Uint32Array): Uint32Array {
  const sorted = column.slice().sort();
  return sorted.filter((number, at) => at === 0 || number !== sorted[at - 1]);
}

/** In place of an index, where they are written. */
export const NOT_FOUND = 0xffffffff;

/** Keys are one or two 32-bit numbers; indexes are in the order of adding. Open addressing, linear probing. */
export class IdMap {
  size = 0;
  #first = new Uint32Array(1024);
  #second: Uint32Array;
  /** One more than an index, or 0. The length is a power of two; at most half of it is used. */
  #slots = new Uint32Array(2048);
  readonly #groupBits: number;
  readonly #step: number;

  constructor(readonly width: 1 | 2) {
    this.#groupBits = width === 1 ? GROUP_BITS : 0;
    this.#step = width === 1 ? GROUP_STEP : 1;
    this.#second = new Uint32Array(width === 2 ? 1024 : 0);
  }

  /** Makes room for so many keys in all, so that none of them has the map grow. */
  reserve(size: number): void {
    this.#grow(size);
    let { length } = this.#slots;
    while (size * 2 > length) length *= 2;
    // The system gives memory page by page, where it is first used: in order, that takes half the time.
    this.#slots = new Uint32Array(length).fill(0);
    this.#fillSlots();
  }

  find(first: number, second = 0): number {
    return this.#slots[this.#slotFor(first, second)]! - 1;
  }

  /** The index of a key, which is new where it equals the `size` before the call. */
  add(first: number, second = 0): number {
    const slot = this.#slotFor(first, second);
    const found = this.#slots[slot]! - 1;
    if (found !== -1) return found;
    const index = this.size++;
    if (index === this.#first.length) this.#grow(this.size);
    this.#first[index] = first;
    if (this.width === 2) this.#second[index] = second;
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  /** Writes the index of each of the first `length` keys, as so many calls of `add` return it, in less time. */
  addAll(first: Uint32Array, second: Uint32Array, length: number, indexes: Uint32Array): void {
    for (let row = 0; row < length;) {
      row =
        this.width === 1
          ? this.#addSomeIds(first, row, length, indexes)
          : this.#addSomePairs(first, second, row, length, indexes);
      if (this.size === this.#first.length) this.#grow(this.size + 1);
      if (this.size * 2 >= this.#slots.length) this.#rehash();
    }
  }

  /** Writes the index of each of these keys, of width 1, or NOT_FOUND. */
  findAll(keys: Uint32Array, indexes: Uint32Array): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const known = this.#first;
    for (let row = 0; row < keys.length; row++) {
      const key = keys[row]!;
      let slot = slotOf(key, 0, GROUP_BITS) & mask;
      let index = slots[slot]! - 1;
      while (index !== -1 && known[index] !== key) {
        slot = (slot + GROUP_STEP) & mask;
        index = slots[slot]! - 1;
      }
      indexes[row] = index;
    }
  }

  /** Returns the row of the first id for which there is no room. */
  #addSomeIds(ids: Uint32Array, from: number, to: number, indexes: Uint32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const known = this.#first;
    const room = Math.min(known.length, slots.length / 2);
    let { size } = this;
    let row = from;
    for (; row < to; row++) {
      const id = ids[row]!;
      let slot = slotOf(id, 0, GROUP_BITS) & mask;
      let index = slots[slot]! - 1;
      while (index !== -1 && known[index] !== id) {
        slot = (slot + GROUP_STEP) & mask;
        index = slots[slot]! - 1;
      }
      if (index === -1) {
        if (size === room) break;
        index = size++;
        known[index] = id;
        slots[slot] = size;
      }
      indexes[row] = index;
    }
    this.size = size;
    return row;
  }

  /** As `#addSomeIds`: one loop for both takes longer. */
  #addSomePairs(first: Uint32Array, second: Uint32Array, from: number, to: number, indexes: Uint32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const firsts = this.#first;
    const seconds = this.#second;
    const room = Math.min(firsts.length, slots.length / 2);
    let { size } = this;
    let row = from;
    for (; row < to; row++) {
      const one = first[row]!;
      const other = second[row]!;
      let slot = mix(one, other) & mask;
      let index = slots[slot]! - 1;
      while (index !== -1 && (firsts[index] !== one || seconds[index] !== other)) {
        slot = (slot + 1) & mask;
        index = slots[slot]! - 1;
      }
      if (index === -1) {
        if (size === room) break;
        index = size++;
        firsts[index] = one;
        seconds[index] = other;
        slots[slot] = size;
      }
      indexes[row] = index;
    }
    this.size = size;
    return row;
  }

  /** The first number of each key, by index: a view that is valid until the next `add`. */
  get first(): Uint32Array {
    return this.#first.subarray(0, this.size);
  }

  get second(): Uint32Array {
    return this.#second.subarray(0, this.width === 2 ? this.size : 0);
  }

  #slotFor(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = slotOf(first, second, this.#groupBits) & mask; ; slot = (slot + this.#step) & mask) {
      const index = this.#slots[slot]! - 1;
      if (index === -1) return slot;
      if (this.#first[index] === first && (this.width === 1 || this.#second[index] === second)) return slot;
    }
  }

  #grow(size: number): void {
    this.#first = ensureCapacity(this.#first, size);
    if (this.width === 2) this.#second = ensureCapacity(this.#second, size);
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#fillSlots();
  }

  /** All keys differ, so that none need be compared: each takes the first empty slot. */
  #fillSlots(): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = slotOf(this.#first[index]!, this.width === 2 ? this.#second[index]! : 0, this.#groupBits) & mask;
      while (slots[slot] !== 0) slot = (slot + this.#step) & mask;
      slots[slot] = index + 1;
    }
  }
}

/** Consecutive ids, the usual case, lie side by side, 16 in one cache line; pairs lie better apart. */
const GROUP_BITS = 4;
/** From one slot to the next group, past what fills this one; odd, so that it comes to every slot. */
const GROUP_STEP = (1 << GROUP_BITS) + 1;

function slotOf(first: number, second: number, groupBits: number): number {
  return (mix(first >>> groupBits, second) << groupBits) | (first & ((1 << groupBits) - 1));
}

export function mapIds(ids: Uint32Array): IdMap {
  const map = new IdMap(1);
  for (const id of ids) map.add(id);
  return map;
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain), over both numbers. */
export function mix(first: number, second: number): number {
  let hash = first ^ Math.imul(second, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
