/** Counts impressions by second, campaign and banner, in the order in which each first came. */

const FIELDS = 4;
const FIRST_CAPACITY = 1024;

export class ImpressionCounts {
  /** Second, campaign, banner and count of each. */
  #entries = new Uint32Array(FIRST_CAPACITY * FIELDS);
  /** Open addressing, at most half full: 1 + the number of an entry, or 0. */
  #slots = new Int32Array(FIRST_CAPACITY * 2);
  #size = 0;
  #taken = 0;

  /** How many are not taken yet. */
  get size(): number {
    return this.#size - this.#taken;
  }

  /** Not between the first `take` and the last. */
  add(seconds: number, campaign: number, banner: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(seconds, campaign, banner) & mask;
    for (;;) {
      const entry = this.#slots[slot]! - 1;
      if (entry === -1) break;
      const at = entry * FIELDS;
      if (this.#entries[at] === seconds && this.#entries[at + 1] === campaign && this.#entries[at + 2] === banner) {
        this.#entries[at + 3]!++;
        return;
      }
      slot = (slot + 1) & mask;
    }
    if ((this.#size + 1) * FIELDS > this.#entries.length) {
      this.#grow();
      this.add(seconds, campaign, banner);
      return;
    }
    const at = this.#size * FIELDS;
    this.#entries[at] = seconds;
    this.#entries[at + 1] = campaign;
    this.#entries[at + 2] = banner;
    this.#entries[at + 3] = 1;
    this.#slots[slot] = ++this.#size;
  }

  /** Calls `each` for the first of them, up to `most`, and forgets these. */
  take(most: number, each: (seconds: number, campaign: number, banner: number, count: number) => void): void {
    const end = Math.min(this.#size, this.#taken + most);
    for (; this.#taken < end; this.#taken++) {
      const at = this.#taken * FIELDS;
      each(this.#entries[at]!, this.#entries[at + 1]!, this.#entries[at + 2]!, this.#entries[at + 3]!);
    }
    if (this.size > 0) return;
    this.#slots.fill(0);
    this.#size = this.#taken = 0;
  }

  #grow(): void {
    const entries = new Uint32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#size; entry++) {
      const at = entry * FIELDS;
      let slot = hash(entries[at]!, entries[at + 1]!, entries[at + 2]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}

/** Multiplies by odd constants and mixes: ids are often small and in sequence. */
function hash(seconds: number, campaign: number, banner: number): number {
  let mixed = Math.imul(campaign, 0x9e3779b1) ^ Math.imul(banner, 0x85ebca6b) ^ Math.imul(seconds, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
