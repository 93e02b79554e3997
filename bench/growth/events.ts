/** Counts invented events for indexes of many campaigns and of random places: the same at every run. */
import { EventCounts } from "../../build/count/counters.js";
import { seededRandom, type Random } from "../../tools/make-sample/random.js";

const PERIODS = 4;
const BANNERS = 10;
/** A banner runs in many campaigns, so that there are fewer banners than cells. */
const BANNERS_IN_ALL = 10_000;
const CAMPAIGNS = 50;
const LARGEST_ID = 2 ** 32 - 1;

export function sparseIds(count: number, random: Random): Uint32Array {
  const room = Math.floor(LARGEST_ID / count);
  const ids = Uint32Array.from({ length: count }, (_, at) => at * room + 1 + random.below(room));
  ids[count - 1] = LARGEST_ID;
  return ids;
}

export function countsOfCampaigns(campaigns: number, periods = PERIODS): EventCounts {
  const random = seededRandom("bench-index");
  const campaignIds = sparseIds(campaigns, random);
  const bannerIds = sparseIds(BANNERS_IN_ALL, random);
  const counts = new EventCounts(periods);
  for (const campaign of campaignIds) {
    const first = random.below(bannerIds.length);
    for (let period = 1; period <= periods; period++) {
      const converting = random.below(BANNERS + 1);
      const clicked = converting + random.below(BANNERS - converting + 1);
      for (let at = 0; at < BANNERS; at++) {
        const counter = counts.counterOf(period, campaign, bannerIds[(first + at) % bannerIds.length]!);
        counts.addImpression(counter);
        if (at >= clicked) continue;
        for (let click = random.below(3); click >= 0; click--) counts.addClick(counter);
        if (at < converting) counts.addConversion(counter, BigInt(random.below(1e9)));
      }
    }
  }
  return counts;
}

export function countsOfPlaces(places: "fixed" | "random"): EventCounts {
  const random = seededRandom("bench-places");
  const campaigns = sparseIds(CAMPAIGNS, random);
  const banners = sparseIds(CAMPAIGNS * BANNERS, random);
  const counts = new EventCounts(PERIODS);
  campaigns.forEach((campaign, at) => {
    for (let period = 1; period <= PERIODS; period++)
      for (const banner of banners.subarray(at * BANNERS, (at + 1) * BANNERS)) {
        const counter = counts.counterOf(period, campaign, banner);
        counts.addImpression(counter);
        if (places === "random") continue;
        counts.addClick(counter);
        counts.addConversion(counter, BigInt(random.below(1e9)));
      }
  });
  return counts;
}
