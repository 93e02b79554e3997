/** Visits to a running server, so that a picture of what is going on shows something. */
import { setTimeout as sleep } from "node:timers/promises";

/** Of the sample. */
const CAMPAIGNS = 30;
/** A second, on average; more and fewer in turns, as visitors come. */
const VISITS = 300;

/** Until it is told to end. */
export async function makeVisits(site: URL, signal: AbortSignal): Promise<void> {
  // What a browser remembers of each campaign.
  const cookies = new Map<number, string>();
  for (let second = 0; !signal.aborted; second++) {
    const next = sleep(1000);
    const visits = Math.round(VISITS * (1 + 0.4 * Math.sin(second)));
    for (let visit = 0; visit < visits; visit++) {
      const campaign = 1 + Math.floor(Math.random() * CAMPAIGNS);
      const response = await fetch(new URL(`/campaigns/${campaign}/`, site), {
        headers: { cookie: cookies.get(campaign) ?? "" },
      });
      await response.arrayBuffer();
      cookies.set(campaign, response.headers.get("set-cookie")?.split(";", 1)[0] ?? "");
    }
    await next;
  }
}
