/** Tells how an index differs from the one before it, cell by cell. */
import { NONE, Catalog } from "../../index/catalog.js";
import { lowerBound } from "../../index/ids.js";
import { formatMillionths } from "../../index/money.js";
import { RULES, RULES_BY_X, type Rule } from "../../index/sections.js";
import type { BeforeAfter, Comparison } from "./comparison.js";
import type { ComparedCells } from "./compared-cells.js";
import { GreatestCells, type RankedCell } from "./greatest-cells.js";
import { cellKey, IndexChange, type ChangedCells, type KnownCell } from "./index-change.js";
import { outlining, type Outline, type Unreadable } from "./outline.js";
import { Steps } from "./slices.js";

/** Of an index that is large and changes all over, some 5 MB stay in memory. */
const MAX_CELLS = 10_000;
/** Of banners, in all these cells. */
const MAX_BANNERS = 100_000;

const MAX_IDS = 20;

export function* comparingIndexes(
  before: Catalog | Unreadable | undefined,
  after: Catalog,
): Generator<undefined, IndexChange> {
  if (!(before instanceof Catalog)) return withNone(before);
  return yield* comparing(yield* outlining(before), yield* outlining(after));
}

export function* comparing(
  before: Outline | Unreadable | undefined,
  after: Outline,
): Generator<undefined, IndexChange> {
  if (before === undefined || "unreadable" in before) return withNone(before);
  const { generation } = after;
  if (before.generation === generation) return new IndexChange({ result: "unchanged", generation });
  const both = <Value>(of: (outline: Outline) => Value): BeforeAfter<Value> => ({
    before: of(before),
    after: of(after),
  });
  const banners = yield* comparingBanners(before, after);
  const cells = new CellComparison(before, after, banners.afterOf);
  const campaigns = { new: new IdCounter(), gone: new IdCounter() };
  const steps = new Steps();
  const hasSamePeriods = before.periods === after.periods;
  for (const [old, now] of merged(before.campaigns, after.campaigns)) {
    if (old === NONE) campaigns.new.add(after.campaigns[now]!);
    if (now === NONE) campaigns.gone.add(before.campaigns[old]!);
    if (steps.isDue(1)) yield;
  }
  if (hasSamePeriods) yield* cells.compare();
  const comparison: Comparison = {
    result: "changed",
    generation: both((outline) => outline.generation),
    periods: both((outline) => outline.periods),
    cells_by_rule: Object.fromEntries(
      RULES_BY_X.map((rule) => [rule, both(({ cellsByRule }) => cellsByRule[rule])]),
    ) as Record<Rule, BeforeAfter<number>>,
    cells_gone: hasSamePeriods ? cells.gone : null,
    cells_new: hasSamePeriods ? cells.new : null,
    collections_changed: hasSamePeriods ? cells.collections : null,
    rules_changed: hasSamePeriods ? cells.rules : null,
    campaigns_changed: hasSamePeriods ? cells.campaigns : null,
    revenue: both(({ revenue }) => formatMillionths(revenue)),
    campaigns_new: campaigns.new.some,
    campaigns_gone: campaigns.gone.some,
    banners_in: banners.in.some,
    banners_out: banners.out.some,
  };
  return new IndexChange(comparison, yield* cells.changed());
}

function withNone(before: Unreadable | undefined): IndexChange {
  return new IndexChange(before ? { result: "unreadable", reason: before.unreadable } : { result: "first" });
}

class IdCounter {
  readonly some = { count: 0, first: [] as number[] };

  add(id: number): void {
    if (this.some.count < MAX_IDS) this.some.first.push(id);
    this.some.count++;
  }
}

interface ComparedBanners {
  readonly in: IdCounter;
  readonly out: IdCounter;
  /** By index of a banner before: its index now, or NONE. */
  readonly afterOf: Int32Array;
}

function* comparingBanners(before: Outline, after: Outline): Generator<undefined, ComparedBanners> {
  const banners = { in: new IdCounter(), out: new IdCounter(), afterOf: new Int32Array(before.bannerIds.length) };
  const steps = new Steps();
  for (const [old, now] of merged(before.bannerIds, after.bannerIds)) {
    const was = old !== NONE && before.isShown[old] === 1;
    const is = now !== NONE && after.isShown[now] === 1;
    if (old !== NONE) banners.afterOf[old] = now;
    if (is && !was) banners.in.add(after.bannerIds[now]!);
    if (was && !is) banners.out.add(before.bannerIds[old]!);
    if (steps.isDue(1)) yield;
  }
  return banners;
}

class CellComparison {
  gone = 0;
  new = 0;
  collections = 0;
  rules = 0;
  campaigns = 0;
  readonly #before: Outline;
  readonly #after: Outline;
  readonly #afterOf: Int32Array;
  readonly #greatest = new GreatestCells(MAX_CELLS);
  readonly #isChanged: Uint8Array;
  /** By banner now: the comparison in which the cell before showed it last. */
  readonly #seenIn: Uint32Array;
  #comparisons = 0;

  constructor(before: Outline, after: Outline, afterOf: Int32Array) {
    this.#before = before;
    this.#after = after;
    this.#afterOf = afterOf;
    this.#isChanged = new Uint8Array(after.campaigns.length);
    this.#seenIn = new Uint32Array(after.bannerIds.length);
  }

  *compare(): Generator<undefined> {
    const [before, after] = [this.#before.cells, this.#after.cells];
    const steps = new Steps();
    for (let is = 0; is < after.length; is++) {
      const campaign = after.campaignOf(is);
      if (campaign !== 0) {
        const was = before.find(campaign, after.periodOf(is));
        const hasEvents = after.hasEvents(is);
        const hadEvents = was !== NONE && before.hasEvents(was);
        if (hadEvents && !hasEvents) this.gone++;
        if (hasEvents && !hadEvents) this.new++;
        if (was === NONE || this.#isOther(was, is)) this.#note(campaign, after.periodOf(is), was, is);
      }
      if (steps.isDue(campaign === 0 ? 1 : after.endOf(is) - after.startOf(is))) yield;
    }
    for (let was = 0; was < before.length; was++) {
      const campaign = before.campaignOf(was);
      if (campaign !== 0 && after.find(campaign, before.periodOf(was)) === NONE) {
        if (before.hasEvents(was)) this.gone++;
        this.#note(campaign, before.periodOf(was), was, NONE);
      }
      if (steps.isDue(1)) yield;
    }
  }

  #note(campaign: number, period: number, before: number, after: number): void {
    const { campaigns, cells } = this.#after;
    const revenue = after === NONE ? this.#before.cells.revenueOf(before) : cells.revenueOf(after);
    this.#greatest.add({ campaign, period, before, after, revenue });
    const at = lowerBound(campaigns, campaign);
    if (campaigns[at] !== campaign || this.#isChanged[at] === 1) return;
    this.#isChanged[at] = 1;
    this.campaigns++;
  }

  /** Revenue is another each day: a cell with the same rule and the same banners is the same. */
  #isOther(was: number, is: number): boolean {
    const hasOtherRule = this.#before.cells.ruleOf(was) !== this.#after.cells.ruleOf(is);
    const hasOtherBanners = !this.#showSame(was, is);
    if (hasOtherRule) this.rules++;
    if (hasOtherBanners) this.collections++;
    return hasOtherRule || hasOtherBanners;
  }

  /** No banner is in a cell twice. */
  #showSame(was: number, is: number): boolean {
    const [before, after] = [this.#before.cells, this.#after.cells];
    const start = after.startOf(is);
    const end = after.endOf(is);
    if (before.endOf(was) - before.startOf(was) !== end - start) return false;
    const comparison = ++this.#comparisons;
    for (let at = before.startOf(was); at < before.endOf(was); at++) {
      const banner = this.#afterOf[before.banners[at]!]!;
      if (banner !== NONE) this.#seenIn[banner] = comparison;
    }
    for (let at = start; at < end; at++) if (this.#seenIn[after.banners[at]!] !== comparison) return false;
    return true;
  }

  *changed(): Generator<undefined, ChangedCells> {
    const known = new Map<number, KnownCell>();
    let room = MAX_BANNERS;
    for (const cell of this.#greatest.inOrder()) {
      const knownCell = this.#known(cell);
      const banners = knownCell.change.in.length + knownCell.change.out.length;
      // One large cell must not hide those behind it.
      if (banners <= room) {
        room -= banners;
        known.set(cellKey(cell.campaign, cell.period), knownCell);
      }
      yield;
    }
    return { known, count: this.#greatest.count, campaigns: this.#after.campaigns, isChanged: this.#isChanged };
  }

  #known({ campaign, period, before, after, revenue }: RankedCell): KnownCell {
    const old = shownBy(this.#before, before);
    const now = shownBy(this.#after, after);
    return {
      campaign,
      period,
      rule: ruleOf(this.#after.cells, after),
      revenue: formatMillionths(after === NONE ? 0n : revenue),
      change: {
        in: [...now].filter((banner) => !old.has(banner)),
        out: [...old].filter((banner) => !now.has(banner)),
        rule_before: ruleOf(this.#before.cells, before),
        revenue_before: formatMillionths(before === NONE ? 0n : this.#before.cells.revenueOf(before)),
      },
    };
  }
}

function ruleOf(cells: ComparedCells, cell: number): Rule | null {
  return cell === NONE ? null : RULES[cells.ruleOf(cell)]!;
}

/** In the order of the cut. */
function shownBy({ cells, bannerIds }: Outline, cell: number): Set<number> {
  const banners = cell === NONE ? [] : cells.banners.subarray(cells.startOf(cell), cells.endOf(cell));
  return new Set(Array.from(banners, (banner) => bannerIds[banner]!));
}

/** Both ascend. Gives where each id of either is in the one and in the other, or NONE. */
function* merged(ids: Uint32Array, others: Uint32Array): Generator<readonly [at: number, other: number]> {
  for (let at = 0, other = 0; at < ids.length || other < others.length;) {
    const id = ids[at] ?? Infinity;
    const otherId = others[other] ?? Infinity;
    yield [id <= otherId ? at++ : NONE, otherId <= id ? other++ : NONE];
  }
}
