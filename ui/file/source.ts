/** Answers from the data in the report's page as a server does from its index. */
import { CampaignTable } from "../../src/view/campaign-table.js";
import { embeddedSource } from "../../src/view/embedded-source.js";
import { unpackBanner, unpackCampaign, type PackedCampaign } from "../../build/report/packed.js";
import type { PageData } from "../../build/report/page-data.js";
import type { Source } from "../source.js";

/** @param images addresses */
export function fileSource(
  { overview, change, banners, changed, exploration }: PageData,
  campaigns: readonly PackedCampaign[],
  images: readonly string[],
): Source {
  const { generation } = overview;
  const texts = new Map(banners.map((banner) => [banner[0], unpackBanner(banner, images)]));
  const unpacked = campaigns.map((packed) => ({
    generation,
    ...unpackCampaign(packed, (banner) => texts.get(banner)!, exploration),
  }));
  const byId = new Map(unpacked.map((each) => [each.campaign, each]));
  const isChanged = new Set(changed);
  const table = new CampaignTable(embeddedSource(overview, unpacked), {
    // Nothing else waits; and what is printed must be there before the next task.
    pause: () => Promise.resolve(),
    isChanged: (campaign) => isChanged.has(campaign),
  });
  return {
    overview: () => Promise.resolve(overview),
    campaigns: (query) => table.find(query),
    campaign: (id) => Promise.resolve(byId.get(id)),
    change: () => Promise.resolve(change),
  };
}
