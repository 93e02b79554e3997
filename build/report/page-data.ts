/** Describes the data in the report page, which the interface reads. */
import type { ServedChange } from "../../src/view/change/served-change.js";
import type { Overview } from "../../src/view/rows.js";
import type { PackedBanner } from "./packed.js";

/** How the timestamps of events were read; moments are RFC 3339 in UTC. */
export interface TimestampReport {
  readonly time_zone: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface PageRows {
  readonly read: number;
  readonly used: number;
  /** By kind. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly outside?: number;
}

export interface PageFile extends PageRows {
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

/** Something remarkable in the data. */
export interface Remark {
  /** Whether it needs attention, or is only to be known. */
  readonly is_alarm: boolean;
  readonly text: string;
  readonly names?: PageNames;
  /** Of a check that failed: what lets it pass. */
  readonly accept?: string;
}

/** What the build read, and what came of it. */
export interface Account {
  readonly index_bytes: number;
  readonly timestamps?: TimestampReport;
  readonly rows: PageRows;
  readonly files: readonly PageFile[];
  /** Whether every row is accounted for. */
  readonly is_balanced: boolean;
  /** Those that need attention first. */
  readonly remarks: readonly Remark[];
}

/** What the page has no room for: campaigns with the least revenue, or larger than a page, and images likewise. */
export interface LeftOut {
  readonly campaigns: number;
  readonly images: number;
}

/** `#report-data`. Beside it are `#settings`, `#report-campaigns` (`PackedCampaign[]`, by id) and `#report-images`. */
export interface PageData {
  readonly overview: Overview;
  readonly change: ServedChange;
  /** Only where the index explores: the share of decisions that do. */
  readonly exploration?: number;
  readonly account: Account;
  /** Of the campaigns in the page, by id. */
  readonly banners: readonly PackedBanner[];
  /** Ids of the campaigns in the page that differ from the index before. */
  readonly changed: readonly number[];
}
