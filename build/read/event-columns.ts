/** Names the columns of each kind of file, and what stands in them. */
import { TIMESTAMP_COLUMN } from "./event-time.js";
import type { Kind } from "./file-name.js";

/** A key is an id, or a text in place of one. */
export type ColumnType = "id" | "key" | "count" | "revenue" | "time";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly isOptional?: boolean;
}

const id = (name: string): Column => ({ name, type: "id" });
const key = (name: string): Column => ({ name, type: "key" });
const count = (name: string): Column => ({ name, type: "count" });
const revenue: Column = { name: "revenue", type: "revenue" };
export const TIMESTAMP: Column = { name: TIMESTAMP_COLUMN, type: "time" };

/** A kind has one column of revenue at most, behind its numbers. */
export const EVENT_COLUMNS: Readonly<Record<Kind, readonly Column[]>> = {
  impressions: [id("banner_id"), id("campaign_id"), { ...id("count"), isOptional: true }],
  clicks: [key("click_id"), id("banner_id"), id("campaign_id")],
  conversions: [key("conversion_id"), key("click_id"), revenue],
  statistics: [
    id("campaign_id"),
    id("banner_id"),
    count("impressions"),
    count("clicks"),
    count("conversions"),
    revenue,
  ],
};

/** @param isTimed whether each row has its time */
export function eventColumns(kind: Kind, isTimed: boolean): readonly Column[] {
  return isTimed ? [...EVENT_COLUMNS[kind], TIMESTAMP] : EVENT_COLUMNS[kind];
}
