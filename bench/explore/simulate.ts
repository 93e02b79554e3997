/** Simulates days of a campaign: each index is made of the events of days that the indexes before decided. */
import { compile } from "../../build/compile.js";
import { EventCounts } from "../../build/count/counters.js";
import type { Statistics } from "../../build/read/event-rows.js";
import { deciderFor } from "../../src/decision/explore.js";
import { Catalog } from "../../src/index/catalog.js";
import { decode } from "../../src/index/format.js";
import { seededFractions } from "../fleet/fractions.js";
import { bestOf, earningsOf, type Earning } from "./market.js";

export interface Plan {
  readonly banners: number;
  readonly days: number;
  /** A day. */
  readonly visits: number;
}

export interface Variant {
  readonly exploration: number;
  /** Days whose events make an index; Infinity for all. */
  readonly window: number;
}

export interface Outcome {
  /** Of the truly best ten, how many the collection has behind the last day. */
  readonly best: number;
  /** Of all days: millionths. */
  readonly revenue: bigint;
}

const CAMPAIGN = 1;
const BEST = 10;

type Day = Map<number, Statistics>;

/** Everything is the code of a build and of a server; each visitor is another one. */
export function simulate({ banners, days, visits }: Plan, { exploration, window }: Variant, seed: string): Outcome {
  const earnings = earningsOf(banners, seed);
  const random = seededFractions(`visits ${seed}`);
  const past: Day[] = [];
  const indexOfToday = (): Catalog => indexOf(earnings, past.slice(-window), exploration);
  for (let day = 0; day < days; day++) past.push(dayOf(indexOfToday(), earnings, visits, random));
  const { cells, index } = indexOfToday();
  const cell = cells.find(CAMPAIGN, 1);
  const start = cells.startOf(cell);
  const collection = Array.from(index.entryBanner.subarray(start, start + cells.fixedOf(cell)));
  const best = bestOf(earnings, BEST);
  return {
    best: collection.filter((banner) => best.has(index.bannerIds[banner]!)).length,
    revenue: past.flatMap((day) => [...day.values()]).reduce((sum, { revenue }) => sum + revenue, 0n),
  };
}

/** All banners are placed, so that each may be shown before it has events. */
function indexOf(earnings: readonly Earning[], past: readonly Day[], exploration: number): Catalog {
  const counts = new EventCounts(1);
  for (const { banner } of earnings) {
    counts.place(CAMPAIGN, banner);
    const ofDays = past.flatMap((day) => day.get(banner) ?? []);
    if (ofDays.length > 0) counts.setStatistics(counts.counterOf(1, CAMPAIGN, banner), ofDays.reduce(sumOf));
  }
  const { parts } = compile(counts, new Map(), new Map(), { exploration });
  return new Catalog(decode(parts));
}

function dayOf(catalog: Catalog, earnings: readonly Earning[], visits: number, random: () => number): Day {
  const day: Day = new Map();
  const decider = deciderFor(catalog, "no-repeat", random);
  const cell = catalog.cellOf(CAMPAIGN, 1);
  for (let visit = 0; visit < visits; visit++) {
    decider.history.count = 0;
    const earning = earnings[catalog.index.bannerIds[decider.decide(cell)]! - 1]!;
    const { banner } = earning;
    const isClicked = random() < earning.clicks;
    const isConverted = isClicked && random() < earning.conversions;
    const event = {
      banner,
      impressions: 1,
      clicks: Number(isClicked),
      conversions: Number(isConverted),
      revenue: isConverted ? earning.revenue : 0n,
    };
    const before = day.get(banner);
    day.set(banner, before === undefined ? event : sumOf(before, event));
  }
  return day;
}

function sumOf(a: Statistics, b: Statistics): Statistics {
  return {
    banner: a.banner,
    impressions: a.impressions + b.impressions,
    clicks: a.clicks + b.clicks,
    conversions: a.conversions + b.conversions,
    revenue: a.revenue + b.revenue,
  };
}
