/** Describes the data in the report page: in columns, which keep it small. */

/** read = used + the sum of rejected. */
export interface PageAccount {
  readonly read: number;
  readonly used: number;
  /** By kind, in the order of `reject_kinds`. */
  readonly rejected: readonly number[];
}

export interface PageFile extends PageAccount {
  readonly file: string;
  /** null for `banners.csv`. */
  readonly period: number | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly duplicate_of?: string;
}

/** The first of many names. */
export interface PageNames {
  readonly count: number;
  readonly first: readonly string[];
}

/** Of cells, or of banners in cells. Revenue is millionths as text, since it may exceed a double. */
export interface PageFigures {
  readonly revenue: readonly string[];
  readonly conversions: readonly number[];
  readonly clicks: readonly number[];
  readonly impressions: readonly number[];
}

/** By `index in campaigns * periods + period - 1`. A cell with no banners does not exist. */
export interface PageCells extends PageFigures {
  readonly banners: readonly number[];
  readonly x: readonly number[];
  /** An index in `rules`. */
  readonly rule: readonly number[];
  /** Banners that are always in the collection. */
  readonly fixed: readonly number[];
  /** Places that are drawn from the pool at each request. */
  readonly drawn: readonly number[];
  /** Banners of the pool. */
  readonly pool: readonly number[];
  /** The first ids of each pool, of the cells that draw places. */
  readonly pool_ids: readonly (readonly number[])[];
}

/** Cell by cell: the fixed banners, then the first below, where there is one and no places are drawn. */
export interface PageEntries extends PageFigures {
  readonly banner: readonly number[];
}

export interface PageData {
  readonly generation: string;
  readonly index_bytes: number;
  readonly periods: number;
  readonly rules: readonly string[];
  readonly reject_kinds: readonly string[];
  readonly rows: PageAccount;
  readonly files: readonly PageFile[];
  readonly cells_by_rule: Readonly<Record<string, number>>;
  readonly clicks_without_impression: number;
  readonly banners_without_image: PageNames;
  readonly unreadable_images: PageNames;
  readonly unknown_columns: PageNames;
  readonly unread_files: PageNames;
  readonly missing_kinds: PageNames;
  readonly images: { readonly count: number; readonly first: readonly (readonly [string, number, string])[] };
  /** Of all campaigns, by period. */
  readonly totals: PageFigures;
  /** By revenue, descending, then by id. */
  readonly campaigns: readonly number[];
  /** In all periods; as in `PageFigures`. */
  readonly campaign_revenue: readonly string[];
  readonly campaigns_left_out: number;
  readonly cells: PageCells;
  readonly entries: PageEntries;
  /** Banners without a thumbnail: their images, or all together, are too large; and the two bounds in bytes. */
  readonly images_left_out: {
    readonly too_large: number;
    readonly beyond_total: number;
    readonly max_bytes: number;
    readonly max_total_bytes: number;
  };
}

/** `data:` addresses of images, by banner id. */
export type Thumbnails = Readonly<Record<string, string>>;
