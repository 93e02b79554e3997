/** How many campaigns, periods and banners to the counts of as many invented events: the same at every run. */
import { EventCounts } from "../../build/count/counters.js";
import { seededRandom, type Random } from "../../tools/make-sample/random.js";

/** A banner runs in many campaigns, so that there are fewer of them than of cells. */
const BANNERS_IN_ALL = 10_000;
const LARGEST_ID = 2 ** 32 - 1;

/** `count` ids spread over all there are, ascending; the last is the largest there is. */
export function sparseIds(count: number, random: Random): Uint32Array {
  const room = Math.floor(LARGEST_ID / count);
  const ids = Uint32Array.from({ length: count }, (_, place) => place * room + 1 + random.below(room));
  ids[count - 1] = LARGEST_ID;
  return ids;
}

export function makeCounts(size: { campaigns: number; periods: number; banners: number }): EventCounts {
  const random = seededRandom("bench-index");
  const campaignIds = sparseIds(size.campaigns, random);
  const bannerIds = sparseIds(Math.max(BANNERS_IN_ALL, size.banners), random);
  const counts = new EventCounts(size.periods);
  for (const campaign of campaignIds) {
    const first = random.below(bannerIds.length);
    for (let period = 1; period <= size.periods; period++) {
      // So that every rule occurs: how many banners have conversions, and how many more have clicks.
      const converting = random.below(size.banners + 1);
      const clicked = converting + random.below(size.banners - converting + 1);
      for (let place = 0; place < size.banners; place++) {
        const banner = bannerIds[(first + place) % bannerIds.length]!;
        addEvents(counts, counts.counterOf(period, campaign, banner), place < converting, place < clicked, random);
      }
    }
  }
  return counts;
}

function addEvents(counts: EventCounts, counter: number, converts: boolean, isClicked: boolean, random: Random): void {
  counts.addImpression(counter);
  if (!isClicked) return;
  for (let click = random.below(3); click >= 0; click--) counts.addClick(counter);
  if (converts) counts.addConversion(counter, BigInt(random.below(1e9)));
}
