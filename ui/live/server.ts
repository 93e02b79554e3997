/** Asks the administration port, and has each answer that is none become a sentence for people. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Status } from "../../src/admin/status-json.js";
import { writeCampaignQuery } from "../../src/view/campaign-query.js";
import { isPrinting } from "../printing.js";
import type { Source } from "../source.js";

const TIMEOUT_MS = 10_000;
const STATUS_EVERY_MS = 1000;

/** The signal is of whoever does not wait any more. */
export async function ask(path: string, asker?: AbortSignal, method = "GET"): Promise<Response> {
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(asker ? [asker] : [])]);
  const response = await fetch(path, { method, signal }).catch(() => {
    throw new Error("The server does not answer.");
  });
  // The session has ended: the page is the form to log in now.
  if (response.status === 401) location.reload();
  return response;
}

/** @throws Error unless the answer is good, or has this status */
export async function read<T>(response: Response, accepted = 200): Promise<T> {
  if (!response.ok && response.status !== accepted) throw new Error((await response.text()).trim());
  return (await response.json()) as T;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  if (!isPrinting) return read<T>(await ask(path, signal));
  // What is printed is what is there before the next task: too early for an answer to `fetch`.
  const request = new XMLHttpRequest();
  request.open("GET", path, false);
  request.send();
  return JSON.parse(request.responseText) as T;
}

export const server: Source = {
  overview: (signal) => get("/overview.json", signal),
  campaigns: (query, signal) => get(`/campaigns.json?${writeCampaignQuery(query).toString()}`, signal),
  campaign: async (id, signal) => {
    const response = await ask(`/campaigns/${id}.json`, signal);
    return response.status === 404 ? undefined : read(response);
  },
  change: (signal) => get("/change.json", signal),
};

export interface Following {
  /** The last that came; undefined before the first. */
  readonly status?: Status;
  /** Whether the server did not answer the last time. */
  readonly isGone: boolean;
}

export const FollowingContext = createContext<Following>({ isGone: false });

/** Only where there is a status. */
export const useStatus = (): Status => useContext(FollowingContext).status!;

/** Asks what the server does each second while the page is seen. */
export function useFollowing(): Following {
  const [following, setFollowing] = useState<Following>({ isGone: false });
  useEffect(() => {
    const follow = async (): Promise<void> => {
      const status = await get<Status>("/status.json").catch(() => undefined);
      setFollowing((before) => (status ? { status, isGone: false } : { ...before, isGone: true }));
      await new Promise((resolve) => setTimeout(resolve, STATUS_EVERY_MS));
      if (document.hidden) document.addEventListener("visibilitychange", () => void follow(), { once: true });
      else void follow();
    };
    void follow();
  }, []);
  return following;
}
