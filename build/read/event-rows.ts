/** The fields of a row to the event, or the statistics, that it tells of. */
import { parseMillionths } from "../../src/index/money.js";
import { LARGEST_ID, readId } from "../../src/index/ids.js";
import type { Kind } from "./find.js";
import type { Statistics } from "../statistics.js";
import { quoted, type BadRowTaker, type RowFormat } from "./row-format.js";

/** What becomes of a file's rows; exactly one of these is called for each. */
export interface RowTaker extends BadRowTaker {
  impression(banner: number, campaign: number, line: number): void;
  click(click: number, banner: number, campaign: number, line: number): void;
  /** `revenue` is in millionths. */
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
  statistics(campaign: number, statistics: Statistics, line: number): void;
}

/** Each kind's columns, and how its rows are taken: by the same function in every file, so that what is compiled for one serves the next. */
export const EVENT_ROWS: Readonly<Record<Kind, RowFormat<RowTaker>>> = {
  impressions: {
    columns: ["banner_id", "campaign_id"],
    take: (row, line, places, taker) => {
      const bannerText = row[places[0]!]!;
      const campaignText = row[places[1]!]!;
      const banner = parseId(bannerText);
      if (banner === 0) return idFault("banner_id", bannerText);
      const campaign = parseId(campaignText);
      if (campaign === 0) return idFault("campaign_id", campaignText);
      taker.impression(banner, campaign, line);
      return undefined;
    },
  },
  clicks: {
    columns: ["click_id", "banner_id", "campaign_id"],
    take: (row, line, places, taker) => {
      const clickText = row[places[0]!]!;
      const bannerText = row[places[1]!]!;
      const campaignText = row[places[2]!]!;
      const click = parseId(clickText);
      if (click === 0) return idFault("click_id", clickText);
      const banner = parseId(bannerText);
      if (banner === 0) return idFault("banner_id", bannerText);
      const campaign = parseId(campaignText);
      if (campaign === 0) return idFault("campaign_id", campaignText);
      taker.click(click, banner, campaign, line);
      return undefined;
    },
  },
  conversions: {
    columns: ["conversion_id", "click_id", "revenue"],
    take: (row, line, places, taker) => {
      const conversionText = row[places[0]!]!;
      const clickText = row[places[1]!]!;
      const revenueText = row[places[2]!]!;
      const conversion = parseId(conversionText);
      if (conversion === 0) return idFault("conversion_id", conversionText);
      const click = parseId(clickText);
      if (click === 0) return idFault("click_id", clickText);
      const revenue = parseMillionths(revenueText);
      if (revenue === undefined) return revenueFault(revenueText);
      taker.conversion(conversion, click, revenue, line);
      return undefined;
    },
  },
  statistics: {
    columns: ["campaign_id", "banner_id", "impressions", "clicks", "conversions", "revenue"],
    take: (row, line, places, taker) => {
      const campaignText = row[places[0]!]!;
      const bannerText = row[places[1]!]!;
      const impressionsText = row[places[2]!]!;
      const clicksText = row[places[3]!]!;
      const conversionsText = row[places[4]!]!;
      const revenueText = row[places[5]!]!;
      const campaign = parseId(campaignText);
      if (campaign === 0) return idFault("campaign_id", campaignText);
      const banner = parseId(bannerText);
      if (banner === 0) return idFault("banner_id", bannerText);
      const impressions = parseCount(impressionsText);
      if (impressions === undefined) return countFault("impressions", impressionsText);
      const clicks = parseCount(clicksText);
      if (clicks === undefined) return countFault("clicks", clicksText);
      const conversions = parseCount(conversionsText);
      if (conversions === undefined) return countFault("conversions", conversionsText);
      const revenue = parseMillionths(revenueText);
      if (revenue === undefined) return revenueFault(revenueText);
      // What no events could add up to.
      if (conversions > 0 && clicks === 0) return `${conversions} conversion(s) without a click, expected clicks`;
      if (revenue !== 0n && conversions === 0)
        return `revenue is ${quoted(revenueText)} without a conversion, expected 0`;
      taker.statistics(campaign, { banner, impressions, clicks, conversions, revenue }, line);
      return undefined;
    },
  },
};

export function idFault(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 1 to ${LARGEST_ID} without leading zeros`;
}

function countFault(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected a whole number from 0 to ${LARGEST_ID} without leading zeros`;
}

function revenueFault(text: string): string {
  return `revenue is ${quoted(text)}, expected a decimal number of at most six decimals`;
}

export function parseId(text: string): number {
  return readId(text, 0, text.length);
}

/** The columns that the counts end in hold no more than an id does. */
function parseCount(text: string): number | undefined {
  return text === "0" ? 0 : parseId(text) || undefined;
}
