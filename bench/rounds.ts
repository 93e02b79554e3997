/** Arms to rounds: each measured in every round, and every other round in the opposite order. */
import type { Arm } from "./arm.js";
import type { Percentiles } from "./open-loop/latencies.js";
import type { Durations, Plan } from "./plan.js";
import { measureRound, type Means, type Round, type Tell } from "./round.js";
import { withServer } from "./running-arm.js";
import { differenceOf, shapeOfAnswer, type AnswerShape } from "./same-answer.js";
import { firstVisit } from "./traffic.js";
import { inOrderOf } from "./turns.js";

export interface Measured {
  readonly rounds: readonly Round[];
  /** Of each round: what the cores themselves make of a latency. None where none is measured. */
  readonly pauses: readonly Percentiles[];
}

/** @throws Error whose message is one line that names the arm */
export async function runRounds(
  arms: readonly Arm[],
  durations: Durations,
  plan: Pick<Plan, "rounds" | "connections" | "levels">,
  means: Means,
  tell: Tell,
): Promise<Measured> {
  const rounds: Round[] = [];
  const pauses: Percentiles[] = [];
  const { serving, driving } = means.cores;
  for (let round = 1; round <= plan.rounds; round++) {
    means.signal.throwIfAborted();
    if (durations.latency > 0) pauses.push(await means.measurePauses([serving, driving], durations.latency));
    const order = inOrderOf(round, arms);
    const measured = await measureRound(order, durations, plan, means, (what) => {
      tell(`round ${round} of ${plan.rounds}: ${what}`);
    });
    rounds.push(measured);
  }
  return { rounds, pauses };
}

/**
 * Asks each arm once.
 * @throws Error whose message is one line that says which arm answers otherwise than the one that it must answer as
 */
export async function requireSameAnswers(arms: readonly Arm[], signal: AbortSignal): Promise<void> {
  const shapes = new Map<string, AnswerShape>();
  for (const arm of arms) {
    const visit = await firstVisit(arm.visits);
    const shape = await withServer(arm, signal, ({ port }) => shapeOfAnswer(port, visit));
    shapes.set(arm.name, shape);
    const expected = shapes.get(arm.answersAs ?? arm.name);
    if (expected === undefined)
      throw new Error(`${arm.name} comes before ${String(arm.answersAs)}, whose answer it must give`);
    const difference = differenceOf(expected, shape);
    if (difference !== undefined)
      throw new Error(`${arm.name}: its answer to ${visit.path} is not that of ${arm.answersAs!}: ${difference}`);
  }
}
