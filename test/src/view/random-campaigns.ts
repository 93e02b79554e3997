/** Makes an index of random campaigns, and its rows by themselves, for computations that do not use the index. */
import { compile } from "../../../build/compile.js";
import { EventCounts } from "../../../build/count/counters.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode } from "../../../src/index/format.js";
import { seededRandom } from "../seeded-random.js";
import { bytesOf } from "../small-index.js";

export interface RandomRow {
  readonly period: number;
  readonly campaign: number;
  readonly banner: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Millionths. */
  readonly revenue: bigint;
}

export interface RandomCampaigns {
  readonly catalog: Catalog;
  readonly rows: readonly RandomRow[];
  readonly names: ReadonlyMap<number, string>;
  readonly texts: ReadonlyMap<number, { readonly alt: string; readonly link: string }>;
}

const WORDS = ["Summer", "winter", "SALE", "Größe", "Äpfel", "日本", "2026", "71", "offer"];

/** Few clicks, so that many ratios are undefined or the same; revenue from refunds to sums beyond 2^63 millionths. */
export function randomCampaigns(seed: number, campaigns: number, periods: number): RandomCampaigns {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)]!;
  const ids = new Set([1, 71, 4294967295]);
  while (ids.size < campaigns) ids.add(1 + below(10 ** (1 + below(9))));
  const banners = Array.from({ length: 3 * campaigns }, (_, at) => 60 + 3 * at);
  const counts = new EventCounts(periods);
  const rows: RandomRow[] = [];
  for (const campaign of ids)
    for (let period = 1; period <= periods; period++) {
      if (below(4) === 0) continue;
      const start = below(banners.length);
      for (const banner of banners.slice(start, start + 1 + below(14))) {
        const clicks = below(3) === 0 ? 0 : below(5);
        const conversions = clicks > 0 && below(2) === 0 ? 1 + below(3) : 0;
        const impressions = below(5) === 0 ? clicks : clicks + 1 + below(20);
        const worth = oneOf([1_000_000n, 1_000_000n, -500_000n, 0n, 2n ** 61n + 1n, -(2n ** 54n) - 3n]);
        if (impressions === 0) continue;
        rows.push({ period, campaign, banner, impressions, clicks, conversions, revenue: worth * BigInt(conversions) });
      }
    }
  for (const { period, campaign, banner, impressions, clicks, conversions, revenue } of rows) {
    const counter = counts.counterOf(period, campaign, banner);
    counts.addImpression(counter, impressions);
    for (let click = 0; click < clicks; click++) counts.addClick(counter);
    for (let rest = conversions; rest > 0; rest--) counts.addConversion(counter, revenue / BigInt(conversions));
  }
  const kept = [...new Set(rows.map(({ campaign }) => campaign))];
  const names = new Map(
    kept.filter(() => below(4) > 0).map((id) => [id, `${oneOf(WORDS)} ${oneOf([...WORDS, String(id)])}`] as const),
  );
  const texts = new Map(
    banners
      .filter(() => below(3) > 0)
      .map((banner) => [
        banner,
        {
          alt: below(4) === 0 ? "" : `${oneOf(WORDS)} no. ${banner}`,
          link:
            below(4) === 0
              ? ""
              : `https://user@www.${oneOf(["shop", "Offers", "größe"])}${below(9)}.example:8443/Sale?summer`,
        },
      ]),
  );
  const options = { campaigns: new Map(Array.from(names, ([id, name]) => [id, { name, defaultBanner: 0 }])) };
  return { catalog: new Catalog(decode(bytesOf(compile(counts, new Map(), texts, options)))), rows, names, texts };
}
