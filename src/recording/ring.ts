/** Hands records from a worker thread to the recorder thread, through shared memory that outlives both. */

/** Of 32 bits: `[seconds since 1970, campaign id, banner id, kind]`; a click has its decision's id in the next slot. */
const SLOT_WORDS = 4;
const IMPRESSION = 0;
const CLICK = 1;
const CLICK_SLOTS = 2;

/** Over a SharedArrayBuffer: a header, then the slots. One thread writes, one reads. */
export type Ring = Int32Array;

// Words of the header. Positions count slots and wrap at 2^32; what one side writes lies in one cache line.
export const WRITE_POSITION = 0;
const DROPPED_IMPRESSIONS = 1;
const DROPPED_CLICKS = 2;
export const READ_POSITION = 16;
const HEADER_WORDS = 32;

/** @param slots a power of two, so that a position finds its slot also after it has wrapped. */
export function newRing(slots = 131_072): Ring {
  if (slots < 1 || (slots & (slots - 1)) !== 0)
    throw new RangeError(`a ring of ${slots} slots: their number must be a power of two`);
  return new Int32Array(new SharedArrayBuffer((HEADER_WORDS + slots * SLOT_WORDS) * 4));
}

const maskOf = (ring: Ring): number => (ring.length - HEADER_WORDS) / SLOT_WORDS - 1;

/** Never waits: where the ring is full, it drops the record and counts it. */
export class RingWriter {
  readonly #ring: Ring;
  readonly #mask: number;
  #position: number;
  #readPosition: number;

  /** Goes on where the last writer ended: a record that it was about to write is not there. */
  constructor(ring: Ring) {
    this.#ring = ring;
    this.#mask = maskOf(ring);
    this.#position = Atomics.load(ring, WRITE_POSITION);
    this.#readPosition = Atomics.load(ring, READ_POSITION);
  }

  impression(seconds: number, campaign: number, banner: number): void {
    if (this.#hasRoomFor(1)) this.#write(seconds, campaign, banner, IMPRESSION, 1);
    else Atomics.add(this.#ring, DROPPED_IMPRESSIONS, 1);
  }

  click(seconds: number, campaign: number, banner: number, id: Uint32Array): void {
    if (!this.#hasRoomFor(CLICK_SLOTS)) {
      Atomics.add(this.#ring, DROPPED_CLICKS, 1);
      return;
    }
    const at = HEADER_WORDS + ((this.#position + 1) & this.#mask) * SLOT_WORDS;
    for (let word = 0; word < SLOT_WORDS; word++) this.#ring[at + word] = id[word]!;
    this.#write(seconds, campaign, banner, CLICK, CLICK_SLOTS);
  }

  #write(seconds: number, campaign: number, banner: number, kind: number, slots: number): void {
    const ring = this.#ring;
    const position = this.#position;
    const at = HEADER_WORDS + (position & this.#mask) * SLOT_WORDS;
    ring[at] = seconds;
    ring[at + 1] = campaign;
    ring[at + 2] = banner;
    ring[at + 3] = kind;
    this.#position = (position + slots) | 0;
    Atomics.store(ring, WRITE_POSITION, this.#position);
  }

  /** Looks at the reader's position only where the last known one says that there is none. */
  #hasRoomFor(slots: number): boolean {
    const most = this.#mask + 1 - slots;
    if (((this.#position - this.#readPosition) | 0) <= most) return true;
    this.#readPosition = Atomics.load(this.#ring, READ_POSITION);
    return ((this.#position - this.#readPosition) | 0) <= most;
  }
}

/** Takes what is in the ring. */
export interface RingEvents {
  impression(seconds: number, campaign: number, banner: number): void;
  /** `id`, of four words, is valid during the call only. */
  click(seconds: number, campaign: number, banner: number, id: Uint32Array): void;
}

export class RingReader {
  readonly #ring: Ring;
  readonly #words: Uint32Array;
  readonly #mask: number;

  constructor(ring: Ring) {
    this.#ring = ring;
    this.#words = new Uint32Array(ring.buffer, ring.byteOffset, ring.length);
    this.#mask = maskOf(ring);
  }

  /** Takes up to `most` events. @returns how many there were */
  read(events: RingEvents, most = Infinity): number {
    let position = Atomics.load(this.#ring, READ_POSITION);
    const end = Atomics.load(this.#ring, WRITE_POSITION);
    let count = 0;
    for (; position !== end && count < most; count++) {
      const at = this.#at(position);
      const seconds = this.#words[at]!;
      const campaign = this.#words[at + 1]!;
      const banner = this.#words[at + 2]!;
      if (this.#words[at + 3] !== CLICK) {
        events.impression(seconds, campaign, banner);
        position = (position + 1) | 0;
      } else {
        const id = this.#at(position + 1);
        events.click(seconds, campaign, banner, this.#words.subarray(id, id + SLOT_WORDS));
        position = (position + CLICK_SLOTS) | 0;
      }
    }
    Atomics.store(this.#ring, READ_POSITION, position);
    return count;
  }

  #at(position: number): number {
    return HEADER_WORDS + (position & this.#mask) * SLOT_WORDS;
  }

  /** Since the ring was made; wraps at 2^32. */
  get dropped(): { impressions: number; clicks: number } {
    return {
      impressions: Atomics.load(this.#ring, DROPPED_IMPRESSIONS) >>> 0,
      clicks: Atomics.load(this.#ring, DROPPED_CLICKS) >>> 0,
    };
  }
}
