/** Runs long work in slices, so that a server goes on with everything else in between. */
import { setImmediate as nextTurn } from "node:timers/promises";

const SLICE_MS = 5;
/** Numbers that are read: some tenths of a millisecond. */
const STEP = 20_000;

/** Says when a step has done enough to look at the clock. */
export class Steps {
  #done = 0;

  isDue(done: number): boolean {
    this.#done += done;
    if (this.#done < STEP) return false;
    this.#done = 0;
    return true;
  }
}

export function atOnce<Result>(steps: Generator<undefined, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Resolves with undefined where it was stopped. */
export async function inSlices<Result>(
  steps: Generator<undefined, Result>,
  isStopped: () => boolean,
): Promise<Result | undefined> {
  while (!isStopped()) {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await nextTurn();
  }
  return undefined;
}
