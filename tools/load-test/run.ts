/** Runs a load test, step by step: reach the server, choose campaigns, send, count. */
import { once } from "node:events";
import { connect } from "node:net";
import { chooseCampaigns } from "./campaigns.js";
import type { Clock } from "./clock.js";
import { closedLoop } from "./closed-loop.js";
import type { Expectation } from "./expectation.js";
import { figuresOf, type Figures } from "./figures.js";
import { Judge } from "./judge.js";
import { runOpenLoop } from "./open-loop.js";
import { SCENARIOS, type Load, type ScenarioName } from "./scenarios.js";
import { Tally } from "./tally.js";
import { VisitorPool, Visits, type Visit } from "./visitors.js";

export interface LoadTest {
  readonly url: URL;
  readonly scenario: ScenarioName;
  readonly load: Load;
  /** How long a response may take, in seconds. */
  readonly timeout: number;
  readonly campaigns: readonly number[] | undefined;
  /** What the responses are held against; without it, any banner is right. */
  readonly expectation: Expectation | undefined;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Is told the tally when the requests begin, and returns what is called when they have ended. */
  readonly watch?: (tally: Tally, requests: number) => () => void;
}

export interface Drive {
  readonly host: string;
  readonly port: number;
  /** Asked for in turn. */
  readonly campaigns: readonly number[];
  readonly visits: Visits;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the run; requests under way are neither answered nor lost then. */
  readonly signal: AbortSignal;
}

export type Ending = "done" | "interrupted" | "server gone";

/** @throws Error whose message is one line: no server, or no campaign to ask for; or the signal's reason before a start */
export async function runLoadTest(test: LoadTest, { clock, signal, watch }: Surroundings): Promise<Figures> {
  const { url, scenario, load, timeout, expectation } = test;
  const timeoutMs = timeout * 1000;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || 80);
  await reach({ url, host, port, timeoutMs, signal });
  const chosen = await chooseCampaigns({ url, timeoutMs, signal }, test.campaigns, expectation, clock.date());
  const campaigns = SCENARIOS[scenario].campaigns === "one" ? chosen.campaigns.slice(0, 1) : chosen.campaigns;
  const tally = new Tally(load.requests);
  const judge = new Judge(tally, clock, expectation);
  const visits = new Visits(url.host, judge, clock);
  const unwatch = watch?.(tally, load.requests);
  const start = clock.steady();
  const drive: Drive = { host, port, campaigns, visits, tally, clock, timeoutMs, signal };
  const ending = await (load.kind === "closed" ? closedLoop(drive, load) : openLoop(drive, load));
  unwatch?.();
  judge.finish();
  return figuresOf({ server: url.origin, scenario, campaigns, origin: chosen.origin, load, start, ending }, tally);
}

async function reach({
  url,
  host,
  port,
  timeoutMs,
  signal,
}: Pick<LoadTest, "url"> & Pick<Drive, "host" | "port" | "timeoutMs" | "signal">): Promise<void> {
  const socket = connect(port, host);
  try {
    await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${url.origin}: nobody answers there: start it with \`make start\``, { cause: error });
  } finally {
    socket.destroy();
  }
}

/** Has a visitor come whenever a request is due, over as many connections as that needs. */
export async function openLoop(drive: Drive, load: Extract<Load, { kind: "open" }>): Promise<Ending> {
  const { campaigns, visits, tally, signal } = drive;
  const pool = new VisitorPool();
  const underWay = new Map<number, Visit>();
  await runOpenLoop(
    { ...drive, requests: load.requests, perSecond: load.perMinute / 60, opened: 0, maxConnections: Infinity },
    {
      request: (number, due, lateMs = 0) => {
        tally.longestDelay = Math.max(tally.longestDelay, lateMs);
        const campaign = campaigns[number % campaigns.length]!;
        const visit = visits.begin(pool.take(campaign), campaign, due);
        underWay.set(number, visit);
        return visits.request(visit);
      },
      settled: (number, _, outcome) => {
        const visit = underWay.get(number)!;
        underWay.delete(number);
        visits.settle(visit, outcome);
        pool.release(visit.campaign, visit.visitor);
      },
    },
  );
  return signal.aborted ? "interrupted" : "done";
}
