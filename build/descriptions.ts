/** Reads the lists beside the events: `placements.csv`, then what describes campaigns and banners. */
import { readCampaigns, type Campaign } from "./campaigns.js";
import type { FileAccount } from "./count/account.js";
import type { EventCounts } from "./count/counters.js";
import type { RejectLog } from "./count/rejects.js";
import { TEXT_FILE, type BannerFolder } from "./images/folder.js";
import { readBannerTexts, type BannerRow } from "./images/texts.js";
import type { BadRows } from "./read/data-error.js";
import type { FoundLists } from "./read/find.js";
import { readPlacements } from "./placements.js";

export interface Descriptions {
  readonly campaigns: ReadonlyMap<number, Campaign>;
  readonly banners: ReadonlyMap<number, BannerRow>;
  readonly accounts: readonly FileAccount[];
}

/**
 * Puts what is placed into `counts`.
 *
 * @param zoneOfTimes tells the zone of times without an offset, where there are times
 */
export async function readDescriptions(
  lists: FoundLists,
  { name, textFile, images }: BannerFolder,
  counts: EventCounts,
  zoneOfTimes: () => string,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<Descriptions> {
  const accounts: FileAccount[] = [];
  let campaigns: Descriptions["campaigns"] = new Map();
  let banners: Descriptions["banners"] = new Map();
  // First: a campaign or a banner that is only placed is known to the others.
  if (lists.placements !== undefined) accounts.push(await readPlacements(lists.placements, counts, badRows, rejects));
  if (lists.campaigns !== undefined) {
    const read = await readCampaigns(lists.campaigns, new Set(counts.campaignIds), badRows, rejects);
    campaigns = read.campaigns;
    accounts.push(read.account);
  }
  if (textFile !== undefined) {
    const defaults = Array.from(campaigns.values(), ({ defaultBanner }) => defaultBanner);
    const known = new Set([...counts.bannerIds, ...images.keys(), ...defaults]);
    const file = { path: textFile, name: `${name}/${TEXT_FILE}` };
    const read = await readBannerTexts(file, known, zoneOfTimes(), badRows, rejects);
    banners = read.texts;
    accounts.push(read.account);
  }
  return { campaigns, banners, accounts };
}
