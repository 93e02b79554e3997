/** Finds campaigns a second time, from rows and from the JSON of an inspection, as slowly as it takes to be plain. */
import { inspect } from "../../../src/index/inspect.js";
import { formatMillionths } from "../../../src/index/money.js";
import type { CampaignQuery } from "../../../src/view/campaign-query.js";
import type { CampaignRow, FoundCampaigns } from "../../../src/view/rows.js";
import type { RandomCampaigns, RandomRow } from "./random-campaigns.js";

/** An exact number, or undefined. */
type Fraction = readonly [bigint, bigint] | undefined;

interface Candidate {
  readonly row: CampaignRow;
  readonly rows: readonly RandomRow[];
  readonly revenue: bigint;
}

const add = (rows: readonly RandomRow[], name: "impressions" | "clicks" | "conversions"): number =>
  rows.reduce((sum, row) => sum + row[name], 0);
const revenueOf = (rows: readonly RandomRow[]): bigint => rows.reduce((sum, { revenue }) => sum + revenue, 0n);

function candidatesOf({ catalog, rows, names }: RandomCampaigns, period: number, isChanged: (id: number) => boolean) {
  const { cells, periods } = inspect(catalog);
  return [...new Set(rows.map(({ campaign }) => campaign))].flatMap((campaign): Candidate[] => {
    const own = rows.filter((row) => row.campaign === campaign && (period === 0 || row.period === period));
    if (own.length === 0) return [];
    const row = {
      campaign,
      name: names.get(campaign) ?? "",
      banners: new Set(own.map(({ banner }) => banner)).size,
      impressions: add(own, "impressions"),
      clicks: add(own, "clicks"),
      conversions: add(own, "conversions"),
      revenue: formatMillionths(revenueOf(own)),
      cells: Array.from({ length: periods }, (_, at) => {
        const cell = cells.find((each) => each.campaign === campaign && each.period === at + 1);
        const ofCell = rows.filter((row) => row.campaign === campaign && row.period === at + 1);
        return cell ? { rule: cell.rule, x: cell.x, revenue: formatMillionths(revenueOf(ofCell)) } : null;
      }),
      changed: isChanged(campaign),
    };
    return [{ row, rows: own, revenue: revenueOf(own) }];
  });
}

function isFound({ texts, rows }: RandomCampaigns, { row }: Candidate, query: CampaignQuery): boolean {
  const { search, period, rule, minX, maxX, changed } = query;
  const has = (text: string): boolean => text.toLowerCase().includes(search.toLowerCase());
  const banners = rows.filter(({ campaign }) => campaign === row.campaign).map(({ banner }) => banner);
  const isSought =
    (/^[1-9]\d*$/.test(search) && String(row.campaign).startsWith(search)) ||
    has(row.name) ||
    banners.some((banner) => {
      const { alt = "", link = "" } = texts.get(banner) ?? {};
      const host = link === "" ? "" : link.split("/")[2]!.replace(/^.*@/, "");
      return String(banner) === search || has(alt) || has(host);
    });
  const isCell = (cell: CampaignRow["cells"][number] | undefined): boolean =>
    cell !== null &&
    cell !== undefined &&
    (rule === undefined || cell.rule === rule) &&
    cell.x >= minX &&
    cell.x <= maxX;
  const cells = period === 0 ? row.cells : [row.cells[period - 1]];
  return (search === "" || isSought) && cells.some(isCell) && (!changed || row.changed);
}

function valueOf({ row, revenue }: Candidate, { sort, period }: CampaignQuery): Fraction {
  const of = (part: bigint | number, whole: bigint | number): Fraction =>
    BigInt(whole) === 0n ? undefined : [BigInt(part), BigInt(whole)];
  const cells = period === 0 ? row.cells : [row.cells[period - 1]];
  if (sort === "name") return undefined;
  if (sort === "revenue" || sort === "share") return of(revenue, 1);
  if (sort === "x") return of(Math.max(...cells.map((cell) => cell?.x ?? 0)), 1);
  if (sort === "ctr") return of(row.clicks, row.impressions);
  if (sort === "conversion_rate") return of(row.conversions, row.clicks);
  if (sort === "revenue_per_click") return of(revenue, row.clicks);
  if (sort === "revenue_per_mille") return of(revenue, row.impressions);
  return of(row[sort], 1);
}

function compare(a: Candidate, b: Candidate, query: CampaignQuery): number {
  const sign = query.direction === "ascending" ? 1 : -1;
  const byId = a.row.campaign - b.row.campaign;
  if (query.sort === "name") {
    const [nameA, nameB] = [a.row.name.toLowerCase(), b.row.name.toLowerCase()];
    if ((nameA === "") !== (nameB === "")) return nameA === "" ? 1 : -1;
    return nameA === nameB ? byId : nameA < nameB ? -sign : sign;
  }
  const [valueA, valueB] = [valueOf(a, query), valueOf(b, query)];
  if (valueA === undefined || valueB === undefined) return valueA === valueB ? byId : valueA === undefined ? 1 : -1;
  const difference = valueA[0] * valueB[1] - valueB[0] * valueA[1];
  return difference === 0n ? byId : difference < 0n ? -sign : sign;
}

export function naiveTable(
  campaigns: RandomCampaigns,
  isChanged: (id: number) => boolean,
): (query: CampaignQuery) => FoundCampaigns {
  const { index } = campaigns.catalog;
  const candidates = Array.from({ length: index.counts.periods + 1 }, (_, period) =>
    candidatesOf(campaigns, period, isChanged),
  );
  return (query) => {
    const found = candidates[query.period]!.filter((each) => isFound(campaigns, each, query));
    const rows = found.flatMap(({ rows }) => rows);
    return {
      generation: index.generation,
      campaigns: index.counts.campaigns,
      found: found.length,
      sum: {
        impressions: add(rows, "impressions"),
        clicks: add(rows, "clicks"),
        conversions: add(rows, "conversions"),
        revenue: formatMillionths(revenueOf(rows)),
      },
      rows: found
        .sort((a, b) => compare(a, b, query))
        .slice(query.offset, query.offset + query.limit)
        .map(({ row }) => row),
    };
  };
}
