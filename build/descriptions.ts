/** Reads the tables that describe what the events name: `campaigns.csv` and `banners.csv`. */
import { join } from "node:path";
import { isThere } from "../src/options/regular-file.js";
import { readCampaigns, type Campaign } from "./campaigns.js";
import type { FileAccount } from "./count/account.js";
import type { EventCounts } from "./count/counters.js";
import type { RejectLog } from "./count/rejects.js";
import { TEXT_FILE, type BannerFolder } from "./images/folder.js";
import { readBannerTexts, type BannerRow } from "./images/texts.js";
import type { BadRows } from "./read/data-error.js";
import { CAMPAIGNS_FILE } from "./read/find.js";

export interface Descriptions {
  readonly campaigns: ReadonlyMap<number, Campaign>;
  readonly banners: ReadonlyMap<number, BannerRow>;
  readonly accounts: readonly FileAccount[];
}

/** @param zoneOfTimes tells the zone of times without an offset, where there are times */
export async function readDescriptions(
  data: string,
  { name, textFile, images }: BannerFolder,
  counts: EventCounts,
  zoneOfTimes: () => string,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<Descriptions> {
  const accounts: FileAccount[] = [];
  let campaigns: Descriptions["campaigns"] = new Map();
  let banners: Descriptions["banners"] = new Map();
  const path = join(data, CAMPAIGNS_FILE);
  if (isThere(path)) {
    const read = await readCampaigns({ path, name: CAMPAIGNS_FILE }, new Set(counts.campaignIds), badRows, rejects);
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
