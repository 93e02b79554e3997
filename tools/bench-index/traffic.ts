/** Campaigns to the order in which visitors ask for them. */
import type { Random } from "../make-sample/random.js";

export type Traffic = "uniform" | "skewed";

/**
 * @param campaigns in no order that means anything
 * @returns `count` of them: each as likely as the other, or by Zipf's law, the place in `campaigns` being the rank
 */
export function drawCampaigns(campaigns: Uint32Array, traffic: Traffic, count: number): Uint32Array {
  const drawn = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    const chance = Math.random();
    // The inverse of the logarithm, which the sum of 1/rank follows.
    const place =
      traffic === "uniform"
        ? Math.floor(chance * campaigns.length)
        : Math.floor(Math.exp(chance * Math.log(campaigns.length + 1))) - 1;
    drawn[at] = campaigns[Math.min(place, campaigns.length - 1)]!;
  }
  return drawn;
}

/** In place, so that a rank says nothing of an id. */
export function shuffle(campaigns: Uint32Array, random: Random): Uint32Array {
  for (let last = campaigns.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = campaigns[last]!;
    campaigns[last] = campaigns[other]!;
    campaigns[other] = kept;
  }
  return campaigns;
}
