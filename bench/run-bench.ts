/** Runs the benchmark: what is put side by side and what shows growth, each group in rounds of its own. */
import { join } from "node:path";
import { loadIndex } from "../src/index/load.js";
import type { Contender } from "./contenders/contender.js";
import { BILLBOARD, BILLBOARD_AGAIN, contendersOf } from "./contenders/contenders.js";
import { makeFixture, type Fixture } from "./contenders/fixture.js";
import { findProgram, programVersions } from "./contenders/programs.js";
import { environment } from "./environment.js";
import { AGAIN, growthServers, REFERENCE } from "./growth/servers.js";
import { stayOn } from "./measure/cores.js";
import { measureLatency } from "./measure/latency.js";
import { measureRounds, requireSameResponses, type Measuring, type Round } from "./measure/rounds.js";
import type { Server } from "./measure/running-server.js";
import { campaignVisits, writeVisits } from "./measure/traffic.js";
import type { Plan } from "./plan.js";
import { comparisonOf, type Group, type Results } from "./results.js";

export interface Request {
  readonly plan: Plan;
  readonly only: readonly string[] | undefined;
  readonly folder: string;
}

/** The benchmark's own tests replace these. */
const MEANS = { makeFixture, contendersOf, measureLatency };
export type Means = typeof MEANS;

interface Cast extends Omit<Group, "rounds"> {
  readonly servers: readonly Server[];
}

const OVERHEAD_S = 3;

/** Returns the complete rounds where a later one fails. @throws Error of one line where no round is complete */
export async function runBench(
  { plan, only, folder }: Request,
  surroundings: Omit<Measuring, "measureLatency">,
  means: Means = MEANS,
): Promise<Results> {
  const { cores, signal, log } = surroundings;
  if (findProgram("wrk") === undefined)
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
    for (const contender of means.contendersOf(fixture)) {
      const { name, label, needs } = contender;
      // Billboard always takes part, as the others are compared with it.
      if (only?.includes(name) === false && name !== BILLBOARD && name !== BILLBOARD_AGAIN) continue;
      const missing = needs.filter((program) => findProgram(program) === undefined);
      if (missing.length > 0) {
        absent.push({ label, missing });
        continue;
      }
      present.push(contender);
      for (const program of needs) if (program !== "initdb") programs.add(program);
    }
    casts.push(await sideBySide(plan, present, fixture, surroundings));
  }
  const parts = plan.parts.filter((part) => part !== "side-by-side");
  if (parts.length > 0) {
    log("making the indexes that show growth");
    const made = await growthServers(parts, plan, { folder: join(folder, "growth"), cores, signal });
    casts.push({ durations: plan.growth, reference: REFERENCE, again: AGAIN, ...made });
  }
  stayOn([cores.driving]);
  try {
    const measured = await measure(casts, plan, { ...surroundings, measureLatency: means.measureLatency });
    return { environment: now, programs: programVersions([...programs]), plan, absent, ...measured };
  } finally {
    stayOn(cores.all);
  }
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
    const rounds: Round[] = [];
    try {
      for await (const round of measureRounds(servers, group.durations, plan, measuring)) {
        if (rounds.length === 0) groups.push({ ...group, rounds });
        rounds.push(round);
      }
    } catch (error) {
      if (groups.length === 0) throw error;
      return { groups, error: (error as Error).message };
    }
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
  const names = { reference: BILLBOARD, again: BILLBOARD_AGAIN };
  return { durations: plan.sideBySide, ...names, comparisons: [comparisonOf("side-by-side", servers)], servers };
}
