/** Compares two indexes a second time: from their statistics, by the rules for one cell, with a map for everything. */
import type { ChangedCell } from "../../../../src/view/change/served-change.js";
import { compile } from "../../../../build/compile.js";
import { EventCounts } from "../../../../build/count/counters.js";
import { collect, defaultCell, type Statistics } from "../../../naive/naive-collection.js";
import { formatRevenue } from "../../../naive/naive-values.js";
import { bytesOf, range } from "../../small-index.js";

export interface NaiveIndex {
  readonly periods: number;
  /** By period and campaign. */
  readonly cells: ReadonlyMap<string, readonly Statistics[]>;
  /** By campaign. */
  readonly defaultBanners: ReadonlyMap<number, number>;
}

export function compiled({ periods, cells, defaultBanners }: NaiveIndex): Uint8Array {
  const counts = new EventCounts(periods);
  for (const [key, banners] of cells)
    for (const statistics of banners) {
      const [period, campaign] = key.split(" ").map(Number);
      counts.setStatistics(counts.counterOf(period!, campaign!, statistics.banner), statistics);
    }
  const campaigns = new Map(
    [...defaultBanners].map(([campaign, defaultBanner]) => [campaign, { name: `Campaign ${campaign}`, defaultBanner }]),
  );
  return bytesOf(compile(counts, new Map(), new Map(), { campaigns }));
}

interface NaiveShown {
  readonly campaign: number;
  readonly period: number;
  readonly rule: ChangedCell["rule"];
  readonly banners: ReadonlySet<number>;
  readonly revenue: bigint;
  readonly hasEvents: boolean;
}

function shownIn({ periods, cells, defaultBanners }: NaiveIndex): Map<string, NaiveShown> {
  const shown = new Map<string, NaiveShown>();
  for (const [key, statistics] of cells) {
    const [period, campaign] = key.split(" ").map(Number);
    const { rule, collection, pool } = collect(period!, campaign!, statistics);
    const banners = new Set([...collection.map(({ banner }) => banner), ...pool]);
    const revenue = statistics.reduce((sum, each) => sum + each.revenue, 0n);
    shown.set(key, { campaign: campaign!, period: period!, rule, banners, revenue, hasEvents: true });
  }
  for (const [campaign, banner] of defaultBanners)
    for (const period of range(1, periods)) {
      const { rule } = defaultCell(period, campaign, banner);
      const key = `${period} ${campaign}`;
      if (!shown.has(key))
        shown.set(key, { campaign, period, rule, banners: new Set([banner]), revenue: 0n, hasEvents: false });
    }
  return shown;
}

const without = <Value>(values: Iterable<Value>, others: Iterable<Value>): Value[] => {
  const all = new Set(others);
  return [...new Set(values)].filter((value) => !all.has(value));
};
const some = (ids: readonly number[]): { count: number; first: readonly number[] } => ({
  count: ids.length,
  first: ids.toSorted((a, b) => a - b).slice(0, 20),
});

/** For the same periods. The banners of each cell ascend. */
export function naiveChange(
  before: NaiveIndex,
  after: NaiveIndex,
): { readonly comparison: object; readonly changed: readonly number[]; readonly cells: readonly ChangedCell[] } {
  const [old, now] = [shownIn(before), shownIn(after)];
  const count = (key: (cell: NaiveShown | undefined, other: NaiveShown | undefined) => boolean): number =>
    [...new Set([...old.keys(), ...now.keys()])].filter((each) => key(old.get(each), now.get(each))).length;
  const hasOtherBanners = (a: NaiveShown, b: NaiveShown): boolean =>
    without(a.banners, b.banners).length + without(b.banners, a.banners).length > 0;
  const rows = [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was && is && was.rule === is.rule && !hasOtherBanners(was, is)) return [];
    const ids = (banners: readonly number[]): number[] => banners.toSorted((a, b) => a - b);
    const row: ChangedCell = {
      campaign: (is ?? was)!.campaign,
      period: (is ?? was)!.period,
      rule: is?.rule ?? null,
      revenue: formatRevenue(is?.revenue ?? 0n),
      in: ids(without(is?.banners ?? [], was?.banners ?? [])),
      out: ids(without(was?.banners ?? [], is?.banners ?? [])),
      rule_before: was?.rule ?? null,
      revenue_before: formatRevenue(was?.revenue ?? 0n),
    };
    return [{ row, rank: (is ?? was)!.revenue }];
  });
  const byRank = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? 1 : -1);
  rows.sort((a, b) => byRank(a.rank, b.rank) || a.row.campaign - b.row.campaign || a.row.period - b.row.period);
  const campaignsOf = (shown: ReadonlyMap<string, NaiveShown>): number[] =>
    [...shown.values()].map(({ campaign }) => campaign);
  const bannersOf = (shown: ReadonlyMap<string, NaiveShown>): number[] =>
    [...shown.values()].flatMap(({ banners }) => [...banners]);
  const revenueOf = (shown: ReadonlyMap<string, NaiveShown>): string =>
    formatRevenue([...shown.values()].reduce((sum, { revenue }) => sum + revenue, 0n));
  const changed = [...new Set(rows.map(({ row }) => row.campaign))].filter((id) => campaignsOf(now).includes(id));
  return {
    comparison: {
      cells_gone: count((was, is) => was?.hasEvents === true && is?.hasEvents !== true),
      cells_new: count((was, is) => is?.hasEvents === true && was?.hasEvents !== true),
      collections_changed: count((was, is) => was !== undefined && is !== undefined && hasOtherBanners(was, is)),
      rules_changed: count((was, is) => was !== undefined && is !== undefined && was.rule !== is.rule),
      campaigns_changed: changed.length,
      revenue: { before: revenueOf(old), after: revenueOf(now) },
      campaigns_new: some(without(campaignsOf(now), campaignsOf(old))),
      campaigns_gone: some(without(campaignsOf(old), campaignsOf(now))),
      banners_in: some(without(bannersOf(now), bannersOf(old))),
      banners_out: some(without(bannersOf(old), bannersOf(now))),
    },
    changed: changed.sort((a, b) => a - b),
    cells: rows.map(({ row }) => row),
  };
}
