/** Campaigns as people write them: 1-50,77. */
import { readId } from "../../src/index/ids.js";

/** More than any test needs, and few enough to be kept one by one. */
const MOST_CAMPAIGNS = 100_000;

/** The ids in ascending order, or undefined where the text is no list. */
export function readCampaignList(text: string): readonly number[] | undefined {
  const campaigns = new Set<number>();
  for (const part of text.split(",")) {
    const [first = 0, last = first, ...more] = part.split("-").map(readCampaign);
    if (first === 0 || last < first || last - first >= MOST_CAMPAIGNS || more.length > 0) return undefined;
    for (let campaign = first; campaign <= last; campaign++) campaigns.add(campaign);
  }
  return [...campaigns].sort((a, b) => a - b);
}

/** A campaign's id, or 0 where the text is none. */
export function readCampaign(text: string): number {
  return readId(text, 0, text.length);
}

/** @param ids in ascending order */
export function formatCampaignList(ids: readonly number[]): string {
  const parts: string[] = [];
  for (let first = 0, last = 0; first < ids.length; first = ++last) {
    while (ids[last + 1] === ids[last]! + 1) last++;
    parts.push(first === last ? String(ids[first]) : `${ids[first]!}-${ids[last]!}`);
  }
  return parts.join(",");
}
