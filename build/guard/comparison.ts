/** Describes what reports say of the index before, and of the checks that failed: it runs in browsers too. */
import type { Rule } from "../../src/index/sections.js";

export const CHECKS = ["periods", "empty-period", "lost-cells", "rejected", "orphans", "missing-files"] as const;
export type Check = (typeof CHECKS)[number];

export interface Finding {
  readonly name: Check;
  readonly text: string;
  readonly accepted: boolean;
}

export interface BeforeAfter<Value> {
  readonly before: Value;
  readonly after: Value;
}

export interface SomeIds {
  readonly count: number;
  readonly first: readonly number[];
}

export interface Difference {
  readonly generation: BeforeAfter<string>;
  readonly periods: BeforeAfter<number>;
  readonly cells_by_rule: Readonly<Record<Rule, BeforeAfter<number>>>;
  /** Null where the periods are others. */
  readonly cells_gone: number | null;
  readonly cells_new: number | null;
  readonly revenue: BeforeAfter<string>;
  readonly campaigns_new: SomeIds;
  readonly campaigns_gone: SomeIds;
  /** Banners that some cell may show, and none did before; and the other way round. */
  readonly banners_in: SomeIds;
  readonly banners_out: SomeIds;
}

export type Comparison =
  | { readonly result: "first" }
  | { readonly result: "unreadable"; readonly reason: string }
  | { readonly result: "unchanged"; readonly generation: string }
  | ({ readonly result: "changed" } & Difference);
