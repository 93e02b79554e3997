/** Parses the fields of a row to the numbers of an event, or of the statistics of a banner. */
import { LARGEST_ID, readId } from "../../src/index/ids.js";
import type { Kind } from "./find.js";
import { parseRevenue, revenueError } from "./revenue.js";
import { quoted, type RowFormat } from "./row-format.js";
import type { TypedRows } from "./typed-rows.js";

export interface Statistics {
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths; negative where refunds outweigh. */
  readonly revenue: bigint;
}

export type ColumnType = "id" | "count" | "revenue";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const id = (name: string): Column => ({ name, type: "id" });
const count = (name: string): Column => ({ name, type: "count" });
const revenue: Column = { name: "revenue", type: "revenue" };

/** A kind has one column of revenue at most, and it is the last. */
export const EVENT_COLUMNS: Readonly<Record<Kind, readonly Column[]>> = {
  impressions: [id("banner_id"), id("campaign_id")],
  clicks: [id("click_id"), id("banner_id"), id("campaign_id")],
  conversions: [id("conversion_id"), id("click_id"), revenue],
  statistics: [
    id("campaign_id"),
    id("banner_id"),
    count("impressions"),
    count("clicks"),
    count("conversions"),
    revenue,
  ],
};

export const EVENT_ROWS: Readonly<Record<Kind, RowFormat<TypedRows>>> = {
  impressions: formatOf("impressions"),
  clicks: formatOf("clicks"),
  conversions: formatOf("conversions"),
  statistics: formatOf("statistics"),
};

function formatOf(kind: Kind): RowFormat<TypedRows> {
  const columns = EVENT_COLUMNS[kind];
  return {
    columns: columns.map(({ name }) => name),
    parse: (row, line, positions, rows, delimiter) => {
      rows.reserve(1);
      const at = rows.length;
      for (let column = 0; column < columns.length; column++) {
        const { name, type } = columns[column]!;
        const text = row[positions[column]!]!;
        if (type === "revenue") {
          const revenue = parseRevenue(text, delimiter);
          if (revenue === undefined) return revenueError(text);
          rows.revenues[at] = revenue;
        } else {
          const number = type === "id" ? parseId(text) || undefined : parseCount(text);
          if (number === undefined) return type === "id" ? idError(name, text) : countError(name, text);
          rows.numbers[column]![at] = number;
        }
      }
      const problem = kind === "statistics" ? impossible(rows, at, row[positions[5]!]) : undefined;
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

export function parseId(text: string): number {
  return readId(text, 0, text.length);
}

/** The index holds counts in 32 bits, as it does ids. */
function parseCount(text: string): number | undefined {
  return text === "0" ? 0 : parseId(text) || undefined;
}
