/** Two indexes to what a look-up costs in the one, and what in the other: in turns, in one process. */
import { Answers, type Reply, type Request } from "../../src/answer.js";
import { Catalog, NONE } from "../../src/catalog.js";
import { choose, fillPlaces } from "../../src/choose.js";
import { MOST_PLACES } from "../../src/index-sections.js";
import { loadIndex } from "../../src/load-index.js";
import { seededRandom } from "../make-sample/random.js";
import { spreadOf, type Spread } from "../spread.js";
import { drawCampaigns, shuffle, type Traffic } from "./traffic.js";

/** In each index in each round: long enough that the clock's grain is nothing, short enough that a disturbance meets few rounds. */
const LOOK_UPS = 100_000;
/** So many before the first that counts: what is compiled is compiled then. */
const WARM_ROUNDS = 3;
const HOUR = Date.UTC(2026, 10, 23, 12);

export interface LookUpTimes {
  readonly what: string;
  /** Nanoseconds a look-up, medians of the rounds. */
  readonly large: number;
  readonly sample: number;
  /** Of each round. */
  readonly ratio: Spread;
}

/** One index, and what is needed to look things up in it. */
interface Side {
  readonly catalog: Catalog;
  readonly answers: Answers;
  /** The requests of visitors, each with another last banner. */
  readonly visitors: readonly Request[];
  /** By period - 1: campaigns that have a cell in it, in no order. */
  readonly campaigns: readonly Uint32Array[];
  period: number;
}

async function readSide(file: string): Promise<Side> {
  const index = await loadIndex(file);
  const catalog = new Catalog(index);
  const { periods } = index.counts;
  const random = seededRandom("look-ups");
  const campaigns = Array.from({ length: periods }, (_, at) =>
    shuffle(
      index.campaignIds.filter((id) => catalog.cellOf(id, at + 1) !== NONE),
      random,
    ),
  );
  const settings = {
    cookie: { maxAge: 2_592_000, secure: false, sameSite: "Lax" } as const,
    rotation: "no-repeat" as const,
    bannerBaseUrl: "/campaigns/banners/",
    allowedOrigins: [],
    timeZone: "UTC",
  };
  const now = (): number => HOUR + ((side.period - 1) * 3_600_000) / periods;
  const visitors = Array.from(index.bannerIds.subarray(0, 64), visitorOf);
  const answers = new Answers(catalog, settings, Math.random, now);
  const side: Side = { catalog, answers, visitors, campaigns, period: 1 };
  return side;
}

function visitorOf(banner: number): Request {
  const cookie = `last_banner=${banner}`;
  return { getHeader: (name) => (name === "cookie" ? cookie : ""), forEach: () => undefined, getQuery: () => "" };
}

/** What is timed: the sum keeps what it looks up from being left out. */
type LookUp = (side: Side, ids: Uint32Array, paths: readonly string[]) => number;

const places = new Uint32Array(MOST_PLACES);
const bare: LookUp = ({ catalog, period }, ids) => {
  let sum = 0;
  for (const id of ids) {
    const count = fillPlaces(catalog, catalog.cellOf(id, period), Math.random, places);
    sum += choose(places, count, NONE, Math.random);
  }
  return sum;
};

const reply: Reply = { series: 0, head: new Uint8Array(0), body: "" };
const decision: LookUp = ({ answers, visitors }, _, paths) => {
  let sum = 0;
  for (let at = 0; at < paths.length; at++) {
    answers.answer("GET", paths[at]!, visitors[at % visitors.length]!, reply);
    sum += reply.head.length + reply.body.length;
  }
  return sum;
};

const KINDS: readonly { what: string; traffic: Traffic; lookUp: LookUp }[] = [
  { what: "cell and banner, uniform", traffic: "uniform", lookUp: bare },
  { what: "cell and banner, skewed", traffic: "skewed", lookUp: bare },
  { what: "whole decision, uniform", traffic: "uniform", lookUp: decision },
  { what: "whole decision, skewed", traffic: "skewed", lookUp: decision },
];

export async function timeLookUps(largeFile: string, sampleFile: string, rounds: number): Promise<LookUpTimes[]> {
  const large = await readSide(largeFile);
  const sample = await readSide(sampleFile);
  return KINDS.map(({ what, traffic, lookUp }) => {
    const times: { large: number; sample: number }[] = [];
    for (let round = 0; round < rounds + WARM_ROUNDS; round++) {
      // In turns which of them is first, so that neither has the better place.
      const first = round % 2 === 0 ? large : sample;
      const firstTime = timeRound(first, traffic, lookUp, round);
      const secondTime = timeRound(first === large ? sample : large, traffic, lookUp, round);
      if (round < WARM_ROUNDS) continue;
      times.push(first === large ? { large: firstTime, sample: secondTime } : { large: secondTime, sample: firstTime });
    }
    return {
      what,
      large: spreadOf(times.map((time) => time.large)).median,
      sample: spreadOf(times.map((time) => time.sample)).median,
      ratio: spreadOf(times.map((time) => time.large / time.sample)),
    };
  });
}

/** Nanoseconds a look-up. Whom it asks for is drawn before the clock starts, and always the same amount of it. */
function timeRound(side: Side, traffic: Traffic, lookUp: LookUp, round: number): number {
  // As in a server, one period serves for a while.
  side.period = (round % side.campaigns.length) + 1;
  const campaigns = side.campaigns[side.period - 1]!;
  const ids = drawCampaigns(campaigns, traffic, LOOK_UPS);
  // Out of a buffer, as a request's path comes: a text that was put together is put in one piece only when it is first read.
  const paths = Array.from(ids, (id) => Buffer.from(`/campaigns/${id}/`).toString("latin1"));
  const start = performance.now();
  const sum = lookUp(side, ids, paths);
  const time = ((performance.now() - start) * 1e6) / LOOK_UPS;
  if (!(sum >= 0)) throw new Error("a look-up found no banner");
  return time;
}
