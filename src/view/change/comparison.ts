/** Describes how an index differs from the one before it: it runs in browsers too. */
import type { Rule } from "../../index/sections.js";
import { count, counted } from "../../index/wording.js";

export interface BeforeAfter<Value> {
  readonly before: Value;
  readonly after: Value;
}

export interface SomeIds {
  readonly count: number;
  readonly first: readonly number[];
}

/** What is told of cells is null where the periods are others. */
export interface Difference {
  readonly generation: BeforeAfter<string>;
  readonly periods: BeforeAfter<number>;
  readonly cells_by_rule: Readonly<Record<Rule, BeforeAfter<number>>>;
  /** Cells with events. */
  readonly cells_gone: number | null;
  readonly cells_new: number | null;
  /** Cells that are in both, and may show other banners. */
  readonly collections_changed: number | null;
  readonly rules_changed: number | null;
  /**
   * Campaigns of the new index of which a cell is new, gone, has another rule, or may show other banners. Revenue is
   * another each day: it changes no campaign.
   */
  readonly campaigns_changed: number | null;
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

/** What a reload changed, in numbers. */
export interface ChangeNumbers {
  readonly campaigns_changed: number | null;
  readonly collections_changed: number | null;
  readonly rules_changed: number | null;
  readonly banners_in: number;
  readonly banners_out: number;
  readonly campaigns_new: number;
  readonly campaigns_gone: number;
  readonly revenue: BeforeAfter<string>;
}

export function numbersOf(comparison: Comparison | undefined): ChangeNumbers | undefined {
  if (comparison?.result !== "changed") return undefined;
  const { campaigns_changed, collections_changed, rules_changed, banners_in, banners_out, revenue } = comparison;
  return {
    campaigns_changed,
    collections_changed,
    rules_changed,
    banners_in: banners_in.count,
    banners_out: banners_out.count,
    campaigns_new: comparison.campaigns_new.count,
    campaigns_gone: comparison.campaigns_gone.count,
    revenue,
  };
}

export function changeText({ rules_changed: rules, ...of }: ChangeNumbers): string {
  const parts = [
    `${counted(of.banners_in, "banner")} in, ${count(of.banners_out)} out`,
    rules === null ? "other periods" : `${counted(rules, "rule")} changed`,
    of.campaigns_new > 0 && `${counted(of.campaigns_new, "campaign")} new`,
    of.campaigns_gone > 0 && `${counted(of.campaigns_gone, "campaign")} gone`,
  ];
  return parts.filter(Boolean).join(", ");
}
