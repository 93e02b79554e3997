/** Searches and compares a million texts, in letters of any case. It runs in browsers too. */
import type { Rest } from "./rest.js";

/** Texts in one string: a power of two. An object for each would take more memory than the texts. */
const BLOCK = 4096;

export class Texts {
  readonly #blocks: string[] = [];
  /** Where each ends in its block, before the character that divides it from the next. */
  readonly #ends: Uint32Array;

  private constructor(count: number) {
    this.#ends = new Uint32Array(count);
  }

  static async of(count: number, textAt: (at: number) => string, rest: Rest): Promise<Texts> {
    const texts = new Texts(count);
    for (let first = 0; first < count; first += BLOCK) {
      const block: string[] = [];
      let end = -1;
      for (let at = first; at < Math.min(first + BLOCK, count); at++) {
        const text = textAt(at).toLowerCase();
        texts.#ends[at] = end += 1 + text.length;
        block.push(text);
        if (rest.isDue()) await rest.take();
      }
      texts.#blocks.push(block.join("\0"));
    }
    return texts;
  }

  /** Sets to 1 by each text that has `part` in it. Those that are 1 already are not looked at. */
  async search(part: string, isFound: Uint8Array, rest: Rest): Promise<void> {
    const sought = part.toLowerCase();
    for (let index = 0; index < this.#blocks.length; index++) {
      this.#searchBlock(index, sought, isFound);
      if (rest.isDue(BLOCK)) await rest.take();
    }
  }

  #searchBlock(index: number, sought: string, isFound: Uint8Array): void {
    const block = this.#blocks[index]!;
    const ends = this.#ends;
    const last = Math.min((index + 1) * BLOCK, ends.length);
    let text = index * BLOCK;
    let from = 0;
    for (;;) {
      while (text < last && isFound[text] === 1) from = ends[text++]! + 1;
      const at = text < last ? block.indexOf(sought, from) : -1;
      if (at === -1) return;
      while (ends[text]! < at) text++;
      if (at + sought.length > ends[text]!) from = at + 1;
      else isFound[text] = 1;
    }
  }

  isEmpty(at: number): boolean {
    return this.#ends[at] === this.#startOf(at);
  }

  /** The first characters as one number, which compares as they do. */
  beginning(at: number): number {
    const block = this.#blockOf(at);
    const start = this.#startOf(at);
    const end = this.#ends[at]!;
    let number = 0;
    for (let place = start; place < start + 3; place++)
      number = number * 0x10000 + (place < end ? block.charCodeAt(place) : 0);
    return number;
  }

  /** By UTF-16, so that the order is the same everywhere. */
  compare(a: number, b: number): number {
    const [inA, inB] = [this.#blockOf(a), this.#blockOf(b)];
    const [startA, startB] = [this.#startOf(a), this.#startOf(b)];
    const [lengthA, lengthB] = [this.#ends[a]! - startA, this.#ends[b]! - startB];
    for (let at = 0; at < lengthA && at < lengthB; at++) {
      const difference = inA.charCodeAt(startA + at) - inB.charCodeAt(startB + at);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  #blockOf(at: number): string {
    return this.#blocks[Math.floor(at / BLOCK)]!;
  }

  #startOf(at: number): number {
    return at % BLOCK === 0 ? 0 : this.#ends[at - 1]! + 1;
  }
}
