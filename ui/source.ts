/** Describes what the interface is told: by a server, or by the file that contains it. */
import type { CampaignQuery } from "../src/view/campaign-query.js";
import type { ServedChange } from "../src/view/change/served-change.js";
import type { Campaign, FoundCampaigns, Overview } from "../src/view/rows.js";

/** One of the things that need attention, and the heading under which more is said of it. */
export type Concern = Readonly<Record<"text" | "under", string>>;

/** Each rejects with an Error whose message is a sentence for people. */
export interface Source {
  readonly overview: (signal?: AbortSignal) => Promise<Overview>;
  readonly campaigns: (query: CampaignQuery, signal?: AbortSignal) => Promise<FoundCampaigns>;
  /** Resolves with undefined where the index does not have the campaign. */
  readonly campaign: (id: number, signal?: AbortSignal) => Promise<Campaign | undefined>;
  /** From the index before to this one. */
  readonly change: (signal?: AbortSignal) => Promise<ServedChange>;
}
