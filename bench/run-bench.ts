/** Runs the benchmark: what is put side by side and what shows growth, each group in rounds of its own. */
import { join } from "node:path";
import { loadIndex } from "../src/index/load.js";
import { billboardOn, type Contender } from "./contenders/contender.js";
import { BILLBOARD, BILLBOARD_AGAIN, contendersOf } from "./contenders/contenders.js";
import { makeFixture, type Fixture } from "./contenders/fixture.js";
import { findProgram, programVersions } from "./contenders/programs.js";
import { environment } from "./environment.js";
import { AGAIN, growthServers, namesOf, REFERENCE } from "./growth/servers.js";
import { stayOn } from "./measure/cores.js";
import { measureLatency } from "./measure/latency.js";
import { requireSameResponses, runRounds, type Measuring } from "./measure/rounds.js";
import type { Server } from "./measure/running-server.js";
import { campaignVisits, writeVisits } from "./measure/traffic.js";
import type { Plan } from "./plan.js";
import type { Group, Results } from "./results.js";

export interface Request {
  readonly plan: Plan;
  /** Names of contenders beside Billboard; all where it is undefined. */
  readonly only: readonly string[] | undefined;
  /** For whatever is written; who made it removes it. */
  readonly folder: string;
}

/** What is put side by side, and how it is measured: the benchmark's own tests have other means. */
const MEANS = { makeFixture, contendersOf, billboardOn, findProgram, measureLatency };
export type Means = typeof MEANS;

interface Cast extends Omit<Group, "rounds"> {
  readonly servers: readonly Server[];
}

/** What a server takes in each round beside what is measured, as measured. */
const OVERHEAD_S = 3;

/**
 * Has the rounds that are complete where a later one fails.
 * @throws Error whose message is one line, or the reason of `signal`, where no round is complete
 */
export async function runBench(
  { plan, only, folder }: Request,
  surroundings: Omit<Measuring, "measureLatency">,
  means: Means = MEANS,
): Promise<Results> {
  const { cores, signal, log } = surroundings;
  if (means.findProgram("wrk") === undefined)
    throw new Error("wrk is not installed, which drives the servers: install it, on Debian with apt-get install wrk");
  const now = environment();
  log("making the data");
  const casts: Cast[] = [];
  const absent: Results["absent"][number][] = [];
  const programs = new Set(["wrk"]);
  if (plan.parts.includes("side-by-side")) {
    const fixture = await means.makeFixture(join(folder, "fixture"));
    signal.throwIfAborted();
    const present: Contender[] = [];
    for (const contender of means.contendersOf(fixture).filter((contender) => isWanted(contender, only))) {
      const missing = contender.needs.filter((program) => means.findProgram(program) === undefined);
      if (missing.length > 0) absent.push({ label: contender.label, missing });
      else present.push(contender);
    }
    // PostgreSQL's version is that of its server.
    for (const name of present.flatMap(({ needs }) => needs)) if (name !== "initdb") programs.add(name);
    casts.push(await sideBySide(plan, present, fixture, surroundings));
  }
  const parts = plan.parts.filter((part) => part !== "side-by-side");
  if (parts.length > 0) {
    log("making the indexes that show growth");
    const of = { folder: join(folder, "growth"), cores, billboardOn: means.billboardOn, signal };
    const { servers, comparisons } = await growthServers(parts, plan, of);
    casts.push({ durations: plan.growth, reference: REFERENCE, again: AGAIN, comparisons, servers });
  }
  stayOn([cores.driving]);
  try {
    const measured = await measure(casts, plan, { ...surroundings, measureLatency: means.measureLatency });
    return { environment: now, programs: programVersions([...programs]), plan, absent, ...measured };
  } finally {
    stayOn(cores.all);
  }
}

/** Billboard is always wanted: the others are held against it. */
function isWanted({ name }: Contender, only: readonly string[] | undefined): boolean {
  return name === BILLBOARD || name === BILLBOARD_AGAIN || only === undefined || only.includes(name);
}

async function measure(
  casts: readonly Cast[],
  plan: Plan,
  measuring: Measuring,
): Promise<Pick<Results, "groups" | "error">> {
  const { cores, signal, log } = measuring;
  log("looking at the responses");
  for (const { servers } of casts) await requireSameResponses(servers, cores, signal);
  const seconds = casts.map(({ servers, durations: { warmUp, saturation, latency } }) => {
    return plan.rounds * servers.length * (OVERHEAD_S + warmUp + saturation + latency * plan.levels.length);
  });
  log(`${plan.rounds} rounds, about ${(seconds.reduce((sum, each) => sum + each, 0) / 60).toFixed(0)} minutes`);
  const groups: Group[] = [];
  for (const { servers, ...group } of casts) {
    const { rounds, error } = await runRounds(servers, group.durations, plan, measuring);
    if (rounds.length > 0) groups.push({ ...group, rounds });
    if (error !== undefined && groups.length === 0) throw error;
    if (error !== undefined) return { groups, error: error.message };
  }
  return { groups };
}

async function sideBySide(
  plan: Plan,
  present: readonly Contender[],
  { index }: Fixture,
  { signal, log }: Pick<Measuring, "signal" | "log">,
): Promise<Cast> {
  const visits = `${index}.visits`;
  await writeVisits(campaignVisits(await loadIndex(index), { count: plan.visits.few, cookies: 1 }), visits);
  const servers: Server[] = [];
  for (const { name, label, prepare, start } of present) {
    signal.throwIfAborted();
    if (prepare !== undefined) {
      log(`preparing ${label}`);
      await prepare();
    }
    servers.push({ name, label, visits, respondsAs: BILLBOARD, start });
  }
  const comparison = { part: "side-by-side", servers: servers.map(namesOf) } as const;
  const names = { reference: BILLBOARD, again: BILLBOARD_AGAIN };
  return { durations: plan.sideBySide, ...names, comparisons: [comparison], servers };
}
