/** Reads rows that are each on a line of its own and have nothing wrong, nearly all, without making text of them. */
import { MAX_TEXT_ID_BYTES } from "../../src/index/text-ids.js";
import { ByteFields, CARRIAGE_RETURN, DIGIT_0, LINE_FEED, MAX_SHORT_DIGITS } from "./byte-fields.js";
import type { ColumnType } from "./event-columns.js";
import { impossible } from "./event-rows.js";
import { MALFORMED } from "./event-time.js";
import type { Header } from "./header.js";
import type { TypedRows } from "./typed-rows.js";

/** Of a field; numbers, since they are compared for each. */
const ID = 0;
const KEY = 1;
const COUNT = 2;
const REVENUE = 3;
const TIME = 4;
const SKIPPED = 5;
const TYPES: Readonly<Record<ColumnType, number>> = { id: ID, key: KEY, count: COUNT, revenue: REVENUE, time: TIME };

export class PlainRows {
  count = 0;
  /** Of the next row. */
  line: number;
  readonly #fields: ByteFields;
  readonly #delimiter: number;
  /** By position in the row: its type, and which of the kind's columns it is, or -1. */
  readonly #types: Uint8Array;
  readonly #columns: Int32Array;
  readonly #isChecked: boolean;
  /** Whether all columns are ids. */
  readonly #areIds: boolean;

  constructor(
    header: Header,
    readonly rows: TypedRows,
  ) {
    this.line = header.nextLine;
    this.#delimiter = header.delimiter.charCodeAt(0);
    this.#fields = new ByteFields(this.#delimiter);
    this.#columns = Int32Array.from({ length: header.width }, (_, position) => header.columns.indexOf(position));
    const types = rows.columns.map(({ type }) => TYPES[type]);
    this.#types = Uint8Array.from(this.#columns, (column) => types[column] ?? SKIPPED);
    this.#isChecked = rows.kind === "statistics";
    this.#areIds = this.#types.every((type) => type <= KEY);
  }

  /**
   * Reads lines from `start` to before `end`, where one has ended. Returns where the first starts that is not plain, or
   * `end`.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.#fields.bytes = bytes;
    // A field has a byte, and another behind it.
    this.rows.reserve(Math.ceil((end - start) / (2 * this.#types.length)));
    let at = start;
    let areIds = this.#areIds;
    while (at < end) {
      if (areIds) {
        const next = this.#readIds(bytes, at, end);
        // Ids may be texts, all of them: to try it again at each line takes longer than it saves.
        areIds = next > at;
        at = next;
        if (at === end) break;
      }
      const next = this.#readLine(bytes, at);
      if (next === -1) break;
      at = next;
      this.line++;
    }
    return at;
  }

  /**
   * Reads lines of ids without quotes or blanks, as nearly all are, in half the time that `#readLine` takes. Returns
   * where the first other line starts, or `end`.
   */
  #readIds(bytes: Uint8Array, start: number, end: number): number {
    const { rows, line } = this;
    const { lines, length } = rows;
    const columns = Array.from(this.#columns, (column) => rows.numbers[column]!);
    const last = columns.length - 1;
    const afterField = this.#delimiter - DIGIT_0;
    let row = length;
    let next = start;
    reading: while (next < end) {
      let at = next;
      for (let position = 0; position <= last; position++) {
        const fieldStart = at;
        let value = bytes[at++]! - DIGIT_0;
        if (value < 1 || value > 9) break reading;
        let digit = bytes[at++]! - DIGIT_0;
        for (; digit >= 0 && digit <= 9; digit = bytes[at++]! - DIGIT_0) value = (Math.imul(value, 10) + digit) | 0;
        if (at - fieldStart > MAX_SHORT_DIGITS + 1) break reading;
        if (position === last && digit === CARRIAGE_RETURN - DIGIT_0) digit = bytes[at++]! - DIGIT_0;
        if (digit !== (position === last ? LINE_FEED - DIGIT_0 : afterField)) break reading;
        columns[position]![row] = value;
      }
      lines[row] = line + row - length;
      row++;
      next = at;
    }
    rows.length = row;
    this.line += row - length;
    this.count += row - length;
    return next;
  }

  /** Returns where the next line starts, or -1 where this one is not plain. */
  #readLine(bytes: Uint8Array, start: number): number {
    const { rows } = this;
    const types = this.#types;
    const delimiter = this.#delimiter;
    const row = rows.length;
    const last = types.length - 1;
    let at = bytes[start] === CARRIAGE_RETURN ? start + 1 : start;
    if (bytes[at] === LINE_FEED) return at + 1;
    at = start;
    for (let position = 0; ; position++) {
      const type = types[position]!;
      if (type <= KEY) {
        // As `ByteFields` does it, without a call: nearly all fields are ids without quotes or blanks.
        const fieldStart = at;
        const first = bytes[at]! - DIGIT_0;
        let value = first;
        let byte = bytes[++at]!;
        for (let digit = byte - DIGIT_0; digit >= 0 && digit <= 9; digit = byte - DIGIT_0) {
          value = (Math.imul(value, 10) + digit) | 0;
          byte = bytes[++at]!;
        }
        const isId = first > 0 && first <= 9 && at - fieldStart <= MAX_SHORT_DIGITS;
        if (isId && (byte === delimiter || byte === LINE_FEED)) rows.numbers[this.#columns[position]!]![row] = value;
        else at = this.#readField(type, position, fieldStart);
      } else at = this.#readField(type, position, at);
      if (at === -1) return -1;
      if (position === last) break;
      if (bytes[at] !== delimiter) return -1;
      at++;
    }
    if (bytes[at] === CARRIAGE_RETURN) at++;
    if (bytes[at] !== LINE_FEED || (this.#isChecked && impossible(rows, row) !== undefined)) return -1;
    rows.add(this.line);
    this.count++;
    return at + 1;
  }

  /** Returns where the field ends, or -1 where it is not plain. */
  #readField(type: number, position: number, start: number): number {
    const fields = this.#fields;
    fields.at = start;
    return this.#isPlain(type, this.#columns[position]!) ? fields.at : -1;
  }

  #isPlain(type: number, column: number): boolean {
    const fields = this.#fields;
    const { rows } = this;
    const row = rows.length;
    switch (type) {
      case ID: {
        const id = fields.id();
        rows.numbers[column]![row] = id;
        return id !== 0;
      }
      case KEY: {
        const { at } = fields;
        const id = fields.id();
        rows.numbers[column]![row] = id;
        return id !== 0 || this.#readText(column, at);
      }
      case TIME: {
        if (!fields.text()) return false;
        const period = rows.clock!.periodOf(fields.bytes, fields.textStart, fields.textEnd);
        rows.periods[row] = period;
        return period !== MALFORMED;
      }
      case COUNT: {
        const count = fields.count();
        rows.numbers[column]![row] = count;
        return count !== -1;
      }
      case REVENUE:
        if (!fields.revenue()) return false;
        rows.halves[2 * row] = fields.low;
        rows.halves[2 * row + 1] = fields.high;
        return true;
      default:
        return fields.skip();
    }
  }

  #readText(column: number, at: number): boolean {
    const fields = this.#fields;
    fields.at = at;
    if (!fields.text() || fields.textEnd - fields.textStart > MAX_TEXT_ID_BYTES) return false;
    this.rows.setText(column, fields.bytes, fields.textStart, fields.textEnd);
    return true;
  }
}
