/** Makes a table's columns of campaigns that a file contains as JSON. It runs in browsers too. */
import { lowerBound } from "../index/ids.js";
import { RULES } from "../index/sections.js";
import { NO_CELL, type TableSource } from "./campaign-columns.js";
import type { Campaign, Overview } from "./rows.js";

export function embeddedSource({ generation, periods }: Overview, campaigns: readonly Campaign[]): TableSource {
  const sorted = campaigns.toSorted((a, b) => a.campaign - b.campaign);
  const cells = sorted.flatMap((campaign) => campaign.cells);
  const texts = new Map(
    sorted.flatMap(({ banners }) => Object.entries(banners)).map(([id, text]) => [Number(id), text]),
  );
  const bannerIds = Uint32Array.from(texts.keys()).sort();
  const starts = [0];
  for (const cell of cells) starts.push(starts.at(-1)! + (cell?.banners.length ?? 0));
  const entries = cells.flatMap((cell) => cell?.banners ?? []);
  return {
    generation,
    periods,
    campaignIds: Uint32Array.from(sorted, ({ campaign }) => campaign),
    bannerIds,
    entryBanner: Uint32Array.from(entries, ({ banner }) => lowerBound(bannerIds, banner)),
    entryRevenue: BigInt64Array.from(entries, ({ revenue }) => BigInt(revenue.replace(".", ""))),
    entryConversions: Uint32Array.from(entries, ({ conversions }) => conversions),
    entryClicks: Uint32Array.from(entries, ({ clicks }) => clicks),
    entryImpressions: Uint32Array.from(entries, ({ impressions }) => impressions),
    cellOf: (campaign, period) => {
      const cell = campaign * periods + period - 1;
      return cells[cell] ? cell : NO_CELL;
    },
    startOf: (cell) => starts[cell]!,
    endOf: (cell) => starts[cell + 1]!,
    ruleOf: (cell) => RULES.indexOf(cells[cell]!.rule),
    xOf: (cell) => cells[cell]!.x,
    nameOf: (campaign) => sorted[campaign]!.name,
    textOf: (banner) => texts.get(bannerIds[banner]!)!,
  };
}
