/** Sizes to indexes that show how the cost of a request grows with the work: the same at every run. */
import { imageOf, type BannerImage } from "../../build/images/folder.js";
import { compile } from "../../build/compile.js";
import { EventCounts } from "../../build/count/counters.js";
import { makeCounts, sparseIds } from "./large-index.js";
import { seededRandom } from "../../tools/make-sample/random.js";

const PERIODS = 4;
/** In each cell. */
const BANNERS = 10;
/** Where their number is not what is looked at. */
const CAMPAIGNS = 50;
/** Enough that they do not all lie in the processor's cache. */
const IMAGES = 100;

/** An index of so many campaigns with sparse ids, in whose cells every rule occurs. */
export function indexOfCampaigns(campaigns: number): Uint8Array {
  return compile(makeCounts({ campaigns, periods: PERIODS, banners: BANNERS }), new Map()).bytes;
}

/** An index whose cells all show 10 banners with conversions, or all draw 5 random places from a pool of 10. */
export function indexOfPlaces(places: "fixed" | "random"): Uint8Array {
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
  return compile(counts, new Map()).bytes;
}

/** An index of banners with images of so many bytes each. */
export function indexOfImages(bytes: number): Uint8Array {
  const random = seededRandom("bench-images");
  const banners = sparseIds(IMAGES, random);
  const counts = new EventCounts(PERIODS);
  for (let period = 1; period <= PERIODS; period++)
    for (const banner of banners) counts.addImpression(counts.counterOf(period, 1, banner));
  const images = new Map(Array.from(banners, (banner): [number, BannerImage] => [banner, pngOf(bytes, banner)]));
  return compile(counts, images).bytes;
}

/** A PNG's header, and then bytes of no meaning: nobody draws it. */
function pngOf(length: number, seed: number): BannerImage {
  const bytes = Buffer.alloc(length);
  const random = seededRandom(String(seed));
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(random.below(2 ** 32), at);
  const header = Buffer.from("89504e470d0a1a0a0000000d494844520000012c000000fa0802000000", "hex");
  header.copy(bytes);
  return imageOf(bytes, "png", "png");
}
