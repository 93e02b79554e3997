/** Parses the fields of a row to an event, or to the statistics of a banner. */
import { parseMillionths } from "../../src/index/money.js";
import { LARGEST_ID, readId } from "../../src/index/ids.js";
import type { Kind } from "./find.js";
import { quoted, type BadRowSink, type RowFormat } from "./row-format.js";

export interface Statistics {
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths; negative where refunds outweigh. */
  readonly revenue: bigint;
}

/** Exactly one of these is called for each row. */
export interface EventSink extends BadRowSink {
  impression(banner: number, campaign: number, line: number): void;
  click(click: number, banner: number, campaign: number, line: number): void;
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
  statistics(campaign: number, statistics: Statistics, line: number): void;
}

/** One function parses the rows of a kind in every file, so that V8 optimises it once. */
export const EVENT_ROWS: Readonly<Record<Kind, RowFormat<EventSink>>> = {
  impressions: {
    columns: ["banner_id", "campaign_id"],
    parse: (row, line, columns, sink) => {
      const bannerText = row[columns[0]!]!;
      const campaignText = row[columns[1]!]!;
      const banner = parseId(bannerText);
      if (banner === 0) return idError("banner_id", bannerText);
      const campaign = parseId(campaignText);
      if (campaign === 0) return idError("campaign_id", campaignText);
      sink.impression(banner, campaign, line);
      return undefined;
    },
  },
  clicks: {
    columns: ["click_id", "banner_id", "campaign_id"],
    parse: (row, line, columns, sink) => {
      const clickText = row[columns[0]!]!;
      const bannerText = row[columns[1]!]!;
      const campaignText = row[columns[2]!]!;
      const click = parseId(clickText);
      if (click === 0) return idError("click_id", clickText);
      const banner = parseId(bannerText);
      if (banner === 0) return idError("banner_id", bannerText);
      const campaign = parseId(campaignText);
      if (campaign === 0) return idError("campaign_id", campaignText);
      sink.click(click, banner, campaign, line);
      return undefined;
    },
  },
  conversions: {
    columns: ["conversion_id", "click_id", "revenue"],
    parse: (row, line, columns, sink) => {
      const conversionText = row[columns[0]!]!;
      const clickText = row[columns[1]!]!;
      const revenueText = row[columns[2]!]!;
      const conversion = parseId(conversionText);
      if (conversion === 0) return idError("conversion_id", conversionText);
      const click = parseId(clickText);
      if (click === 0) return idError("click_id", clickText);
      const revenue = parseMillionths(revenueText);
      if (revenue === undefined) return revenueError(revenueText);
      sink.conversion(conversion, click, revenue, line);
      return undefined;
    },
  },
  statistics: {
    columns: ["campaign_id", "banner_id", "impressions", "clicks", "conversions", "revenue"],
    parse: (row, line, columns, sink) => {
      const campaignText = row[columns[0]!]!;
      const bannerText = row[columns[1]!]!;
      const impressionsText = row[columns[2]!]!;
      const clicksText = row[columns[3]!]!;
      const conversionsText = row[columns[4]!]!;
      const revenueText = row[columns[5]!]!;
      const campaign = parseId(campaignText);
      if (campaign === 0) return idError("campaign_id", campaignText);
      const banner = parseId(bannerText);
      if (banner === 0) return idError("banner_id", bannerText);
      const impressions = parseCount(impressionsText);
      if (impressions === undefined) return countError("impressions", impressionsText);
      const clicks = parseCount(clicksText);
      if (clicks === undefined) return countError("clicks", clicksText);
      const conversions = parseCount(conversionsText);
      if (conversions === undefined) return countError("conversions", conversionsText);
      const revenue = parseMillionths(revenueText);
      if (revenue === undefined) return revenueError(revenueText);
      // No events add up to these.
      if (conversions > 0 && clicks === 0) return `${conversions} conversion(s) without a click, expected clicks`;
      if (revenue !== 0n && conversions === 0)
        return `revenue is ${quoted(revenueText)} without a conversion, expected 0`;
      sink.statistics(campaign, { banner, impressions, clicks, conversions, revenue }, line);
      return undefined;
    },
  },
};

export function idError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 1 to ${LARGEST_ID} without leading zeros`;
}

function countError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 0 to ${LARGEST_ID} without leading zeros`;
}

function revenueError(text: string): string {
  return `revenue is ${quoted(text)}, expected a decimal number of at most six decimals`;
}

export function parseId(text: string): number {
  return readId(text, 0, text.length);
}

/** The index holds counts in 32 bits, as it does ids. */
function parseCount(text: string): number | undefined {
  return text === "0" ? 0 : parseId(text) || undefined;
}
