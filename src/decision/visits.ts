/** Makes the visits of one visitor to a campaign, one decision after the other. */
import { NONE, type Catalog } from "../index/catalog.js";
import type { Rotation } from "./decide.js";
import { deciderFor } from "./explore.js";
import type { Random } from "./pick.js";

export interface VisitRequest {
  readonly campaign: number;
  readonly period: number;
  /** What the visitor remembers, as in `last` of `banner.json`; anything else is nothing. */
  readonly last: string;
  readonly visits: number;
}

export interface Visits {
  readonly campaign: number;
  readonly period: number;
  readonly banners: readonly number[];
  /** Of each banner, whether it was drawn to explore. */
  readonly explored: readonly boolean[];
  readonly last: string;
}

/** Undefined where the campaign has no cell in this period. */
export function visit(
  catalog: Catalog,
  { campaign, period, last, visits }: VisitRequest,
  rotation: Rotation,
  random: Random,
): Visits | undefined {
  const cell = catalog.cellOf(campaign, period);
  if (cell === NONE) return undefined;
  const { bannerIds } = catalog.index;
  const decider = deciderFor(catalog, rotation, random);
  const explored: boolean[] = [];
  let memory = last;
  const banners = Array.from({ length: visits }, () => {
    decider.history.read(memory);
    const banner = bannerIds[decider.decide(cell)]!;
    explored.push(decider.isExplored);
    memory = `${banner}${decider.history.tail()}`;
    return banner;
  });
  return { campaign, period, banners, explored, last: memory };
}
