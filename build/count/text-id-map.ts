/** Maps hashes of 128 bits to consecutive indexes, as `IdMap` does numbers. */
import { ensureCapacity } from "../read/id-map.js";
import { WORDS_PER_TEXT_ID } from "../read/text-id.js";

/** A key is the start of its four words within `source`. */
export class TextIdMap {
  size = 0;
  source: Uint32Array | undefined;
  /** Four words an id. */
  #words = new Uint32Array(0);
  /** One more than an index, or 0. The length is a power of two; at most half of it is used. */
  #slots = new Uint32Array(16);

  find(key: number): number {
    return this.#slots[this.#slotFor(key)]! - 1;
  }

  /** The index of a key, which is new where it equals the `size` before the call. */
  add(key: number): number {
    const slot = this.#slotFor(key);
    const found = this.#slots[slot]! - 1;
    if (found !== -1) return found;
    const index = this.size++;
    const start = index * WORDS_PER_TEXT_ID;
    if (start === this.#words.length) this.#words = ensureCapacity(this.#words, start + WORDS_PER_TEXT_ID);
    for (let word = 0; word < WORDS_PER_TEXT_ID; word++) this.#words[start + word] = this.source![key + word]!;
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #slotFor(key: number): number {
    const source = this.source!;
    const mask = this.#slots.length - 1;
    // They are hashes: one word of them is as good as a hash.
    for (let slot = source[key]! & mask; ; slot = (slot + 1) & mask) {
      const start = (this.#slots[slot]! - 1) * WORDS_PER_TEXT_ID;
      if (
        start < 0 ||
        (this.#words[start] === source[key] &&
          this.#words[start + 1] === source[key + 1] &&
          this.#words[start + 2] === source[key + 2] &&
          this.#words[start + 3] === source[key + 3])
      )
        return slot;
    }
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = this.#words[index * WORDS_PER_TEXT_ID]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}
