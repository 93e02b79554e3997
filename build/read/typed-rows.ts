/** Holds rows of one kind as columns of numbers, and the malformed ones among them. */
import { eventColumns, type Column } from "./event-columns.js";
import { EventClock, type EventTimes } from "./event-time.js";
import type { Kind } from "./find.js";
import { ensureCapacity } from "./id-map.js";
import type { BadRowSink } from "./row-format.js";
import { hashTextId, TEXT_ID, WORDS_PER_TEXT_ID } from "./text-id.js";

export interface Malformed {
  readonly line: number;
  readonly reason: string;
}

export class TypedRows implements BadRowSink {
  length = 0;
  readonly columns: readonly Column[];
  /** By position in `columns`; revenue and time have none here. */
  numbers: Uint32Array[];
  lines = new Uint32Array(0);
  /** Millionths; none where the kind has no revenue. */
  revenues = new BigInt64Array(0);
  /** The halves of each revenue, the lower one first. */
  halves = new Uint32Array(0);
  /** Of rows that have their time, or OUTSIDE. */
  periods = new Uint8Array(0);
  /** By position in `columns`, the hashes of ids that are TEXT_ID, in the places of their rows; empty where none is. */
  texts: Uint32Array[];
  hasTexts = false;
  /** Whether the file has the optional column. */
  hasCounts = false;
  malformedRows: Malformed[] = [];
  readonly #hasRevenue: boolean;

  constructor(
    readonly kind: Kind,
    times?: EventTimes,
    /** Undefined where the rows have no time. */
    readonly clock: EventClock | undefined = times && new EventClock(times),
  ) {
    this.columns = eventColumns(kind, clock !== undefined);
    const types = this.columns.map(({ type }) => type);
    this.#hasRevenue = types.includes("revenue");
    this.numbers = types.filter((type) => type !== "revenue" && type !== "time").map(() => new Uint32Array(0));
    this.texts = types.filter((type) => type === "key").map(() => new Uint32Array(0));
  }

  /** Makes room for so many more rows. */
  reserve(count: number): void {
    const length = this.length + count;
    if (length <= this.lines.length) return;
    this.lines = ensureCapacity(this.lines, length);
    this.numbers = this.numbers.map((column) => ensureCapacity(column, length));
    if (this.clock !== undefined) this.periods = ensureCapacity(this.periods, length);
    if (!this.#hasRevenue) return;
    this.revenues = ensureCapacity(this.revenues, length);
    this.halves = new Uint32Array(this.revenues.buffer);
  }

  /** Adds the row whose numbers stand behind the last one. */
  add(line: number): void {
    this.lines[this.length++] = line;
  }

  /** Of the row behind the last one. */
  setText(column: number, bytes: Uint8Array, start: number, end: number): void {
    const at = this.length * WORDS_PER_TEXT_ID;
    const texts = ensureCapacity(this.texts[column]!, at + WORDS_PER_TEXT_ID);
    hashTextId(bytes, start, end, texts, at);
    this.texts[column] = texts;
    this.numbers[column]![this.length] = TEXT_ID;
    this.hasTexts = true;
  }

  malformed(line: number, reason: string): void {
    this.malformedRows.push({ line, reason });
  }

  clear(): void {
    this.length = 0;
    this.hasTexts = false;
    this.malformedRows = [];
  }
}
