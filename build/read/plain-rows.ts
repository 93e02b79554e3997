/** Reads rows that are each on a line of its own and have nothing wrong, nearly all, without making text of them. */
import { ByteFields, CARRIAGE_RETURN, LINE_FEED } from "./byte-fields.js";
import type { ColumnType } from "./event-columns.js";
import { impossible } from "./event-rows.js";
import { MALFORMED } from "./event-time.js";
import type { Header } from "./header.js";
import { MAX_TEXT_ID_BYTES } from "./text-id.js";
import type { TypedRows } from "./typed-rows.js";

export class PlainRows {
  count = 0;
  /** Of the next row. */
  line: number;
  readonly #fields: ByteFields;
  readonly #delimiter: number;
  /** By position in the row: the type of a column that is read, and which it is. */
  readonly #types: (ColumnType | undefined)[];
  readonly #columns: number[];
  readonly #isChecked: boolean;

  constructor(
    header: Header,
    readonly rows: TypedRows,
  ) {
    this.line = header.nextLine;
    this.#delimiter = header.delimiter.charCodeAt(0);
    this.#fields = new ByteFields(this.#delimiter);
    const positions = Array.from({ length: header.width }, (_, position) => header.columns.indexOf(position));
    this.#columns = positions;
    this.#types = positions.map((column) => rows.columns[column]?.type);
    this.#isChecked = rows.kind === "statistics";
  }

  /**
   * Reads lines from `start` to before `end`, where one has ended. Returns where the first starts that is not plain, or
   * `end`.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    const fields = this.#fields;
    const { rows } = this;
    fields.bytes = bytes;
    // A field has a byte, and another behind it.
    rows.reserve(Math.ceil((end - start) / (2 * this.#types.length)));
    for (let at = start; at < end; at = fields.at + 1, this.line++) {
      fields.at = at;
      if (bytes[at] === CARRIAGE_RETURN) fields.at++;
      if (bytes[fields.at] === LINE_FEED) continue;
      fields.at = at;
      if (!this.#readRow() || (this.#isChecked && impossible(rows, rows.length) !== undefined)) return at;
      rows.add(this.line);
      this.count++;
    }
    return end;
  }

  /** Leaves `at` at the line feed. */
  #readRow(): boolean {
    const fields = this.#fields;
    const last = this.#types.length - 1;
    for (let position = 0; position <= last; position++) {
      if (!this.#readField(this.#types[position], this.#columns[position]!)) return false;
      const byte = fields.bytes[fields.at];
      if (position < last) {
        if (byte !== this.#delimiter) return false;
        fields.at++;
      } else if (byte === CARRIAGE_RETURN) fields.at++;
    }
    return fields.bytes[fields.at] === LINE_FEED;
  }

  #readField(type: ColumnType | undefined, column: number): boolean {
    const fields = this.#fields;
    const { rows } = this;
    const row = rows.length;
    switch (type) {
      case "id": {
        const id = fields.id();
        rows.numbers[column]![row] = id;
        return id !== 0;
      }
      case "key": {
        const { at } = fields;
        const id = fields.id();
        rows.numbers[column]![row] = id;
        return id !== 0 || this.#readText(column, at);
      }
      case "time": {
        if (!fields.text()) return false;
        const period = rows.clock!.periodOf(fields.bytes, fields.textStart, fields.textEnd);
        rows.periods[row] = period;
        return period !== MALFORMED;
      }
      case "count": {
        const count = fields.count();
        rows.numbers[column]![row] = count;
        return count !== -1;
      }
      case "revenue":
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
