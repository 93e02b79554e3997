/** Runs a load test, step by step: reach the server, choose campaigns, send, count. */
import { once } from "node:events";
import { connect } from "node:net";
import { chooseCampaigns } from "./campaigns.js";
import type { Clock } from "./clock.js";
import { requestText } from "./connection.js";
import type { Expectation } from "./expectation.js";
import { figuresOf, type Figures } from "./figures.js";
import { Judge } from "./judge.js";
import { runOpenLoop } from "./open-loop.js";
import { SCENARIOS, type Load, type ScenarioName } from "./scenarios.js";
import { Tally } from "./tally.js";
import { SeatedVisitors, VisitorPool, type Visit } from "./visitors.js";

export interface LoadTest {
  readonly url: URL;
  readonly scenario: ScenarioName;
  readonly load: Load;
  /** Seconds that a response may take. */
  readonly timeout: number;
  /** The name of a header that is sent with each request. */
  readonly ignoreHeader?: string | undefined;
  readonly campaigns?: readonly number[] | undefined;
  readonly expectation?: Expectation | undefined;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly watch?: (tally: Tally, requests: number) => () => void;
}

interface Drive {
  readonly url: URL;
  readonly ignoreHeader?: string | undefined;
  readonly campaigns: readonly number[];
  readonly judge: Judge;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where so many are lost for each connection, with no response between them, the server has gone. */
const LOST_PER_CONNECTION = 10;

export type Ending = "done" | "interrupted" | "server gone";

/** @throws Error of one line: no server, or no campaign to ask for; or the signal's reason before a start */
export async function runLoadTest(test: LoadTest, { clock, signal, watch }: Surroundings): Promise<Figures> {
  const { url, scenario, load, timeout, ignoreHeader, expectation } = test;
  const timeoutMs = timeout * 1000;
  const server = { url, timeoutMs, ignoreHeader, signal };
  await reach(server);
  const chosen = await chooseCampaigns(server, test.campaigns, expectation, clock.date());
  const campaigns = SCENARIOS[scenario].campaigns === "one" ? chosen.campaigns.slice(0, 1) : chosen.campaigns;
  const tally = new Tally(load.requests);
  const judge = new Judge(tally, clock, expectation);
  const unwatch = watch?.(tally, load.requests);
  const start = clock.steady();
  const ending = await sendLoad({ ...server, campaigns, judge, tally, clock }, load);
  unwatch?.();
  judge.finish();
  const asked = { server: url.origin, scenario, campaigns, campaigns_from: chosen.origin };
  return figuresOf(asked, { load, start, ending }, tally);
}

async function reach({ url, timeoutMs, signal }: Pick<Drive, "url" | "timeoutMs" | "signal">): Promise<void> {
  const socket = connect(addressOf(url));
  try {
    await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${url.origin}: nobody answers there: start it with \`make start\``, { cause: error });
  } finally {
    socket.destroy();
  }
}

export async function sendLoad(drive: Drive, load: Load): Promise<Ending> {
  const { url, ignoreHeader, campaigns, judge, tally, clock, signal } = drive;
  const isOpen = load.kind === "open";
  const connections = isOpen ? Infinity : Math.min(load.connections, load.requests);
  const visitors = isOpen ? new VisitorPool(campaigns) : new SeatedVisitors(campaigns, connections);
  const underWay = new Map<number, Visit>();
  const gone = new AbortController();
  let settled = 0;
  let lostInARow = 0;
  const pace = isOpen ? { perSecond: load.perMinute / 60, opened: 0 } : { perSecond: Infinity, opened: connections };
  const ends = AbortSignal.any([signal, gone.signal]);
  await runOpenLoop(
    { ...drive, ...addressOf(url), ...pace, maxConnections: connections, requests: load.requests, signal: ends },
    {
      request: (number, due, lateMs = 0) => {
        tally.longestDelay = Math.max(tally.longestDelay, lateMs);
        const { visitor, campaign } = visitors.take(number);
        const since = isOpen ? due : clock.steady();
        underWay.set(number, { visitor, campaign, since, sentOn: clock.date() });
        return requestText(url.host, `/campaigns/${campaign}`, visitor.memoryOf(campaign).cookie, ignoreHeader);
      },
      settled: (number, _, outcome) => {
        const visit = underWay.get(number)!;
        underWay.delete(number);
        judge.settle(visit, outcome);
        visitors.release(visit);
        lostInARow = typeof outcome === "string" ? lostInARow + 1 : 0;
        if (++settled < load.requests && lostInARow === connections * LOST_PER_CONNECTION) gone.abort();
      },
    },
  );
  if (signal.aborted) return "interrupted";
  return gone.signal.aborted ? "server gone" : "done";
}

function addressOf({ hostname, port }: URL): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) };
}
