/** Makes fractions from 0 to 1, without 1, that look random and are the same on every machine. */
import { seededRandom } from "../../tools/make-sample/random.js";

const STEPS = 2 ** 30;

export function seededFractions(seed: string): () => number {
  const random = seededRandom(seed);
  return () => random.below(STEPS) / STEPS;
}
