/** Decides which rows count: the first of an id; and tells whether a later one repeats or contradicts it. */
import { ensureCapacity, IdMap } from "../read/id-map.js";

/** A row: its file, by number in reading order, and its line there. */
export interface RowLocation {
  readonly file: number;
  readonly line: number;
}

export type Repeat = "duplicate" | "conflict";

/** Ids with the location of the first row of each. */
class FirstRows {
  readonly #ids = new IdMap(1);
  #files = new Uint32Array(0);
  #lines = new Uint32Array(0);

  get size(): number {
    return this.#ids.size;
  }

  /** The index of an id, which is new where it equals the `size` before the call. */
  protected addId(id: number, file: number, line: number): number {
    const count = this.#ids.size;
    const index = this.#ids.add(id);
    if (index < count) return index;
    this.#files = ensureCapacity(this.#files, index + 1);
    this.#lines = ensureCapacity(this.#lines, index + 1);
    this.#files[index] = file;
    this.#lines[index] = line;
    return index;
  }

  /** The index of an id, or -1. */
  protected indexOf(id: number): number {
    return this.#ids.find(id);
  }

  locationOf(id: number): RowLocation {
    const index = this.#ids.find(id);
    return { file: this.#files[index]!, line: this.#lines[index]! };
  }
}

/** Clicks with the counter that each counts in: one of a period, campaign and banner. */
export class FirstClicks extends FirstRows {
  #counters = new Uint32Array(0);

  /** Adds a click whose id is new, or says how it repeats the first of its id. */
  add(click: number, counter: number, file: number, line: number): Repeat | undefined {
    const count = this.size;
    const index = this.addId(click, file, line);
    if (index < count) return this.#counters[index] === counter ? "duplicate" : "conflict";
    this.#counters = ensureCapacity(this.#counters, index + 1);
    this.#counters[index] = counter;
    return undefined;
  }

  /** The counter of a click, or -1 where no click has this id. */
  counterOf(click: number): number {
    const index = this.indexOf(click);
    return index === -1 ? -1 : this.#counters[index]!;
  }
}

export class FirstConversions extends FirstRows {
  #clicks = new Uint32Array(0);
  #revenues = new BigInt64Array(0);

  /** Adds a conversion whose id is new, or says how it repeats the first of its id. `revenue` is in millionths. */
  add(conversion: number, click: number, revenue: bigint, file: number, line: number): Repeat | undefined {
    const count = this.size;
    const index = this.addId(conversion, file, line);
    if (index < count)
      return this.#clicks[index] === click && this.#revenues[index] === revenue ? "duplicate" : "conflict";
    this.#clicks = ensureCapacity(this.#clicks, index + 1);
    this.#revenues = ensureCapacity(this.#revenues, index + 1);
    this.#clicks[index] = click;
    this.#revenues[index] = revenue;
    return undefined;
  }
}

/** Statistics by their counter: a banner of a cell has no more than one row. */
export class FirstStatistics extends FirstRows {
  /** Whether it is the first of its counter. */
  add(counter: number, file: number, line: number): boolean {
    const count = this.size;
    return this.addId(counter, file, line) === count;
  }
}
