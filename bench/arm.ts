/** One of the servers that a part of the benchmark holds against each other, with what it is asked for. */
import type { Contender } from "./contenders/contender.js";

export interface Arm extends Pick<Contender, "name" | "label" | "start"> {
  /** The file of visits that are made to it. */
  readonly visits: string;
  /** Those that it may use. */
  readonly cores: readonly number[];
  /** The name of the arm whose answer its own must equal; of none where it has its own. */
  readonly answersAs?: string;
}
