/** How long each stage of a build takes. */
import type { Stage } from "../stages.js";

export class StageTimes {
  readonly #milliseconds = new Map<Stage, number>();
  readonly #start: number;
  #begun: { stage: Stage; at: number } | undefined;

  /** @param now in milliseconds */
  constructor(readonly now: () => number = () => performance.now()) {
    this.#start = now();
  }

  /** Ends the stage before. */
  begin(stage: Stage): void {
    this.#end();
    this.#begun = { stage, at: this.now() };
  }

  /** Ends the last stage. `stages` are in their order; all times are in milliseconds. */
  finish(): { total: number; stages: ReadonlyMap<Stage, number> } {
    this.#end();
    return { total: this.now() - this.#start, stages: this.#milliseconds };
  }

  #end(): void {
    if (this.#begun !== undefined) this.#milliseconds.set(this.#begun.stage, this.now() - this.#begun.at);
    this.#begun = undefined;
  }
}
