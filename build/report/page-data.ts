/** Describes the data in the report page: numbers by their place rather than by name, which keeps it small. */

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

/** Revenue is millionths as text, since it may exceed a double. */
export type PageFigures = readonly [revenue: string, conversions: number, clicks: number, impressions: number];

/** A banner in a cell. */
export type PageEntry = readonly [banner: number, ...PageFigures];

export interface PageCell {
  readonly of: readonly [rule: string, x: number, banners: number, ...PageFigures];
  /** The banners that are always in the collection. */
  readonly fixed: readonly PageEntry[];
  /** The first below them, where there is one and no places are drawn. */
  readonly below?: PageEntry;
  /** Places that are drawn from the pool at each request, banners of the pool, and the first ids of these. */
  readonly drawn?: readonly [places: number, pool: number, ids: readonly number[]];
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
  readonly totals: readonly PageFigures[];
  /** By revenue, descending, then by id. */
  readonly campaigns: readonly number[];
  /** In all periods; as in `PageFigures`. */
  readonly campaign_revenue: readonly string[];
  readonly campaigns_left_out: number;
  /** By campaign, in this order, and period; null where the campaign has no cell. */
  readonly cells: readonly (readonly (PageCell | null)[])[];
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
