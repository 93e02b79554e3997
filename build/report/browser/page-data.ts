/** What the build writes into the page and the page's script reads: types only. Columns rather than objects, to keep the page small. */

/** read = used + the sum of rejected. */
export interface PageAccount {
  readonly read: number;
  readonly used: number;
  /** By kind, in the order of `reject_kinds`. */
  readonly rejected: readonly number[];
}

export interface PageFile extends PageAccount {
  readonly file: string;
  /** null for a file that belongs to none. */
  readonly period: number | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly duplicate_of?: string;
}

/** The first few of something that there may be very many of. */
export interface PageNames {
  readonly count: number;
  readonly first: readonly string[];
}

/** Of a cell, or of one banner in a cell; a list of each, in the same order. Revenue is text with six decimals, exact. */
export interface PageFigures {
  readonly revenue: readonly string[];
  readonly conversions: readonly number[];
  readonly clicks: readonly number[];
  readonly impressions: readonly number[];
}

/** Cells are numbered `place * periods + period - 1`, where `place` is one in `campaigns`. A cell with no banners does not exist. */
export interface PageCells extends PageFigures {
  /** How many banners the cell has in all. */
  readonly banners: readonly number[];
  readonly x: readonly number[];
  /** A place in `rules`. */
  readonly rule: readonly number[];
  /** How many banners are always in the collection. */
  readonly fixed: readonly number[];
  /** How many places are drawn from the pool at each request. */
  readonly drawn: readonly number[];
  /** How many banners the pool has. */
  readonly pool: readonly number[];
  /** The first ids of the pool, cell by cell, of the cells that places are drawn in. */
  readonly pool_ids: readonly (readonly number[])[];
}

/** Cell by cell: the fixed banners, then the first below, where there is one and no place is drawn. */
export interface PageEntries extends PageFigures {
  readonly banner: readonly number[];
}

export interface PageData {
  readonly generation: string;
  readonly index_bytes: number;
  /** P. */
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
  /** Over all campaigns, one place a period. */
  readonly totals: PageFigures;
  /** In order of revenue descending, then id. */
  readonly campaigns: readonly number[];
  /** Their revenue in all periods. */
  readonly campaign_revenue: readonly string[];
  readonly campaigns_left_out: number;
  readonly cells: PageCells;
  readonly entries: PageEntries;
  /** Banners that are shown as a tile, since their images are too large or the page would be; in bytes, the two bounds. */
  readonly images_left_out: {
    readonly too_large: number;
    readonly beyond_total: number;
    readonly most_bytes: number;
    readonly most_bytes_in_all: number;
  };
}

/** Banner ids to data: addresses of their images. */
export type Thumbnails = Readonly<Record<string, string>>;
