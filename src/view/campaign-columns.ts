/** Adds up the figures of campaigns in columns, each when it is asked for first. It runs in browsers too. */
import { RevenueSums } from "../index/revenue-sums.js";
import type { Sections } from "../index/sections.js";
import type { Rest } from "./rest.js";

export const NO_CELL = -1;

type Entries = Pick<Sections, "entryBanner" | "entryRevenue" | "entryConversions" | "entryClicks" | "entryImpressions">;

/** What a table is made of. A campaign and a banner are known by their indexes among the ids, which ascend. */
export interface TableSource extends Entries {
  readonly generation: string;
  readonly periods: number;
  readonly campaignIds: Uint32Array;
  readonly bannerIds: Uint32Array;
  /** NO_CELL where the campaign has none in the period; periods count from 1. */
  readonly cellOf: (campaign: number, period: number) => number;
  /** Of the cell's entries, each of which has another banner. */
  readonly startOf: (cell: number) => number;
  readonly endOf: (cell: number) => number;
  /** The index in RULES. */
  readonly ruleOf: (cell: number) => number;
  readonly xOf: (cell: number) => number;
  /** "" where there is none. */
  readonly nameOf: (campaign: number) => string;
  readonly textOf: (banner: number) => { readonly name: string; readonly link: string };
}

/** By campaign. */
export interface Figures {
  readonly revenue: RevenueSums;
  readonly impressions: Float64Array;
  readonly clicks: Float64Array;
  readonly conversions: Float64Array;
  /** Different ones; 0 where the campaign has no cell. */
  readonly banners: Uint32Array;
}

/** By campaign, in one period. */
export interface Choices {
  /** One more than the index in RULES; 0 where there is no cell. */
  readonly rule: Uint8Array;
  readonly x: Uint32Array;
}

export class CampaignColumns {
  readonly #source: TableSource;
  readonly #figures: Promise<Figures>[] = [];
  readonly #choices: Promise<Choices>[] = [];

  constructor(source: TableSource) {
    this.#source = source;
  }

  /** Of a period, or of the whole hour for 0. */
  figures(period: number, rest: Rest): Promise<Figures> {
    return (this.#figures[period] ??= addUp(this.#source, period, rest));
  }

  /** Of a period, or of each for 0. */
  choices(period: number, rest: Rest): Promise<Choices[]> {
    const periods = periodsOf(this.#source, period);
    return Promise.all(periods.map((each) => (this.#choices[each] ??= readChoices(this.#source, each, rest))));
  }
}

function periodsOf({ periods }: TableSource, period: number): number[] {
  return period > 0 ? [period] : Array.from({ length: periods }, (_, index) => index + 1);
}

/** Visits the cells of each campaign in a period, or in all for 0. */
export async function eachCell(
  source: TableSource,
  period: number,
  visit: (campaign: number, cell: number, start: number, end: number) => void,
  rest: Rest,
): Promise<void> {
  const periods = periodsOf(source, period);
  for (let campaign = 0; campaign < source.campaignIds.length; campaign++)
    for (const each of periods) {
      const cell = source.cellOf(campaign, each);
      if (cell === NO_CELL) continue;
      const start = source.startOf(cell);
      const end = source.endOf(cell);
      visit(campaign, cell, start, end);
      if (rest.isDue(1 + end - start)) await rest.take();
    }
}

async function addUp(source: TableSource, period: number, rest: Rest): Promise<Figures> {
  const { length } = source.campaignIds;
  const { entryBanner, entryImpressions, entryClicks, entryConversions } = source;
  const revenue = new RevenueSums(length, source);
  const impressions = new Float64Array(length);
  const clicks = new Float64Array(length);
  const conversions = new Float64Array(length);
  const banners = new Uint32Array(length);
  /** By banner: one more than the last campaign that had it. */
  const seen = new Uint32Array(source.bannerIds.length);
  const visit = (campaign: number, _cell: number, start: number, end: number): void => {
    for (let entry = start; entry < end; entry++) {
      revenue.add(campaign, entry);
      impressions[campaign]! += entryImpressions[entry]!;
      clicks[campaign]! += entryClicks[entry]!;
      conversions[campaign]! += entryConversions[entry]!;
      const banner = entryBanner[entry]!;
      if (seen[banner] === campaign + 1) continue;
      seen[banner] = campaign + 1;
      banners[campaign]!++;
    }
  };
  await eachCell(source, period, visit, rest);
  return { revenue, impressions, clicks, conversions, banners };
}

async function readChoices(source: TableSource, period: number, rest: Rest): Promise<Choices> {
  const { length } = source.campaignIds;
  const choices = { rule: new Uint8Array(length), x: new Uint32Array(length) };
  const visit = (campaign: number, cell: number): void => {
    choices.rule[campaign] = source.ruleOf(cell) + 1;
    choices.x[campaign] = source.xOf(cell);
  };
  await eachCell(source, period, visit, rest);
  return choices;
}
