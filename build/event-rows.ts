/** The fields of a row to the event, or the statistics, that it tells of. */
import { parseMillionths } from "../src/millionths.js";
import { LARGEST_ID, readId } from "../src/read-id.js";
import type { Kind } from "./find-files.js";
import type { Statistics } from "./rank.js";

/** What becomes of a file's rows; exactly one of these is called for each. `line` is where the row starts; the header is line 1. */
export interface RowTaker {
  impression(banner: number, campaign: number, line: number): void;
  click(click: number, banner: number, campaign: number, line: number): void;
  /** `revenue` is in millionths. */
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
  statistics(campaign: number, statistics: Statistics, line: number): void;
  malformed(line: number, reason: string): void;
}

/** Hands a row over, or says what is wrong with it. */
export type TakeRow = (row: readonly string[], line: number) => string | undefined;

/** Each kind's columns, and how its rows are taken where those columns are at these places. */
export const EVENT_ROWS: Readonly<
  Record<Kind, { columns: readonly string[]; taking: (places: readonly number[], taker: RowTaker) => TakeRow }>
> = {
  impressions: {
    columns: ["banner_id", "campaign_id"],
    taking:
      ([bannerAt = 0, campaignAt = 0], taker) =>
      (row, line) => {
        const banner = parseId(row[bannerAt]!);
        if (banner === 0) return idFault("banner_id", row[bannerAt]!);
        const campaign = parseId(row[campaignAt]!);
        if (campaign === 0) return idFault("campaign_id", row[campaignAt]!);
        taker.impression(banner, campaign, line);
        return undefined;
      },
  },
  clicks: {
    columns: ["click_id", "banner_id", "campaign_id"],
    taking:
      ([clickAt = 0, bannerAt = 0, campaignAt = 0], taker) =>
      (row, line) => {
        const click = parseId(row[clickAt]!);
        if (click === 0) return idFault("click_id", row[clickAt]!);
        const banner = parseId(row[bannerAt]!);
        if (banner === 0) return idFault("banner_id", row[bannerAt]!);
        const campaign = parseId(row[campaignAt]!);
        if (campaign === 0) return idFault("campaign_id", row[campaignAt]!);
        taker.click(click, banner, campaign, line);
        return undefined;
      },
  },
  conversions: {
    columns: ["conversion_id", "click_id", "revenue"],
    taking:
      ([conversionAt = 0, clickAt = 0, revenueAt = 0], taker) =>
      (row, line) => {
        const conversion = parseId(row[conversionAt]!);
        if (conversion === 0) return idFault("conversion_id", row[conversionAt]!);
        const click = parseId(row[clickAt]!);
        if (click === 0) return idFault("click_id", row[clickAt]!);
        const revenue = parseMillionths(row[revenueAt]!);
        if (revenue === undefined) return revenueFault(row[revenueAt]!);
        taker.conversion(conversion, click, revenue, line);
        return undefined;
      },
  },
  statistics: {
    columns: ["campaign_id", "banner_id", "impressions", "clicks", "conversions", "revenue"],
    taking:
      ([campaignAt = 0, bannerAt = 0, impressionsAt = 0, clicksAt = 0, conversionsAt = 0, revenueAt = 0], taker) =>
      (row, line) => {
        const campaign = parseId(row[campaignAt]!);
        if (campaign === 0) return idFault("campaign_id", row[campaignAt]!);
        const banner = parseId(row[bannerAt]!);
        if (banner === 0) return idFault("banner_id", row[bannerAt]!);
        const impressions = parseCount(row[impressionsAt]!);
        if (impressions === undefined) return countFault("impressions", row[impressionsAt]!);
        const clicks = parseCount(row[clicksAt]!);
        if (clicks === undefined) return countFault("clicks", row[clicksAt]!);
        const conversions = parseCount(row[conversionsAt]!);
        if (conversions === undefined) return countFault("conversions", row[conversionsAt]!);
        const revenue = parseMillionths(row[revenueAt]!);
        if (revenue === undefined) return revenueFault(row[revenueAt]!);
        // What no events could add up to.
        if (conversions > 0 && clicks === 0) return `${conversions} conversion(s) without a click, expected clicks`;
        if (revenue !== 0n && conversions === 0)
          return `revenue is ${quoted(row[revenueAt]!)} without a conversion, expected 0`;
        taker.statistics(campaign, { banner, impressions, clicks, conversions, revenue }, line);
        return undefined;
      },
  },
};

function idFault(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 1 to ${LARGEST_ID} without leading zeros`;
}

function countFault(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 0 to ${LARGEST_ID} without leading zeros`;
}

function revenueFault(text: string): string {
  return `revenue is ${quoted(text)}, expected a decimal number of at most six decimals`;
}

/** A value of the data as complaints show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function parseId(text: string): number {
  return readId(text, 0, text.length);
}

/** The columns that the counts end in hold no more than an id does. */
function parseCount(text: string): number | undefined {
  return text === "0" ? 0 : parseId(text) || undefined;
}
