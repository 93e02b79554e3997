/** Requires the columns of the event tables, and tells how each is read in a statement. */
import { DataError } from "../read/data-error.js";
import { EVENT_KINDS } from "../read/file-name.js";

export type EventKind = (typeof EVENT_KINDS)[number];

/** Expressions of a table's columns. */
export interface EventTable {
  /** Milliseconds since 1970. */
  readonly moment: string;
  /** Whether a row is none that a file could have. */
  readonly isSound: string;
  /** Views of a row of impressions. */
  readonly count: string;
  /** Whether the table says when a row came into it. */
  readonly hasReceived: boolean;
}

export type EventTables = Readonly<Record<EventKind, EventTable>>;

/** By table, then by column. */
export type ColumnTypes = Readonly<Record<string, Readonly<Record<string, string>>>>;

const WHOLE = /^U?Int(8|16|32|64)$/;
const ID = /^(U?Int(8|16|32|64)|String|UUID)$/;
/** Sums of at most six decimals are exact in millionths. */
const REVENUE = /^Decimal\(\d+, [0-6]\)$/;
const TIME = /^(U?Int64|DateTime(\(.*\))?|DateTime64\(\d.*\))$/;
const RECEIVED = /^DateTime/;

interface Column {
  readonly name: string;
  readonly type: RegExp;
  readonly expected: string;
  readonly isOptional?: true;
}

const time: Column = {
  name: "timestamp",
  type: TIME,
  expected: "Int64 (milliseconds since 1970), DateTime or DateTime64",
};
const received: Column = { name: "received", type: RECEIVED, expected: "DateTime", isOptional: true };
const whole = (name: string): Column => ({ name, type: WHOLE, expected: "UInt32" });
const id = (name: string): Column => ({ name, type: ID, expected: "String, UUID or a whole number" });

export const TABLE_COLUMNS: Readonly<Record<EventKind, readonly Column[]>> = {
  impressions: [time, whole("campaign_id"), whole("banner_id"), { ...whole("count"), isOptional: true }, received],
  clicks: [time, id("click_id"), whole("campaign_id"), whole("banner_id"), received],
  conversions: [
    ...[time, id("conversion_id"), id("click_id")],
    { name: "revenue", type: REVENUE, expected: "a Decimal of at most six decimals, such as Decimal(18, 6)" },
    received,
  ],
};

/** @param where names the database in errors @throws DataError for what lacks, or is of a type that is not read */
export function eventTables(types: ColumnTypes, where: string): EventTables {
  const tables = EVENT_KINDS.map((kind) => {
    const typeOf = types[kind] ?? {};
    if (Object.keys(typeOf).length === 0)
      throw new DataError(
        `${where}: has no table ${kind}: deploy/clickhouse/schema.sql makes it, or let a view be called so`,
      );
    for (const { name, type, expected, isOptional } of TABLE_COLUMNS[kind]) {
      const given = typeOf[name];
      if (given === undefined && isOptional) continue;
      const column = `${where}: ${kind}.${name}`;
      if (given === undefined) throw new DataError(`${column}: there is no such column, expected ${expected}`);
      if (!type.test(given))
        throw new DataError(`${column}: is ${given}, expected ${expected}: let a view called ${kind} convert it`);
    }
    return [kind, tableOf(kind, typeOf)] as const;
  });
  const { clicks, conversions } = types;
  if (clicks!["click_id"] !== conversions!["click_id"])
    throw new DataError(
      `${where}: click_id is ${clicks!["click_id"]!} in clicks and ${conversions!["click_id"]!} in conversions: let both be the same`,
    );
  return Object.fromEntries(tables) as Record<EventKind, EventTable>;
}

function tableOf(kind: EventKind, typeOf: Readonly<Record<string, string>>): EventTable {
  const moment = momentOf(typeOf["timestamp"]!);
  const hasCount = typeOf["count"] !== undefined;
  const conditions: Readonly<Record<EventKind, readonly string[]>> = {
    impressions: [isId("campaign_id"), isId("banner_id"), ...(hasCount ? [isId("count")] : [])],
    clicks: [...isTextId("click_id", typeOf), isId("campaign_id"), isId("banner_id")],
    conversions: [...isTextId("conversion_id", typeOf), ...isTextId("click_id", typeOf)],
  };
  return {
    moment,
    isSound: [`${moment} BETWEEN 100000000000 AND 9999999999999`, ...conditions[kind]].join(" AND "),
    count: hasCount ? "count" : "1",
    hasReceived: typeOf["received"] !== undefined,
  };
}

function momentOf(type: string): string {
  if (type.startsWith("DateTime64")) return "toUnixTimestamp64Milli(timestamp)";
  if (type.startsWith("DateTime")) return "(toInt64(toUnixTimestamp(timestamp)) * 1000)";
  // As it is, so that parts outside of the window need not be read.
  return type === "Int64" ? "timestamp" : "toInt64(timestamp)";
}

function isId(name: string): string {
  return `${name} BETWEEN 1 AND 4294967295`;
}

/** As `isTextId` of files has it. A number is always the text of one. */
function isTextId(name: string, typeOf: Readonly<Record<string, string>>): readonly string[] {
  if (typeOf[name] !== "String") return [];
  return [`length(${name}) BETWEEN 1 AND 128`, `NOT match(${name}, '[\\\\x00-\\\\x1f\\\\x7f-\\\\x{9f}]')`];
}
