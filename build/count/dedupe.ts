/** Which clicks, conversions and statistics count: the first of an id does, a later one is told apart by whether it says the same. */
import { grown, KeyTable } from "../read/typed-columns.js";

/** Where a row stands: a file's number in reading order, and its line there. */
export interface Place {
  readonly file: number;
  readonly line: number;
}

export type Repeat = "duplicate" | "conflict";

/** The places of the rows that count, by ordinal. */
class Places {
  #files = new Uint32Array(0);
  #lines = new Uint32Array(0);

  set(ordinal: number, file: number, line: number): void {
    if (ordinal >= this.#files.length) {
      this.#files = grown(this.#files, ordinal + 1);
      this.#lines = grown(this.#lines, ordinal + 1);
    }
    this.#files[ordinal] = file;
    this.#lines[ordinal] = line;
  }

  get(ordinal: number): Place {
    return { file: this.#files[ordinal]!, line: this.#lines[ordinal]! };
  }
}

/** The clicks that count, each with the counter it counts in: one of a period, campaign and banner. */
export class FirstClicks {
  readonly #ids = new KeyTable(1);
  readonly #places = new Places();
  #counters = new Uint32Array(0);

  /** Takes a click whose id is new, or says how it repeats the first of its id. */
  add(click: number, counter: number, file: number, line: number): Repeat | undefined {
    const count = this.#ids.size;
    const ordinal = this.#ids.add(click);
    if (ordinal < count) return this.#counters[ordinal] === counter ? "duplicate" : "conflict";
    if (ordinal >= this.#counters.length) this.#counters = grown(this.#counters, ordinal + 1);
    this.#counters[ordinal] = counter;
    this.#places.set(ordinal, file, line);
    return undefined;
  }

  /** The counter of a click, or -1 where no click has this id. */
  counterOf(click: number): number {
    const ordinal = this.#ids.find(click);
    return ordinal === -1 ? -1 : this.#counters[ordinal]!;
  }

  placeOf(click: number): Place {
    return this.#places.get(this.#ids.find(click));
  }
}

/** The conversions that count. */
export class FirstConversions {
  readonly #ids = new KeyTable(1);
  readonly #places = new Places();
  #clicks = new Uint32Array(0);
  #revenues = new BigInt64Array(0);

  /** Takes a conversion whose id is new, or says how it repeats the first of its id. `revenue` is in millionths. */
  add(conversion: number, click: number, revenue: bigint, file: number, line: number): Repeat | undefined {
    const count = this.#ids.size;
    const ordinal = this.#ids.add(conversion);
    if (ordinal < count)
      return this.#clicks[ordinal] === click && this.#revenues[ordinal] === revenue ? "duplicate" : "conflict";
    if (ordinal >= this.#clicks.length) {
      this.#clicks = grown(this.#clicks, ordinal + 1);
      this.#revenues = grown(this.#revenues, ordinal + 1);
    }
    this.#clicks[ordinal] = click;
    this.#revenues[ordinal] = revenue;
    this.#places.set(ordinal, file, line);
    return undefined;
  }

  placeOf(conversion: number): Place {
    return this.#places.get(this.#ids.find(conversion));
  }
}

/** The statistics that count, each known by its counter: a banner of a cell has no more than one row. */
export class FirstStatistics {
  readonly #counters = new KeyTable(1);
  readonly #places = new Places();

  /** Whether it is the first of its counter. */
  add(counter: number, file: number, line: number): boolean {
    const count = this.#counters.size;
    const ordinal = this.#counters.add(counter);
    if (ordinal < count) return false;
    this.#places.set(ordinal, file, line);
    return true;
  }

  placeOf(counter: number): Place {
    return this.#places.get(this.#counters.find(counter));
  }
}
