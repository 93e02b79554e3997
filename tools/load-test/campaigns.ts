/** Which campaigns are asked for. */
import { Agent } from "node:http";
import type { Expectation } from "./expectation.js";
import { get, type Server } from "./http-get.js";

export interface ChosenCampaigns {
  /** At least one. */
  readonly campaigns: readonly number[];
  /** Completes "Campaigns: 100, …". */
  readonly origin: string;
}

const PROBED = 100;
const PROBED_AT_ONCE = 10;

/**
 * Those that are given; else those the index has at `moment` (milliseconds since 1970); else those that answer.
 * @throws Error whose message is one line, where there is none
 */
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

async function probe(server: Server): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: PROBED_AT_ONCE });
  const all = Array.from({ length: PROBED }, (_, place) => place + 1);
  const answers = await Promise.allSettled(all.map((campaign) => get(server, `/campaigns/${campaign}`, "", agent)));
  agent.destroy();
  server.signal.throwIfAborted();
  return all.filter((_, place) => {
    const answer = answers[place]!;
    return answer.status === "fulfilled" && answer.value.status === 200;
  });
}
