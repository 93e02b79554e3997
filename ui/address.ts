/** Reads and writes the state of the interface as it stands in the page's address: what is open, and the list. */
import { readId } from "../src/index/ids.js";
import { DEFAULT_QUERY, readCampaignQuery, writeCampaignQuery } from "../src/view/campaign-query.js";
import type { CampaignQuery, Direction } from "../src/view/campaign-query.js";

export const VIEWS = ["overview", "changes", "server", "data"] as const;
export type View = (typeof VIEWS)[number];

/** That an index may have. */
const MAX_PERIODS = 60;

export interface Address {
  readonly view: View;
  /** The open campaign; 0 for none. */
  readonly campaign: number;
  /** The open period; 0 for the one that is on, or the first that has anything. */
  readonly at: number;
  /** The list of campaigns. */
  readonly list: CampaignQuery;
  /** A column of the banners, or of what changed; "" for their own order. */
  readonly tableSort: string;
  readonly tableDirection: Direction;
}

/** A malformed value counts as absent, and with one of the list the whole list does. */
export function readAddress(text: string): Address {
  const query = new URLSearchParams(text);
  const list = readCampaignQuery(query, MAX_PERIODS);
  return {
    view: VIEWS.find((view) => view === query.get("view")) ?? "overview",
    campaign: readId(query.get("campaign") ?? ""),
    at: readId(query.get("at") ?? ""),
    list: typeof list === "string" ? DEFAULT_QUERY : list,
    tableSort: query.get("table_sort") ?? "",
    tableDirection: query.get("table_direction") === "ascending" ? "ascending" : "descending",
  };
}

/** "" where all is as in the beginning; no question mark. */
export function addressText({ view, campaign, at, list, tableSort, tableDirection }: Address): string {
  const parts = {
    view: view === "overview" ? "" : view,
    campaign,
    at,
    ...Object.fromEntries(writeCampaignQuery(list)),
    table_sort: tableSort,
    table_direction: tableSort && tableDirection === "ascending" && tableDirection,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value) query.set(name, String(value));
  return query.toString();
}
