/** Draws what becomes of each banner of a cell. */
import { BANNERS_WITH_IMAGE, type BannerResult, type CellDesign } from "./campaigns.js";
import { seededRandom, type Random } from "./random.js";

/** Millionths; the least is more than a banner of `EXACTLY` earns that is to lose the cut. */
const REVENUE = { from: 250_000, to: 9_990_000 } as const;

export function drawResults(campaign: number, period: number, design: CellDesign): BannerResult[] {
  const { converting, clicked, seen, exactly } = design;
  const random = seededRandom(`cell of period ${period}, campaign ${campaign}`);
  const { banners, viewsPerClick } = castOf(campaign);
  const named = new Set(exactly.map(({ banner }) => banner));
  const cast = banners.filter((banner) => !named.has(banner)).slice(0, converting + clicked + seen);
  const drawn = random.shuffled(cast).map((banner, place): BannerResult => {
    if (place >= converting + clicked) return { banner, impressions: random.between(4, 28), clicks: [] };
    const clicks = place < converting ? drawConvertingClicks(random) : drawClicks(random);
    const impressions = clicks.length * (viewsPerClick + random.below(8)) + random.below(10);
    return { banner, impressions, clicks };
  });
  return [...drawn, ...exactly];
}

function castOf(campaign: number): { banners: readonly number[]; viewsPerClick: number } {
  const random = seededRandom(`cast of campaign ${campaign}`);
  return { banners: random.shuffled(BANNERS_WITH_IMAGE), viewsPerClick: random.between(8, 20) };
}

function drawConvertingClicks(random: Random): BannerResult["clicks"] {
  const converted = random.between(1, 2);
  return Array.from({ length: converted + random.below(3) }, (_, click) => {
    if (click >= converted) return [];
    return Array.from({ length: random.below(8) === 0 ? 2 : 1 }, () => drawRevenue(random));
  });
}

function drawClicks(random: Random): BannerResult["clicks"] {
  return Array.from({ length: random.between(1, 4) }, () => []);
}

function drawRevenue(random: Random): number {
  const amount = Math.min(random.between(REVENUE.from, REVENUE.to), random.between(REVENUE.from, REVENUE.to));
  const step = [10_000, 10_000, 500, 1][random.below(4)]!;
  return amount - (amount % step);
}
