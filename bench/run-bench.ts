/** A request to results: the servers that are put side by side, and those that show growth, each group in rounds of its own. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadIndex } from "../src/index/load.js";
import type { Arm } from "./arm.js";
import type { Arguments } from "./arguments.js";
import type { Contender, Stage } from "./contenders/contender.js";
import { programVersions } from "./contenders/programs.js";
import { stayOn, type Cores } from "./cores.js";
import { environment } from "./environment.js";
import { AGAIN, growthArms, REFERENCE } from "./growth/arms.js";
import { expectedSeconds, type Plan } from "./plan.js";
import type { Absent, Group, Results } from "./results.js";
import type { MeasureLatency, MeasurePauses, Tell } from "./round.js";
import { requireSameAnswers, runRounds, type Measured } from "./rounds.js";
import { campaignVisits, writeVisits } from "./traffic.js";

/** What the benchmark is about, and the same once more, for the noise. */
export const BILLBOARD = "billboard";
export const BILLBOARD_AGAIN = "billboard-again";

/** What is put side by side, and how it is measured: the benchmark's own tests have other means. */
export interface Means {
  readonly makeStage: (folder: string) => Promise<Stage>;
  readonly contendersOf: (stage: Stage) => readonly Contender[];
  readonly billboardOn: (index: string) => Contender["start"];
  /** Where a program is, if it is installed. */
  readonly findProgram: (name: string) => string | undefined;
  readonly measureLatency: MeasureLatency;
  readonly measurePauses: MeasurePauses;
}

export interface Surroundings {
  readonly cores: Cores;
  /** For whatever is written; who made it removes it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

/** What is measured in the same rounds. */
interface Cast extends Omit<Group, keyof Measured> {
  readonly arms: readonly Arm[];
}

/** @throws Error whose message is one line, or the reason of `signal` */
export async function runBench({ plan, only }: Arguments, means: Means, surroundings: Surroundings): Promise<Results> {
  const { cores, tell } = surroundings;
  if (means.findProgram("wrk") === undefined)
    throw new Error("wrk is not installed, which drives the servers: install it, on Debian with apt-get install wrk");
  const now = environment();
  const { present, absent } = plan.parts.includes("side-by-side")
    ? choose(means, means.contendersOf(NO_STAGE), only)
    : { present: [], absent: [] };
  const minutes = expectedSeconds(plan, present.length) / 60;
  tell(`${plan.rounds} rounds, about ${minutes.toFixed(1)} minutes; making the data`);
  const casts: Cast[] = [];
  if (present.length > 0) casts.push(await sideBySide(plan, means, present, surroundings));
  if (plan.parts.some((part) => part !== "side-by-side")) casts.push(await growth(plan, means, surroundings));
  stayOn([cores.driving]);
  try {
    const groups = await measured(casts, plan, means, surroundings);
    return { environment: now, programs: programVersions(programsOf(present, plan)), plan, absent, groups };
  } finally {
    stayOn(cores.all);
  }
}

/** Each once; that of a database is the server's. */
function programsOf(present: readonly Contender[], { parts }: Plan): string[] {
  const needed = present.flatMap(({ needs }) => needs).filter((name) => name !== "initdb");
  return [...new Set(["wrk", ...needed, ...(parts.includes("images") ? ["nginx"] : [])])];
}

async function measured(
  casts: readonly Cast[],
  plan: Plan,
  { measureLatency, measurePauses }: Means,
  { cores, signal, tell }: Surroundings,
): Promise<Group[]> {
  tell("looking at the answers");
  for (const { arms } of casts) await requireSameAnswers(arms, signal);
  const groups: Group[] = [];
  for (const { arms, ...group } of casts) {
    const own = { cores, measureLatency, measurePauses, signal };
    groups.push({ ...group, ...(await runRounds(arms, group.durations, plan, own, tell)) });
  }
  return groups;
}

/** To know the contenders by, before there is anything that they could serve. */
const NO_STAGE: Stage = { folder: "", data: "", index: "" };

/** The names of all contenders. */
export function contenderNames({ contendersOf }: Pick<Means, "contendersOf">): string[] {
  return contendersOf(NO_STAGE).map(({ name }) => name);
}

/** Those that are wanted and can be measured here, and those that cannot. Billboard is always wanted: the others are held against it. */
function choose(
  { findProgram }: Means,
  contenders: readonly Contender[],
  only: readonly string[] | undefined,
): { present: Contender[]; absent: Absent[] } {
  const wanted = contenders.filter(
    ({ name }) => name === BILLBOARD || name === BILLBOARD_AGAIN || only === undefined || only.includes(name),
  );
  const judged = wanted.map((contender) => ({
    contender,
    missing: contender.needs.filter((program) => findProgram(program) === undefined),
  }));
  return {
    present: judged.filter(({ missing }) => missing.length === 0).map(({ contender }) => contender),
    absent: judged
      .filter(({ missing }) => missing.length > 0)
      .map(({ contender: { label }, missing }) => ({ label, missing })),
  };
}

async function sideBySide(
  plan: Plan,
  means: Means,
  present: readonly Contender[],
  { folder, cores, signal, tell }: Surroundings,
): Promise<Cast> {
  const stage = await means.makeStage(join(folder, "stage"));
  signal.throwIfAborted();
  const visits = join(folder, "side-by-side.visits");
  await writeVisits(campaignVisits(await loadIndex(stage.index), { count: plan.visits.few, cookies: 1 }), visits);
  const names = present.map(({ name }) => name);
  const contenders = means.contendersOf(stage).filter(({ name }) => names.includes(name));
  const arms: Arm[] = [];
  for (const contender of contenders) {
    signal.throwIfAborted();
    if (contender.prepare !== undefined) {
      tell(`preparing ${contender.label}`);
      await contender.prepare();
    }
    const { name, label } = contender;
    const start: Arm["start"] = (port, on) => contender.start(port, on);
    arms.push({
      name,
      label,
      start,
      visits,
      cores: contender.usesAllCores === true ? cores.all : [cores.serving],
      answersAs: BILLBOARD,
    });
  }
  return {
    durations: plan.sideBySide,
    reference: BILLBOARD,
    again: BILLBOARD_AGAIN,
    comparisons: [{ part: "side-by-side", arms: arms.map(({ name, label }) => ({ name, label })) }],
    arms,
  };
}

async function growth(plan: Plan, means: Means, { folder, cores, signal, tell }: Surroundings): Promise<Cast> {
  tell("making the indexes that show growth");
  await mkdir(folder, { recursive: true });
  const { arms, comparisons } = await growthArms(plan.parts, plan, {
    folder: join(folder, "growth"),
    cores,
    billboard: (index) => means.billboardOn(index),
    hasNginx: means.findProgram("nginx") !== undefined,
    signal,
  });
  return { durations: plan.growth, reference: REFERENCE, again: AGAIN, comparisons, arms };
}
