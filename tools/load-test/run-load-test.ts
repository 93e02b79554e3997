/** One run, stage by stage: reach the server, choose campaigns, send, count. */
import { once } from "node:events";
import { connect } from "node:net";
import { chooseCampaigns } from "./campaigns.js";
import type { Clock } from "./clock.js";
import { closedLoop } from "./closed-loop.js";
import type { Drive, Ending } from "./drive.js";
import type { Expectation } from "./expectation.js";
import { figuresOf, type Figures } from "./figures.js";
import type { Server } from "./http-get.js";
import { Judge } from "./judge.js";
import { openLoop } from "./open-loop.js";
import { SCENARIOS, type Load, type ScenarioName } from "./scenarios.js";
import { Tally } from "./tally.js";

export interface LoadTest {
  readonly url: URL;
  readonly scenario: ScenarioName;
  readonly load: Load;
  /** How long an answer may take, in seconds. */
  readonly timeout: number;
  /** The campaigns to ask for; found out where nothing is said. */
  readonly campaigns: readonly number[] | undefined;
  /** What the answers are held against; without it, a right banner is any banner. */
  readonly expectation: Expectation | undefined;
}

export interface Surroundings {
  readonly clock: Clock;
  /** Ends the run early, with the figures so far. */
  readonly signal: AbortSignal;
  /** Is told the tally when the requests begin, and returns what is called when they have ended. */
  readonly watch?: (tally: Tally, requests: number) => () => void;
}

/** @throws Error whose message is one line: no server, or no campaign to ask for; or the signal's reason before a start */
export async function runLoadTest(test: LoadTest, { clock, signal, watch }: Surroundings): Promise<Figures> {
  const { url, scenario, load, timeout, expectation } = test;
  await reach({ url, timeout, signal });
  const chosen = await chooseCampaigns({ url, timeout, signal }, test.campaigns, expectation, clock.date());
  const campaigns = SCENARIOS[scenario].campaigns === "one" ? chosen.campaigns.slice(0, 1) : chosen.campaigns;
  const tally = new Tally(load.requests);
  const judge = new Judge(tally, clock, expectation);
  const unwatch = watch?.(tally, load.requests);
  const start = clock.steady();
  const ending = await send({ url, campaigns, judge, tally, clock, timeout, signal }, load);
  unwatch?.();
  judge.finish();
  return figuresOf({ server: url.origin, scenario, campaigns, origin: chosen.origin, load, start, ending }, tally);
}

async function reach({ url, timeout, signal }: Server): Promise<void> {
  const socket = connect(Number(url.port || 80), url.hostname.replace(/^\[|\]$/g, ""));
  try {
    await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]) });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${url.origin}: nobody answers there: start it with \`make start\``, { cause: error });
  } finally {
    socket.destroy();
  }
}

function send(drive: Drive, load: Load): Promise<Ending> {
  return load.kind === "closed" ? closedLoop(drive, load) : openLoop(drive, load);
}
