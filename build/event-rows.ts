/** The fields of a row to the event that it tells of. */
import { LARGEST_ID, readId } from "../src/read-id.js";
import type { Kind } from "./find-files.js";

/** What becomes of a file's rows; exactly one of these is called for each. `line` is where the row starts; the header is line 1. */
export interface RowTaker {
  impression(banner: number, campaign: number, line: number): void;
  click(click: number, banner: number, campaign: number, line: number): void;
  /** `revenue` is in millionths. */
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
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
        if (revenue === undefined)
          return `revenue is ${quoted(row[revenueAt]!)}, expected a decimal number of at most six decimals`;
        taker.conversion(conversion, click, revenue, line);
        return undefined;
      },
  },
};

const LARGEST_REVENUE = 2n ** 63n - 1n;

function idFault(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 1 to ${LARGEST_ID} without leading zeros`;
}

/** A value of the data as complaints show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function parseId(text: string): number {
  return readId(text, 0, text.length);
}

/** A plain decimal in millionths, exactly; undefined where the text is none, or needs more than 64 bits. */
export function parseMillionths(text: string): bigint | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d{1,19})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const size = BigInt(whole + fraction.padEnd(6, "0"));
  if (size > LARGEST_REVENUE) return undefined;
  return sign === "-" ? -size : size;
}
