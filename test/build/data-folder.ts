/** Data folders small enough to write down, as `t.testdir` takes them. */

/** The rows of one period, without their header rows; a kind that is not named has no file. */
export interface PeriodRows {
  readonly impressions?: readonly string[];
  readonly clicks?: readonly string[];
  readonly conversions?: readonly string[];
}

export function impressionsCsv(...rows: readonly string[]): string {
  return csv("banner_id,campaign_id", rows);
}

export function clicksCsv(...rows: readonly string[]): string {
  return csv("click_id,banner_id,campaign_id", rows);
}

export function conversionsCsv(...rows: readonly string[]): string {
  return csv("conversion_id,click_id,revenue", rows);
}

export function statisticsCsv(...rows: readonly string[]): string {
  return csv("campaign_id,banner_id,impressions,clicks,conversions,revenue", rows);
}

/** One period's folder, with a file of each kind that is named: `impressions_1.csv` and so on, whatever the period. */
export function periodFolder({ impressions, clicks, conversions }: PeriodRows): Record<string, string> {
  return {
    ...(impressions && { "impressions_1.csv": impressionsCsv(...impressions) }),
    ...(clicks && { "clicks_1.csv": clicksCsv(...clicks) }),
    ...(conversions && { "conversions_1.csv": conversionsCsv(...conversions) }),
  };
}

/** A data folder of these periods, numbered from 1. */
export function dataFolder(...periods: readonly PeriodRows[]): Record<string, Record<string, string>> {
  return Object.fromEntries(periods.map((rows, at) => [String(at + 1), periodFolder(rows)]));
}

function csv(header: string, rows: readonly string[]): string {
  return [header, ...rows].map((row) => `${row}\n`).join("");
}
