/** Describes what a build counts for each banner of a cell. */

/** What happened to one banner in one cell. */
export interface Statistics {
  readonly banner: number;
  readonly impressions: number;
  /** Distinct click ids. */
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths; negative where refunds outweigh. */
  readonly revenue: bigint;
}
