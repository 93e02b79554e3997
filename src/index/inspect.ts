/** Describes what is in an index, and why: what `billboard inspect --json` prints. */
import type { Catalog } from "./catalog.js";
import { reasonOf, type Reason } from "./explain.js";
import { FORMAT_VERSION, type Index } from "./format.js";
import { RULES, type Rule } from "./sections.js";
import { formatMillionths } from "./money.js";

export interface InspectedBanner {
  readonly banner: number;
  /** With six decimals. */
  readonly revenue: string;
  readonly conversions: number;
  readonly clicks: number;
  readonly impressions: number;
  readonly by: Reason;
}

export interface InspectedCell {
  readonly period: number;
  readonly campaign: number;
  readonly x: number;
  readonly rule: Rule;
  /** In the order of the cut. */
  readonly collection: readonly InspectedBanner[];
  readonly random_places: number;
  readonly pool: readonly number[];
  /** Only where the index explores: the banners that nothing else shows, in the order of the cut. */
  readonly behind_cut?: readonly number[];
}

export interface InspectionHeader {
  readonly format: number;
  readonly generation: string;
  readonly periods: number;
  /** Only where the index explores: the share of decisions that do. */
  readonly exploration?: number;
}

export interface Inspection extends InspectionHeader {
  readonly cells: readonly InspectedCell[];
}

export interface CellFilter {
  readonly period?: number | undefined;
  readonly campaign?: number | undefined;
}

export function inspect(catalog: Catalog, filter: CellFilter = {}): Inspection {
  return { ...inspectHeader(catalog), cells: [...inspectCells(catalog, filter)] };
}

export function inspectHeader({ index }: Catalog): InspectionHeader {
  const { generation, counts, exploration } = index;
  return { format: FORMAT_VERSION, generation, periods: counts.periods, ...(exploration > 0 && { exploration }) };
}

/** One by one, since a large index may not fit into memory when it is described at once. */
export function* inspectCells(catalog: Catalog, filter: CellFilter = {}): Generator<InspectedCell> {
  const { campaignIds, counts } = catalog.index;
  const campaigns = filter.campaign === undefined ? campaignIds : Uint32Array.of(filter.campaign);
  const first = filter.period ?? 1;
  const last = Math.min(filter.period ?? counts.periods, counts.periods);
  for (let period = first; period <= last; period++)
    for (const campaign of campaigns) {
      const cell = catalog.cellOf(campaign, period);
      if (cell >= 0) yield inspectCell(catalog, cell, period, campaign);
    }
}

export function* inspectionJson(catalog: Catalog, filter: CellFilter = {}): Generator<string> {
  yield `${JSON.stringify(inspectHeader(catalog)).slice(0, -1)},"cells":[`;
  let separator = "\n";
  for (const cell of inspectCells(catalog, filter)) {
    yield separator + JSON.stringify(cell);
    separator = ",\n";
  }
  yield "\n]}\n";
}

function inspectCell(catalog: Catalog, cell: number, period: number, campaign: number): InspectedCell {
  const { cells, index } = catalog;
  const start = cells.startOf(cell);
  const fixed = cells.fixedOf(cell);
  const drawn = cells.randomOf(cell);
  const rule = RULES[cells.ruleOf(cell)]!;
  const rest = Array.from(
    index.entryBanner.subarray(start + fixed, cells.endOf(cell)),
    (banner) => index.bannerIds[banner]!,
  );
  return {
    period,
    campaign,
    x: catalog.xOf(cell),
    rule,
    collection: Array.from({ length: fixed }, (_, place) => inspectEntry(index, rule, start + place)),
    random_places: drawn,
    pool: drawn === 0 ? [] : rest,
    ...(index.exploration > 0 && { behind_cut: drawn === 0 ? rest : [] }),
  };
}

function inspectEntry(index: Index, rule: Rule, entry: number): InspectedBanner {
  const conversions = index.entryConversions[entry]!;
  const clicks = index.entryClicks[entry]!;
  return {
    banner: index.bannerIds[index.entryBanner[entry]!]!,
    revenue: formatMillionths(index.entryRevenue[entry]!),
    conversions,
    clicks,
    impressions: index.entryImpressions[entry]!,
    by: reasonOf(rule, conversions, clicks),
  };
}
