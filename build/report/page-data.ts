/** Describes the data in the report page: numbers by their place rather than by name, which keeps it small. */
import type { Comparison, Finding } from "../guard/comparison.js";

/** How the timestamps of events were read; moments are RFC 3339 in UTC. */
export interface TimestampReport {
  readonly time_zone: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface PageAccount {
  readonly read: number;
  readonly used: number;
  /** By kind, in the order of `reject_kinds`. */
  readonly rejected: readonly number[];
  readonly outside?: number;
}

export interface PageFile extends PageAccount {
  readonly file: string;
  readonly period: number | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly duplicate_of?: string;
}

export interface PageNames {
  readonly count: number;
  readonly first: readonly string[];
}

/** Revenue is millionths as text, since it may exceed a double. */
export type PageFigures = readonly [revenue: string, conversions: number, clicks: number, impressions: number];

export type PageEntry = readonly [banner: number, ...PageFigures];

export interface PageCell {
  readonly of: readonly [rule: string, x: number, banners: number, ...PageFigures];
  readonly fixed: readonly PageEntry[];
  /** The first below them, where there is one and no places are drawn. */
  readonly below?: PageEntry;
  readonly drawn?: readonly [places: number, pool: number, ids: readonly number[]];
}

export interface PageData {
  readonly generation: string;
  readonly index_bytes: number;
  readonly periods: number;
  readonly timestamps?: TimestampReport;
  readonly rules: readonly string[];
  readonly reject_kinds: readonly string[];
  readonly rows: PageAccount;
  readonly files: readonly PageFile[];
  readonly cells_by_rule: Readonly<Record<string, number>>;
  readonly clicks_without_impression: number;
  readonly banners_without_image: PageNames;
  readonly mixed_sizes: PageNames;
  readonly held_back: PageNames;
  readonly defaults_held_back: PageNames;
  readonly unreadable_images: PageNames;
  readonly unknown_columns: PageNames;
  readonly unread_files: PageNames;
  readonly missing_kinds: PageNames;
  readonly difference: Comparison;
  readonly findings: readonly Finding[];
  readonly images: { readonly count: number; readonly first: readonly (readonly [string, number, string])[] };
  readonly totals: readonly PageFigures[];
  /** By revenue, descending, then by id. */
  readonly campaigns: readonly number[];
  /** In this order; "" for none. */
  readonly campaign_names: readonly string[];
  readonly campaign_revenue: readonly string[];
  readonly campaigns_left_out: number;
  /** By campaign, in this order, and period; null where the campaign has no cell. */
  readonly cells: readonly (readonly (PageCell | null)[])[];
  /** Banners without a thumbnail: their image, or all images together, are too large. */
  readonly images_left_out: {
    readonly too_large: number;
    readonly beyond_total: number;
    readonly max_bytes: number;
    readonly max_total_bytes: number;
  };
}

export type Thumbnails = Readonly<Record<string, string>>;
