/** Times the stages of a build. */
import type { Stage } from "../stages.js";

export class StageTimes {
  readonly #ms = new Map<Stage, number>();
  readonly #start: number;
  #begun: { stage: Stage; at: number } | undefined;

  constructor(readonly now: () => number = () => performance.now()) {
    this.#start = now();
  }

  begin(stage: Stage): void {
    this.#end();
    this.#begun = { stage, at: this.now() };
  }

  finish(): { total: number; stages: ReadonlyMap<Stage, number> } {
    this.#end();
    return { total: this.now() - this.#start, stages: this.#ms };
  }

  #end(): void {
    if (this.#begun !== undefined) this.#ms.set(this.#begun.stage, this.now() - this.#begun.at);
    this.#begun = undefined;
  }
}
