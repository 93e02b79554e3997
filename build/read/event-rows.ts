/** Parses the fields of a row to the numbers of an event, or of the statistics of a banner. */
import { LARGEST_ID, readId } from "../../src/index/ids.js";
import { parseRevenue, revenueError } from "../../src/index/revenue.js";
import { textIdBytes, textIdError } from "../../src/index/text-ids.js";
import { quoted } from "../../src/options/printable.js";
import { eventColumns, type Column } from "./event-columns.js";
import { MALFORMED } from "./event-time.js";
import { KINDS, type Kind } from "./file-name.js";
import type { RowFormat } from "./row-format.js";
import type { TypedRows } from "./typed-rows.js";

export interface Statistics {
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths; negative where refunds outweigh. */
  readonly revenue: bigint;
}

export const EVENT_ROWS = formatsOf(false);
const TIMED_ROWS = formatsOf(true);

export function eventFormat(kind: Kind, isTimed: boolean): RowFormat<TypedRows> {
  return isTimed ? TIMED_ROWS[kind] : EVENT_ROWS[kind];
}

function formatsOf(isTimed: boolean): Readonly<Record<Kind, RowFormat<TypedRows>>> {
  const formats = KINDS.map((kind) => [kind, formatOf(eventColumns(kind, isTimed))]);
  return Object.fromEntries(formats) as Record<Kind, RowFormat<TypedRows>>;
}

function formatOf(columns: readonly Column[]): RowFormat<TypedRows> {
  return {
    columns: columns.map(({ name }) => name),
    optional: columns.filter(({ isOptional }) => isOptional).map(({ name }) => name),
    parse: (row, line, positions, rows, delimiter) => {
      rows.reserve(1);
      const at = rows.length;
      for (let column = 0; column < columns.length; column++) {
        const { name, type } = columns[column]!;
        const text = row[positions[column]!];
        // An optional column that the file does not have.
        if (text === undefined) continue;
        if (type === "time") {
          const bytes = Buffer.from(text);
          rows.periods[at] = rows.clock!.periodOf(bytes, 0, bytes.length);
          if (rows.periods[at] === MALFORMED) return rows.clock!.reasonFor(text);
        } else if (type === "key" && readId(text) === 0) {
          const bytes = textIdBytes(text);
          if (bytes === undefined) return textIdError(name, text);
          rows.setText(column, bytes, 0, bytes.length);
        } else if (type === "revenue") {
          const revenue = parseRevenue(text, delimiter);
          if (revenue === undefined) return revenueError(text);
          rows.revenues[at] = revenue;
        } else {
          const number = type === "count" ? parseCount(text) : readId(text) || undefined;
          if (number === undefined) return type === "count" ? countError(name, text) : idError(name, text);
          rows.numbers[column]![at] = number;
        }
      }
      const problem = rows.kind === "statistics" ? impossible(rows, at, row[positions[5]!]) : undefined;
      if (problem === undefined) rows.add(line);
      return problem;
    },
  };
}

/** What no events add up to. */
export function impossible(rows: TypedRows, at: number, revenueText = ""): string | undefined {
  const clicks = rows.numbers[3]![at]!;
  const conversions = rows.numbers[4]![at]!;
  if (conversions > 0 && clicks === 0) return `${conversions} conversion(s) without a click, expected clicks`;
  if (conversions === 0 && rows.revenues[at] !== 0n)
    return `revenue is ${quoted(revenueText)} without a conversion, expected 0`;
  return undefined;
}

export function idError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 1 to ${LARGEST_ID} without leading zeros`;
}

function countError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 0 to ${LARGEST_ID} without leading zeros`;
}

/** The index holds counts in 32 bits, as it does ids. */
function parseCount(text: string): number | undefined {
  return text === "0" ? 0 : readId(text) || undefined;
}
