/** Describes what people are shown of an index, as JSON: the dashboard asks for it, the report contains it. */
import type { Reason } from "../index/explain.js";
import type { Rule } from "../index/sections.js";

/** Revenue is an exact decimal, with six places: "12.345678". */
export interface JsonFigures {
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: string;
}

export interface Overview {
  readonly generation: string;
  readonly periods: number;
  readonly campaigns: number;
  readonly banners: number;
  /** Sums of all campaigns, by period. */
  readonly totals: readonly (JsonFigures & { readonly campaigns: number })[];
  readonly cells_by_rule: Readonly<Record<Rule, number>>;
}

export interface CampaignRow extends JsonFigures {
  readonly campaign: number;
  /** "" where it has none. */
  readonly name: string;
  /** Different ones, in the period asked for or in all. */
  readonly banners: number;
  /** By period, from the first; null where the campaign has no cell. */
  readonly cells: readonly ({ readonly rule: Rule; readonly x: number; readonly revenue: string } | null)[];
  readonly changed: boolean;
}

export interface FoundCampaigns {
  readonly generation: string;
  /** In the index. */
  readonly campaigns: number;
  /** That match, of which `rows` are some. */
  readonly found: number;
  /** Of all that match. */
  readonly sum: JsonFigures;
  readonly rows: readonly CampaignRow[];
}

export interface BannerRow extends JsonFigures {
  readonly banner: number;
  /** Why it is in the collection; "pool" also where it is drawn from; null where it is behind the cut. */
  readonly by: Reason | null;
}

/** What one cell shows now and did not before, and the other way round. */
export interface CellChange {
  readonly in: readonly number[];
  readonly out: readonly number[];
  /** Null where there was no cell. */
  readonly rule_before: Rule | null;
  readonly revenue_before: string;
}

export interface Cell {
  readonly period: number;
  readonly rule: Rule;
  readonly x: number;
  /** Places of the collection that hold the same banners at each request, which are the first of `banners`. */
  readonly fixed: number;
  /** Places drawn anew at each request from the pool, which is all of `banners` behind the fixed ones then. */
  readonly random_places: number;
  /** The share of decisions that draw from all of `banners`; absent where none does. */
  readonly exploration?: number;
  /** All of the cell, in the order of the cut. */
  readonly banners: readonly BannerRow[];
  readonly change?: CellChange;
}

export interface BannerText {
  /** "" where there is none. */
  readonly name: string;
  readonly link: string;
  /** An address; absent where there is no image to show. */
  readonly image?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface Campaign {
  readonly generation: string;
  readonly campaign: number;
  readonly name: string;
  /** By period, from the first; null where the campaign has no cell. */
  readonly cells: readonly (Cell | null)[];
  /** Those of the cells, by id. */
  readonly banners: Readonly<Record<string, BannerText>>;
}
