/** Reads a cell for people: its collection, the first banner below the cut, and the sums of its events. */
import { NONE, type Catalog } from "./catalog.js";
import type { ExplainedCell } from "./explain.js";
import { figuresOf, type Figures } from "./figures.js";
import { RULES, type Rule } from "./sections.js";

export interface ShownEntry extends Figures {
  /** In `bannerIds`. */
  readonly index: number;
  readonly banner: number;
}

export interface ShownCell extends Figures, ExplainedCell {
  readonly campaign: number;
  readonly period: number;
  readonly rule: Rule;
  readonly fixed: readonly ShownEntry[];
  readonly below: ShownEntry | undefined;
}

export function showCell(catalog: Catalog, campaign: number, period: number): ShownCell | undefined {
  const { cells, index } = catalog;
  const cell = catalog.cellOf(campaign, period);
  if (cell === NONE) return undefined;
  const start = cells.startOf(cell);
  const end = cells.endOf(cell);
  const fixed = cells.fixedOf(cell);
  const drawn = cells.randomOf(cell);
  const shown = (entry: number): ShownEntry => {
    const banner = index.entryBanner[entry]!;
    return { index: banner, banner: index.bannerIds[banner]!, ...figuresOf(index, entry, entry + 1) };
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
    exploration: catalog.explorationOf(cell),
    below: drawn === 0 && start + fixed < end ? shown(start + fixed) : undefined,
    ...figuresOf(index, start, end),
  };
}
