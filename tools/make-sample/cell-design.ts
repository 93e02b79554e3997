/** Describes what became of the banners of one cell. */
export interface BannerResult {
  readonly banner: number;
  readonly impressions: number;
  /** One entry a click: the revenues, in millionths, of the conversions that name this click. */
  readonly clicks: readonly (readonly number[])[];
}

/** What a cell of the sample is to be: how many banners of each fate it has. Which ones, and their numbers, are drawn. */
export interface CellDesign {
  readonly converting: number;
  readonly clicked: number;
  readonly seen: number;
  readonly exactly: readonly BannerResult[];
  /** Whether its conversions come with the next period's file. */
  readonly late: boolean;
}

/** `converting` banners with a conversion, `clicked` others with a click, `seen` others: the pool. */
export function cell(
  converting: number,
  clicked: number,
  seen: number,
  exactly: readonly BannerResult[] = [],
): CellDesign {
  return { converting, clicked, seen, exactly, late: false };
}

export function exact(banner: number, impressions: number, clicks: BannerResult["clicks"]): BannerResult {
  return { banner, impressions, clicks };
}

/** Banners and their numbers of clicks, none of which converted. */
export function clicked(...banners: readonly (readonly [banner: number, clicks: number])[]): BannerResult[] {
  return banners.map(([banner, clicks]) => exact(banner, 25 * clicks, Array<[]>(clicks).fill([])));
}
