/** Adds up a whole index: its figures by period, and its cells by rule. */
import type { Catalog } from "../index/catalog.js";
import { figuresOf } from "../index/figures.js";
import { formatMillionths } from "../index/money.js";
import { RULES, RULES_BY_X, type Rule } from "../index/sections.js";
import type { Rest } from "./rest.js";
import type { Overview } from "./rows.js";

/** Entries that are added up at once. */
const SUMMED = 1024;

export async function overviewOf(catalog: Catalog, rest: Rest): Promise<Overview> {
  const { cells, index } = catalog;
  const { counts, generation } = index;
  const cellsByRule = Object.fromEntries(RULES_BY_X.map((rule) => [rule, 0])) as Record<Rule, number>;
  const totals: Overview["totals"][number][] = [];
  const slots = cells.length / counts.periods;
  for (let period = 0; period < counts.periods; period++) {
    let campaigns = 0;
    let end = 0;
    let start = Infinity;
    for (let cell = period * slots; cell < (period + 1) * slots; cell++) {
      if (rest.isDue()) await rest.take();
      if (cells.campaignOf(cell) === 0) continue;
      campaigns++;
      cellsByRule[RULES[cells.ruleOf(cell)]!]++;
      start = Math.min(start, cells.startOf(cell));
      end = cells.endOf(cell);
    }
    const sum = { impressions: 0, clicks: 0, conversions: 0, revenue: 0n };
    // The entries of a period's cells follow each other.
    for (let entry = start; entry < end; entry += SUMMED) {
      const some = figuresOf(index, entry, Math.min(entry + SUMMED, end));
      sum.impressions += some.impressions;
      sum.clicks += some.clicks;
      sum.conversions += some.conversions;
      sum.revenue += some.revenue;
      if (rest.isDue(SUMMED)) await rest.take();
    }
    totals.push({ campaigns, ...sum, revenue: formatMillionths(sum.revenue) });
  }
  const { periods, campaigns, banners } = counts;
  return { generation, periods, campaigns, banners, totals, cells_by_rule: cellsByRule };
}
