/** Decides which rows count: the first of an id; and tells whether a later one repeats or contradicts it. */
import { OUTSIDE_COUNTER } from "./counters.js";
import { ensureCapacity, IdMap, NOT_FOUND } from "../read/id-map.js";

/** A row: its file, by number in reading order, and its line there. */
export interface RowLocation {
  readonly file: number;
  readonly line: number;
}

export type Repeat = "duplicate" | "conflict";

export interface RepeatedRow {
  readonly row: number;
  readonly repeat: Repeat;
  readonly first: RowLocation;
}

class RowLocations {
  #files = new Uint32Array(0);
  #lines = new Uint32Array(0);

  set(index: number, file: number, line: number): void {
    if (index >= this.#files.length) this.reserve(index + 1);
    this.#files[index] = file;
    this.#lines[index] = line;
  }

  reserve(size: number): void {
    this.#files = ensureCapacity(this.#files, size);
    this.#lines = ensureCapacity(this.#lines, size);
  }

  get(index: number): RowLocation {
    return { file: this.#files[index]!, line: this.#lines[index]! };
  }
}

/** Of numbers, or of the hashes of texts. */
export interface Ids {
  readonly size: number;
  find(id: number): number;
  add(id: number): number;
}

export class FirstClicks {
  readonly #rows = new RowLocations();
  #counters = new Uint32Array(0);

  constructor(readonly ids: Ids = new IdMap(1)) {}

  add(click: number, counter: number, file: number, line: number): Repeat | undefined {
    const count = this.ids.size;
    const index = this.ids.add(click);
    if (index < count) {
      const first = this.#counters[index]!;
      if (first !== OUTSIDE_COUNTER) return first === counter ? "duplicate" : "conflict";
    } else if (index >= this.#counters.length) this.#counters = ensureCapacity(this.#counters, index + 1);
    this.#counters[index] = counter;
    this.#rows.set(index, file, line);
    return undefined;
  }

  /** Makes room for so many clicks in all. */
  reserve(size: number): void {
    this.#counters = ensureCapacity(this.#counters, size);
    this.#rows.reserve(size);
  }

  /**
   * Adds rows of a file whose ids have these indexes, of which `size` and those above are new. Returns the repeats, in
   * their order.
   */
  addRows(
    { indexes, size }: { readonly indexes: Uint32Array; readonly size: number },
    counters: Uint32Array,
    lines: Uint32Array,
    file: number,
  ): RepeatedRow[] {
    this.reserve(this.ids.size);
    const repeats: RepeatedRow[] = [];
    const firsts = this.#counters;
    let next = size;
    for (let row = 0; row < lines.length; row++) {
      const index = indexes[row]!;
      const counter = counters[row]!;
      if (index === next || firsts[index] === OUTSIDE_COUNTER) {
        if (index === next) next++;
        firsts[index] = counter;
        this.#rows.set(index, file, lines[row]!);
      } else if (counter !== OUTSIDE_COUNTER) {
        const repeat = firsts[index] === counter ? "duplicate" : "conflict";
        repeats.push({ row, repeat, first: this.#rows.get(index) });
      }
    }
    return repeats;
  }

  addOutside(click: number): void {
    const count = this.ids.size;
    const index = this.ids.add(click);
    if (index < count) return;
    if (index >= this.#counters.length) this.#counters = ensureCapacity(this.#counters, index + 1);
    this.#counters[index] = OUTSIDE_COUNTER;
  }

  /** -1 where it is unknown. */
  indexOf(click: number): number {
    return this.ids.find(click);
  }

  /** Writes the counters of these clicks, or OUTSIDE_COUNTER; 0 for NOT_FOUND. */
  countersAt(indexes: Uint32Array, counters: Uint32Array): void {
    const known = this.#counters;
    for (let row = 0; row < indexes.length; row++)
      counters[row] = indexes[row] === NOT_FOUND ? 0 : known[indexes[row]!]!;
  }

  /** Or OUTSIDE_COUNTER. */
  counterAt(index: number): number {
    return this.#counters[index]!;
  }

  locationOf(click: number): RowLocation {
    return this.#rows.get(this.ids.find(click));
  }
}

export class FirstConversions {
  readonly #rows = new RowLocations();
  #clicks = new Uint32Array(0);
  #revenues = new BigInt64Array(0);

  constructor(readonly ids: Ids = new IdMap(1)) {}

  /** Makes room for so many conversions in all. */
  reserve(size: number): void {
    this.#clicks = ensureCapacity(this.#clicks, size);
    this.#revenues = ensureCapacity(this.#revenues, size);
    this.#rows.reserve(size);
  }

  /** @param click any number that is the click's own */
  add(conversion: number, click: number, revenue: bigint, file: number, line: number): Repeat | undefined {
    const count = this.ids.size;
    const index = this.ids.add(conversion);
    if (index < count)
      return this.#clicks[index] === click && this.#revenues[index] === revenue ? "duplicate" : "conflict";
    if (index >= this.#clicks.length) {
      this.#clicks = ensureCapacity(this.#clicks, index + 1);
      this.#revenues = ensureCapacity(this.#revenues, index + 1);
    }
    this.#clicks[index] = click;
    this.#revenues[index] = revenue;
    this.#rows.set(index, file, line);
    return undefined;
  }

  locationOf(conversion: number): RowLocation {
    return this.#rows.get(this.ids.find(conversion));
  }
}

/** Statistics by their counter: a banner of a cell has no more than one row. */
export class FirstStatistics {
  readonly #counters = new IdMap(1);
  readonly #rows = new RowLocations();

  add(counter: number, file: number, line: number): boolean {
    const count = this.#counters.size;
    const index = this.#counters.add(counter);
    if (index === count) this.#rows.set(index, file, line);
    return index === count;
  }

  locationOf(counter: number): RowLocation {
    return this.#rows.get(this.#counters.find(counter));
  }
}
