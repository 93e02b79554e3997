/** Finds, filters, sorts and pages the campaigns of an index. It runs in browsers too. */
import { formatMillionths } from "../index/money.js";
import { RULES } from "../index/sections.js";
import { CampaignColumns, NO_CELL, type Choices, type Figures, type TableSource } from "./campaign-columns.js";
import type { CampaignQuery } from "./campaign-query.js";
import { CampaignSearch } from "./campaign-search.js";
import { placeRange, type Ordered } from "./place-range.js";
import { ratioOf } from "./ratios.js";
import { Rest } from "./rest.js";
import type { CampaignRow, FoundCampaigns, JsonFigures } from "./rows.js";

export interface TableSurroundings {
  /** Resolves once others have had their turn. */
  readonly pause: () => Promise<unknown>;
  /** By its id: whether a campaign differs from that in the index before, which does not change. */
  readonly isChanged?: (campaign: number) => boolean;
}

/** Campaigns between two looks at the clock; sums of so many halves of revenue stay exact in a double. */
const SLICE = 4096;

/** The campaigns that match a query, in its order as far as its pages were asked for. */
interface List {
  readonly of: string;
  readonly figures: Figures;
  readonly sum: JsonFigures;
  readonly ordered: Ordered;
}

export class CampaignTable {
  readonly #source: TableSource;
  readonly #columns: CampaignColumns;
  readonly #search: CampaignSearch;
  readonly #pause: () => Promise<unknown>;
  readonly #isChanged: (campaign: number) => boolean;
  /** Of the query that has its turn: taken anew each time, memory would cost more time than they do. */
  readonly #items: Uint32Array;
  readonly #keys: Float64Array;
  /** The last one, since pages of one list are asked for one after the other. */
  #list: List | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: TableSource, { pause, isChanged = () => false }: TableSurroundings) {
    this.#source = source;
    this.#columns = new CampaignColumns(source);
    this.#search = new CampaignSearch(source, this.#columns);
    this.#items = new Uint32Array(source.campaignIds.length);
    this.#keys = new Float64Array(source.campaignIds.length);
    this.#pause = pause;
    this.#isChanged = isChanged;
  }

  /** One query after the other: slices of several would hold the thread together. */
  find(query: CampaignQuery): Promise<FoundCampaigns> {
    const found = this.#last.then(() => this.#find(query, new Rest(this.#pause)));
    this.#last = found.catch(() => undefined);
    return found;
  }

  async #find(query: CampaignQuery, rest: Rest): Promise<FoundCampaigns> {
    const { generation, campaignIds, periods } = this.#source;
    const { offset, limit } = query;
    const { figures, sum, ordered } = await this.#listOf(query, rest);
    const { items } = ordered;
    await placeRange(ordered, offset, offset + limit, rest);
    const rows: CampaignRow[] = [];
    for (const campaign of items.subarray(offset, offset + limit)) {
      rows.push(this.#row(campaign, figures));
      if (rest.isDue(periods)) await rest.take();
    }
    return { generation, campaigns: campaignIds.length, found: items.length, sum, rows };
  }

  async #listOf(query: CampaignQuery, rest: Rest): Promise<List> {
    const of = JSON.stringify({ ...query, offset: 0, limit: 0 });
    if (this.#list?.of === of) return this.#list;
    this.#list = undefined;
    const sign = query.direction === "ascending" ? 1 : -1;
    const figures = await this.#columns.figures(query.period, rest);
    const items = await this.#matching(query, figures, rest);
    const sum = await sumOf(figures, items, rest);
    const valueOf = await this.#valueOf(query, figures, rest);
    const keys = this.#keys;
    for (let first = 0; first < items.length; first += SLICE) {
      const end = Math.min(first + SLICE, items.length);
      // What has no value comes last, in either direction.
      for (let at = first; at < end; at++) keys[at] = sign * (valueOf(items[at]!) ?? sign * Infinity);
      if (rest.isDue(SLICE)) await rest.take();
    }
    const byTie = (a: number, b: number): number =>
      query.sort === "revenue" || query.sort === "share" ? sign * figures.revenue.compare(a, b) : 0;
    return (this.#list = { of, figures, sum, ordered: { items, keys, byTie } });
  }

  /** In order of id. */
  async #matching(query: CampaignQuery, { banners }: Figures, rest: Rest): Promise<Uint32Array> {
    const { search, period, rule, minX, maxX, changed } = query;
    const { campaignIds } = this.#source;
    const isSought = search === "" ? undefined : await this.#search.matching(search, rest);
    const isChosen = rule !== undefined || minX > 0 || maxX < Infinity;
    const choices = isChosen ? await this.#columns.choices(period, rest) : [];
    const code = rule === undefined ? 0 : RULES.indexOf(rule) + 1;
    const fits = ({ rule, x }: Choices, campaign: number): boolean =>
      (code === 0 ? rule[campaign] !== 0 : rule[campaign] === code) && x[campaign]! >= minX && x[campaign]! <= maxX;
    const matching = this.#items;
    let count = 0;
    for (let first = 0; first < campaignIds.length; first += SLICE) {
      for (let campaign = first; campaign < Math.min(first + SLICE, campaignIds.length); campaign++) {
        if (banners[campaign] === 0 || isSought?.[campaign] === 0) continue;
        if (isChosen && !choices.some((each) => fits(each, campaign))) continue;
        if (changed && !this.#isChanged(campaignIds[campaign]!)) continue;
        matching[count++] = campaign;
      }
      if (rest.isDue(SLICE)) await rest.take();
    }
    return matching.subarray(0, count);
  }

  async #valueOf(
    { sort, period }: CampaignQuery,
    { revenue, ...columns }: Figures,
    rest: Rest,
  ): Promise<(campaign: number) => number | undefined> {
    if (sort === "campaign") return (campaign) => campaign;
    // A share is that of the revenue of all that are found, so that its order is that of revenue.
    if (sort === "revenue" || sort === "share") return (campaign) => revenue.rounded(campaign);
    if (sort === "name") {
      const ranks = await this.#search.nameRanks(rest);
      return (campaign) => ranks[campaign] || undefined;
    }
    if (sort === "x") {
      const choices = await this.#columns.choices(period, rest);
      return (campaign) => choices.reduce((most, { x }) => Math.max(most, x[campaign]!), 0);
    }
    if (sort === "banners" || sort === "impressions" || sort === "clicks" || sort === "conversions") {
      const column = columns[sort];
      return (campaign) => column[campaign];
    }
    const { impressions, clicks, conversions } = columns;
    return (campaign) =>
      ratioOf(sort, {
        impressions: impressions[campaign]!,
        clicks: clicks[campaign]!,
        conversions: conversions[campaign]!,
        revenue: revenue.rounded(campaign),
      });
  }

  #row(campaign: number, { revenue, impressions, clicks, conversions, banners }: Figures): CampaignRow {
    const { campaignIds, periods, nameOf, cellOf, ruleOf, xOf, startOf, endOf } = this.#source;
    const id = campaignIds[campaign]!;
    const cells: CampaignRow["cells"][number][] = [];
    for (let period = 1; period <= periods; period++) {
      const cell = cellOf(campaign, period);
      if (cell === NO_CELL) {
        cells.push(null);
        continue;
      }
      const ofCell = formatMillionths(revenue.between(startOf(cell), endOf(cell)));
      cells.push({ rule: RULES[ruleOf(cell)]!, x: xOf(cell), revenue: ofCell });
    }
    return {
      campaign: id,
      name: nameOf(campaign),
      banners: banners[campaign]!,
      impressions: impressions[campaign]!,
      clicks: clicks[campaign]!,
      conversions: conversions[campaign]!,
      revenue: formatMillionths(revenue.get(campaign)),
      cells,
      changed: this.#isChanged(id),
    };
  }
}

async function sumOf(figures: Figures, items: Uint32Array, rest: Rest): Promise<JsonFigures> {
  const sum = { impressions: 0, clicks: 0, conversions: 0 };
  let revenue = 0n;
  for (let first = 0; first < items.length; first += SLICE) {
    const some = items.subarray(first, first + SLICE);
    revenue += figures.revenue.sum(some);
    for (let at = 0; at < some.length; at++) {
      const campaign = some[at]!;
      sum.impressions += figures.impressions[campaign]!;
      sum.clicks += figures.clicks[campaign]!;
      sum.conversions += figures.conversions[campaign]!;
    }
    if (rest.isDue(SLICE)) await rest.take();
  }
  return { ...sum, revenue: formatMillionths(revenue) };
}
