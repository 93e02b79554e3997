/** Tells how an index differs from the one that was published before it. */
import { formatMillionths } from "../../src/index/money.js";
import { RULES_BY_X, type Rule } from "../../src/index/sections.js";
import type { BeforeAfter, Comparison, SomeIds } from "./comparison.js";
import type { Outline, Unreadable } from "./outline.js";

const MAX_IDS = 20;

export function compare(before: Outline | Unreadable | undefined, after: Outline): Comparison {
  if (before === undefined) return { result: "first" };
  if ("unreadable" in before) return { result: "unreadable", reason: before.unreadable };
  const { generation } = after;
  if (before.generation === generation) return { result: "unchanged", generation };
  const both = <Value>(of: (outline: Outline) => Value): BeforeAfter<Value> => ({
    before: of(before),
    after: of(after),
  });
  const hasSamePeriods = before.periods === after.periods;
  return {
    result: "changed",
    generation: both((outline) => outline.generation),
    periods: both((outline) => outline.periods),
    cells_by_rule: Object.fromEntries(
      RULES_BY_X.map((rule) => [rule, both(({ cellsByRule }) => cellsByRule[rule])]),
    ) as Record<Rule, BeforeAfter<number>>,
    cells_gone: hasSamePeriods ? countCellsWithout(before, after) : null,
    cells_new: hasSamePeriods ? countCellsWithout(after, before) : null,
    revenue: both(({ revenue }) => formatMillionths(revenue)),
    campaigns_new: idsWithout(after.campaigns, before.campaigns),
    campaigns_gone: idsWithout(before.campaigns, after.campaigns),
    banners_in: idsWithout(after.banners, before.banners),
    banners_out: idsWithout(before.banners, after.banners),
  };
}

/** The cells with events that `others`, of as many periods, does not have. */
export function countCellsWithout({ campaigns, cells, periods }: Outline, others: Outline): number {
  let count = 0;
  forEachPlace(campaigns, others.campaigns, (at, other) => {
    for (let period = 0; period < periods; period++) {
      const isOther = other !== -1 && others.cells[other * periods + period] === 1;
      if (cells[at * periods + period] === 1 && !isOther) count++;
    }
  });
  return count;
}

function idsWithout(ids: Uint32Array, others: Uint32Array): SomeIds {
  let count = 0;
  const first: number[] = [];
  forEachPlace(ids, others, (at, other) => {
    if (other !== -1) return;
    if (count < MAX_IDS) first.push(ids[at]!);
    count++;
  });
  return { count, first };
}

/** Both ascend. `visit` gets where an id is in the one and in the other, or -1. */
function forEachPlace(ids: Uint32Array, others: Uint32Array, visit: (at: number, other: number) => void): void {
  let other = 0;
  for (let at = 0; at < ids.length; at++) {
    while (other < others.length && others[other]! < ids[at]!) other++;
    visit(at, others[other] === ids[at] ? other : -1);
  }
}
