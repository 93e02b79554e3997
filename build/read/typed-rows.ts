/** Holds rows of one kind as columns of numbers, and the malformed ones among them. */
import { EVENT_COLUMNS } from "./event-rows.js";
import type { Kind } from "./find.js";
import { ensureCapacity } from "./id-map.js";
import type { BadRowSink } from "./row-format.js";

export interface Malformed {
  readonly line: number;
  readonly reason: string;
}

export class TypedRows implements BadRowSink {
  length = 0;
  /** By position in `EVENT_COLUMNS`; revenue has none here. */
  numbers: Uint32Array[];
  lines = new Uint32Array(0);
  /** Millionths; none where the kind has no revenue. */
  revenues = new BigInt64Array(0);
  /** The halves of each revenue, the lower one first. */
  halves = new Uint32Array(0);
  malformedRows: Malformed[] = [];
  readonly #hasRevenue: boolean;

  constructor(readonly kind: Kind) {
    const types = EVENT_COLUMNS[kind].map(({ type }) => type);
    this.#hasRevenue = types.includes("revenue");
    this.numbers = types.filter((type) => type !== "revenue").map(() => new Uint32Array(0));
  }

  /** Makes room for so many more rows. */
  reserve(count: number): void {
    const length = this.length + count;
    if (length <= this.lines.length) return;
    this.lines = ensureCapacity(this.lines, length);
    this.numbers = this.numbers.map((column) => ensureCapacity(column, length));
    if (!this.#hasRevenue) return;
    this.revenues = ensureCapacity(this.revenues, length);
    this.halves = new Uint32Array(this.revenues.buffer);
  }

  /** Adds the row whose numbers stand behind the last one. */
  add(line: number): void {
    this.lines[this.length++] = line;
  }

  malformed(line: number, reason: string): void {
    this.malformedRows.push({ line, reason });
  }

  clear(): void {
    this.length = 0;
    this.malformedRows = [];
  }
}
