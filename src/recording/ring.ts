/** Hands records from a worker thread to the recorder thread, through shared memory that outlives both. */

/** `[kind, seconds since 1970, campaign id, banner id, four words of the decision's id]`, each of 32 bits. */
export const RECORD_WORDS = 8;
export const IMPRESSION = 0;
export const CLICK = 1;

/** Over a SharedArrayBuffer: a header, then the records. One thread writes, one reads. */
export type Ring = Int32Array;

// Words of the header. Positions count records and wrap at 2^32; what one side writes lies in one cache line.
export const WRITE_POSITION = 0;
const DROPPED_IMPRESSIONS = 1;
const DROPPED_CLICKS = 2;
export const READ_POSITION = 16;
const HEADER_WORDS = 32;

/** @param records a power of two, so that a position finds its slot also after it has wrapped. */
export function newRing(records = 65_536): Ring {
  if (records < 1 || (records & (records - 1)) !== 0)
    throw new RangeError(`a ring of ${records} records: their number must be a power of two`);
  return new Int32Array(new SharedArrayBuffer((HEADER_WORDS + records * RECORD_WORDS) * 4));
}

const maskOf = (ring: Ring): number => (ring.length - HEADER_WORDS) / RECORD_WORDS - 1;

const NO_ID = new Uint32Array(4);

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
    this.#write(IMPRESSION, seconds, campaign, banner, NO_ID, DROPPED_IMPRESSIONS);
  }

  click(seconds: number, campaign: number, banner: number, id: Uint32Array): void {
    this.#write(CLICK, seconds, campaign, banner, id, DROPPED_CLICKS);
  }

  #write(kind: number, seconds: number, campaign: number, banner: number, id: Uint32Array, dropped: number): void {
    const ring = this.#ring;
    if (this.#isFull()) {
      Atomics.add(ring, dropped, 1);
      return;
    }
    const at = HEADER_WORDS + (this.#position & this.#mask) * RECORD_WORDS;
    ring[at] = kind;
    ring[at + 1] = seconds;
    ring[at + 2] = campaign;
    ring[at + 3] = banner;
    ring[at + 4] = id[0]!;
    ring[at + 5] = id[1]!;
    ring[at + 6] = id[2]!;
    ring[at + 7] = id[3]!;
    this.#position = (this.#position + 1) | 0;
    Atomics.store(ring, WRITE_POSITION, this.#position);
  }

  /** Looks at the reader's position only where the last known one says that it is full. */
  #isFull(): boolean {
    if (((this.#position - this.#readPosition) | 0) <= this.#mask) return false;
    this.#readPosition = Atomics.load(this.#ring, READ_POSITION);
    return ((this.#position - this.#readPosition) | 0) > this.#mask;
  }
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

  /**
   * Calls `each` for what is there, up to `most`: a record's words begin at `at`, and are valid during the call only.
   * @returns how many there were
   */
  read(each: (words: Uint32Array, at: number) => void, most = Infinity): number {
    const start = Atomics.load(this.#ring, READ_POSITION);
    const there = (Atomics.load(this.#ring, WRITE_POSITION) - start) >>> 0;
    const count = Math.min(there, most);
    for (let index = 0; index < count; index++)
      each(this.#words, HEADER_WORDS + ((start + index) & this.#mask) * RECORD_WORDS);
    Atomics.store(this.#ring, READ_POSITION, (start + count) | 0);
    return count;
  }

  /** Since the ring was made; wraps at 2^32. */
  get dropped(): { impressions: number; clicks: number } {
    return {
      impressions: Atomics.load(this.#ring, DROPPED_IMPRESSIONS) >>> 0,
      clicks: Atomics.load(this.#ring, DROPPED_CLICKS) >>> 0,
    };
  }
}
