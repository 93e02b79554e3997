/** Simulates the situations that docs/scaling.md has figures of. */
import { delayMs } from "../../src/pull/delays.js";
import { seededFractions } from "./fractions.js";
import { simulate, type Fleet, type Outcome } from "./simulate.js";

export interface Size {
  readonly replicas: number;
  readonly indexBytes: number;
  /** Seconds, as INDEX_POLL. */
  readonly poll: number;
  readonly seed: string;
}

export interface Row {
  readonly what: string;
  readonly outcome: Outcome;
  /** Over how many seconds it was counted. */
  readonly seconds: number;
  /** Seconds from the publication until each replica has the new index; undefined where none is published. */
  readonly arrivals: readonly number[] | undefined;
}

const GIGABIT = 125_000_000;
/** Before anything is counted or published: replicas that were started together ask at moments of their own by then. */
const SETTLED = 3600;
const HOUR = 3600;
const DAY = 86_400;
const OUTAGE = 600;

/** Sites of a CDN, each with a line of its own, and how often one asks the origin. */
const SITES = 20;
const SITE_POLL = 10;

export function runScenarios(size: Size): readonly Row[] {
  const { poll } = size;
  return [
    quiet("nothing new", fleetOf(size, 10)),
    quiet("the same, started together, without jitter", {
      ...fleetOf(size, 10),
      firstRequest: () => 0,
      delay: () => poll,
    }),
    quiet("the same, started together, with jitter", {
      ...fleetOf(size, 10),
      firstRequest: () => 0,
    }),
    news("a new index, origin with 1 Gbit/s", fleetOf(size, 1)),
    news("a new index, origin with 10 Gbit/s", fleetOf(size, 10)),
    news("the same, it fails for 10 min, 30 s after", {
      ...fleetOf(size, 10),
      outage: { from: SETTLED + 30, until: SETTLED + 30 + OUTAGE },
    }),
    news("the same, it fails until 10 min after", {
      ...fleetOf(size, 10),
      outage: { from: 1, until: SETTLED + OUTAGE },
    }),
    throughSites(`origin with 1 Gbit/s, ${SITES} sites of a CDN with 10 each`, size),
  ];
}

/** @param gigabits of the origin a second; a replica takes one at most */
function fleetOf({ replicas, indexBytes, poll, seed }: Size, gigabits: number): Fleet {
  const random = seededFractions(seed);
  return {
    replicas,
    indexBytes,
    bandwidth: { line: gigabits * GIGABIT, transfer: GIGABIT },
    delay: (failures) => delayMs(1000 * poll, failures, random) / 1000,
    firstRequest: () => random() * poll,
    published: SETTLED,
    countFrom: SETTLED,
    until: DAY,
  };
}

function quiet(what: string, fleet: Fleet): Row {
  const outcome = simulate({ ...fleet, published: Infinity, until: SETTLED + HOUR });
  return { what, outcome, seconds: outcome.end - SETTLED, arrivals: undefined };
}

function news(what: string, fleet: Fleet): Row {
  const outcome = simulate(fleet);
  return {
    what,
    outcome,
    seconds: outcome.end - SETTLED,
    arrivals: outcome.arrivals.map((at) => at - fleet.published),
  };
}

/** Each site asks the origin for all of its replicas, and has the index before it passes any of it on. */
function throughSites(what: string, size: Size): Row {
  const origin = fleetOf({ ...size, replicas: SITES, poll: SITE_POLL }, 1);
  const outcome = simulate({ ...origin, delay: () => SITE_POLL });
  const arrivals = outcome.arrivals.flatMap((published, site) => {
    const replicas = Math.floor((size.replicas + site) / SITES);
    const fleet = fleetOf({ ...size, replicas, seed: `${size.seed}-${site}` }, 10);
    return simulate({ ...fleet, published }).arrivals.map((at) => at - SETTLED);
  });
  return { what, outcome, seconds: outcome.end - SETTLED, arrivals: arrivals.sort((a, b) => a - b) };
}
