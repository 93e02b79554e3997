/** Chooses the campaigns that are asked for, and reads and writes lists of them such as `1-50,77`. */
import { readId } from "../../src/index/ids.js";
import type { Expectation } from "./expectation.js";

interface ChosenCampaigns {
  readonly campaigns: readonly number[];
  readonly origin: string;
}

const PROBED = 100;
const PROBED_AT_ONCE = 10;
/** Few enough to be kept one by one. */
const MAX_CAMPAIGNS = 100_000;

interface Server {
  readonly url: URL;
  readonly timeoutMs: number;
  readonly ignoreHeader?: string | undefined;
  readonly signal: AbortSignal;
}

/** @param moment milliseconds since 1970. @throws Error of one line where there is no campaign to ask for */
export async function chooseCampaigns(
  server: Server,
  given: readonly number[] | undefined,
  expectation: Expectation | undefined,
  moment: number,
): Promise<ChosenCampaigns> {
  if (given !== undefined) return { campaigns: given, origin: "as asked" };
  if (expectation !== undefined) {
    const campaigns = expectation.campaignsAt(moment);
    if (campaigns.length === 0) throw new Error("the index has no campaign in this period: name some with --campaigns");
    return { campaigns, origin: "those of the index in this period" };
  }
  const campaigns = await probe(server);
  if (campaigns.length === 0)
    throw new Error(`${server.url.origin}: has none of the campaigns 1 to ${PROBED}: name some with --campaigns`);
  return { campaigns, origin: `those of 1 to ${PROBED} that are there` };
}

async function probe({ url, timeoutMs, ignoreHeader, signal }: Server): Promise<number[]> {
  const there: number[] = [];
  let next = 1;
  const ask = async (): Promise<void> => {
    while (next <= PROBED) {
      const campaign = next++;
      const response = await fetch(new URL(`/campaigns/${campaign}`, url), {
        redirect: "manual",
        headers: ignoreHeader === undefined ? {} : { [ignoreHeader]: "1" },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      }).catch(() => undefined);
      signal.throwIfAborted();
      await response?.body?.cancel();
      if (response?.status === 200) there.push(campaign);
    }
  };
  await Promise.all(Array.from({ length: PROBED_AT_ONCE }, ask));
  return there.sort((a, b) => a - b);
}

export function readCampaignList(text: string): readonly number[] | undefined {
  const campaigns = new Set<number>();
  for (const part of text.split(",")) {
    const [first = 0, last = first, ...more] = part.split("-").map((id) => readId(id));
    if (first === 0 || last < first || last - first >= MAX_CAMPAIGNS || more.length > 0) return undefined;
    for (let campaign = first; campaign <= last; campaign++) campaigns.add(campaign);
  }
  return [...campaigns].sort((a, b) => a - b);
}

export function formatCampaignList(ids: readonly number[]): string {
  const parts: string[] = [];
  for (let first = 0, last = 0; first < ids.length; first = ++last) {
    while (ids[last + 1] === ids[last]! + 1) last++;
    parts.push(first === last ? String(ids[first]) : `${ids[first]!}-${ids[last]!}`);
  }
  return parts.join(",");
}
