/** Reads a cell for the dashboard: its collection, the first banner below the cut, and the sums of its events. */
import { NONE, type Catalog } from "../../index/catalog.js";
import { reasonOf, type ExplainedCell, type Reason } from "../../index/explain.js";
import { figuresOf, type Figures } from "../../index/figures.js";
import { RULES, type Rule } from "../../index/sections.js";

export interface ShownEntry extends Figures {
  /** In `bannerIds`. */
  readonly index: number;
  readonly banner: number;
  readonly by: Reason;
}

export interface ShownCell extends Figures, ExplainedCell {
  readonly campaign: number;
  readonly period: number;
  readonly rule: Rule;
  readonly fixed: readonly ShownEntry[];
  readonly below: ShownEntry | undefined;
}

/** undefined where the campaign has no cell in this period. */
export function showCell(catalog: Catalog, campaign: number, period: number): ShownCell | undefined {
  const { cells, index } = catalog;
  const cell = catalog.cellOf(campaign, period);
  if (cell === NONE) return undefined;
  const start = cells.startOf(cell);
  const end = cells.endOf(cell);
  const fixed = cells.fixedOf(cell);
  const drawn = cells.randomOf(cell);
  const shown = (entry: number): ShownEntry => {
    const figures = figuresOf(index, entry, entry + 1);
    const banner = index.entryBanner[entry]!;
    const by = reasonOf(figures.conversions, figures.clicks);
    return { index: banner, banner: index.bannerIds[banner]!, ...figures, by };
  };
  return {
    campaign,
    period,
    rule: RULES[cells.ruleOf(cell)]!,
    x: catalog.xOf(cell),
    banners: end - start,
    fixed: Array.from({ length: fixed }, (_, rank) => shown(start + rank)),
    drawn,
    pool: drawn === 0 ? 0 : end - start - fixed,
    below: drawn === 0 && start + fixed < end ? shown(start + fixed) : undefined,
    ...figuresOf(index, start, end),
  };
}
