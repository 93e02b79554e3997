/** Describes the JSON of what an index changes, as the dashboard and the report show it: it runs in browsers too. */
import type { Rule } from "../../index/sections.js";
import type { CellChange } from "../rows.js";
import type { Comparison } from "./comparison.js";

/** A cell that is new, gone, has another rule, or may show other banners. */
export interface ChangedCell extends CellChange {
  readonly campaign: number;
  /** Absent where it has none, or is not in the index any more. */
  readonly name?: string;
  readonly period: number;
  /** Null where the cell is gone; its revenue is zero then. */
  readonly rule: Rule | null;
  readonly revenue: string;
}

export interface ServedChange {
  readonly generation: string;
  /** With the index before it. */
  readonly comparison: Comparison;
  /** 0 where there is nothing to compare with; null where the periods are others. */
  readonly campaigns_changed: number | null;
  /** Those with the most revenue, now or, where they are gone, before. */
  readonly cells: readonly ChangedCell[];
  readonly cells_left_out: number;
}
