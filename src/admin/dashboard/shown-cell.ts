/** A cell to what people want to know of it: its collection, the first banner below the cut, and what its events add up to. */
import { NONE, type Catalog } from "../../index/catalog.js";
import { reasonOf, type ExplainedCell, type Reason } from "../../index/explain.js";
import { figuresOf, type Figures } from "../../index/figures.js";
import { RULES, type Rule } from "../../index/sections.js";

export interface ShownEntry extends Figures {
  /** A place in `bannerIds`. */
  readonly place: number;
  readonly banner: number;
  /** What puts it into the collection. */
  readonly by: Reason;
}

export interface ShownCell extends Figures, ExplainedCell {
  readonly campaign: number;
  readonly period: number;
  readonly rule: Rule;
  readonly x: number;
  /** How many the cell has, in the collection and not. */
  readonly banners: number;
  /** Those that always have a place, in the order of the cut. */
  readonly fixed: readonly ShownEntry[];
  /** How many places are random, and how many banners they are drawn from; 0 and 0 where none are. */
  readonly drawn: number;
  readonly pool: number;
  /** The first that has no place; there is none where places are drawn from all that are left. */
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
  const entry = (at: number): ShownEntry => {
    const figures = figuresOf(index, at, at + 1);
    const place = index.entryBanner[at]!;
    return { place, banner: index.bannerIds[place]!, ...figures, by: reasonOf(figures.conversions, figures.clicks) };
  };
  return {
    campaign,
    period,
    rule: RULES[cells.ruleOf(cell)]!,
    x: catalog.xOf(cell),
    banners: end - start,
    fixed: Array.from({ length: fixed }, (_, at) => entry(start + at)),
    drawn,
    pool: drawn === 0 ? 0 : end - start - fixed,
    below: drawn === 0 && start + fixed < end ? entry(start + fixed) : undefined,
    ...figuresOf(index, start, end),
  };
}
