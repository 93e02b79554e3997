/**
 * Requests at fixed moments, evenly spaced, whether or not those before are answered.
 *
 * autocannon cannot do this. Its rate is a number of requests that each connection may send in a second: it sends them
 * one after the other as fast as they are answered, and then rests until the second is over (lib/httpClient.js,
 * `reqsMadeThisSecond`). It counts latency from the sending, and corrects by an expected interval of
 * `Math.ceil(1 / rate)`, which is 1 ms whatever the rate (lib/run.js, `onResponse`). A server that stalls would so be
 * asked less, and look better than its visitors find it.
 */
import { Agent } from "node:http";
import { setImmediate } from "node:timers/promises";
import { lossOf, type Drive, type Ending } from "./drive.js";
import { get } from "./http-get.js";
import type { Answer } from "./judge.js";
import type { Load } from "./scenarios.js";
import { Visitor, type Visit } from "./visitor.js";

type OpenLoad = Extract<Load, { kind: "open" }>;

/** We close an idle connection before the server does (Billboard: after 10 s), so that no request meets a closing one. */
const IDLE_MS = 5_000;

/** Resolves when all is answered or lost, or early where the run is interrupted. */
export async function openLoop(drive: Drive, load: OpenLoad): Promise<Ending> {
  const { campaigns, clock, signal, tally } = drive;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const pool = new VisitorPool();
  const onTheirWay = new Set<Promise<void>>();
  const interval = 60_000 / load.perMinute;
  const start = clock.steady();
  for (let n = 0; n < load.requests; n++) {
    const due = start + n * interval;
    await waitUntil(due, drive);
    if (signal.aborted) break;
    const campaign = campaigns[n % campaigns.length]!;
    const visitor = pool.take(campaign);
    tally.longestDelay = Math.max(tally.longestDelay, clock.steady() - due);
    const request = send(drive, { visitor, campaign, since: due, sentOn: clock.date() }, agent).finally(() => {
      pool.release(campaign, visitor);
      onTheirWay.delete(request);
    });
    onTheirWay.add(request);
  }
  await Promise.all(onTheirWay);
  agent.destroy();
  return signal.aborted ? "interrupted" : "done";
}

async function waitUntil(due: number, { clock, signal }: Drive): Promise<void> {
  let wait = due - clock.steady();
  // Even where we are late, answers that have come must be taken in before the next request.
  if (wait <= 0) await setImmediate();
  for (; wait > 0 && !signal.aborted; wait = due - clock.steady()) await clock.sleep(wait, signal);
}

async function send(drive: Drive, visit: Visit, agent: Agent): Promise<void> {
  const { judge, signal } = drive;
  const { cookie } = visit.visitor.memoryOf(visit.campaign);
  let answer: Answer;
  try {
    answer = await get(drive, `/campaigns/${visit.campaign}`, cookie, agent);
  } catch (error) {
    if (!signal.aborted) judge.lost(visit, lossOf((error as NodeJS.ErrnoException).code ?? String(error)));
    return;
  }
  judge.answered(visit, answer);
}

/**
 * As many visitors as are needed: none has two requests for one campaign on their way, since the server could not know
 * then what was shown last. Those who have been there come again first, so that repeats show.
 */
class VisitorPool {
  readonly #visitors: Visitor[] = [];
  /** For each campaign, who has been there and may come again, and how many have been there in all. */
  readonly #campaigns = new Map<number, { readonly idle: Visitor[]; count: number }>();

  take(campaign: number): Visitor {
    let visitors = this.#campaigns.get(campaign);
    if (visitors === undefined) {
      visitors = { idle: [], count: 0 };
      this.#campaigns.set(campaign, visitors);
    }
    return visitors.idle.pop() ?? this.#visitor(visitors.count++);
  }

  release(campaign: number, visitor: Visitor): void {
    this.#campaigns.get(campaign)?.idle.push(visitor);
  }

  #visitor(place: number): Visitor {
    return (this.#visitors[place] ??= new Visitor(place + 1));
  }
}
