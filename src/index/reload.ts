/** Takes up the index on disk anew: load whole, check whole, then hand it to all who serve. */
import type { Index } from "./format.js";

export interface Verdict {
  readonly result: "replaced" | "unchanged" | "refused";
  /** What is served after it. */
  readonly generation: string;
  /** What was served before it. */
  readonly previous: string;
  /** Why the index on disk was refused: one line. */
  readonly reason?: string;
}

export const RESULTS = ["replaced", "unchanged", "refused"] as const satisfies readonly Verdict["result"][];

export interface ReloadSteps {
  /** Rejects with an Error whose message is one line. */
  readonly load: () => Promise<Index>;
  /** Resolves when every request is answered from the new index, or throws and leaves the old one in place. */
  readonly replace: (index: Index) => Promise<void>;
  readonly report: (verdict: Verdict) => void;
}

export class Reloader {
  readonly #steps: ReloadSteps;
  #generation: string;
  #running: Promise<Verdict> | undefined;
  #waiting: Promise<Verdict> | undefined;

  /** @param generation the one served now */
  constructor(generation: string, steps: ReloadSteps) {
    this.#steps = steps;
    this.#generation = generation;
  }

  /**
   * Asks for a reload; never rejects. Resolves with the verdict of one that began after the call: the file may have changed since one
   * that is under way has read it. However many ask meanwhile, one more follows, and is the verdict of all of them.
   */
  request(): Promise<Verdict> {
    if (this.#running === undefined) return this.#start();
    this.#waiting ??= this.#running.then(() => this.#start());
    return this.#waiting;
  }

  #start(): Promise<Verdict> {
    this.#waiting = undefined;
    this.#running = this.#reload().finally(() => {
      // The one that waits takes its place at once, so that nobody comes between them.
      if (this.#waiting === undefined) this.#running = undefined;
    });
    return this.#running;
  }

  async #reload(): Promise<Verdict> {
    const verdict = await this.#verdict();
    this.#generation = verdict.generation;
    this.#steps.report(verdict);
    return verdict;
  }

  async #verdict(): Promise<Verdict> {
    const previous = this.#generation;
    try {
      const index = await this.#steps.load();
      if (index.generation === previous) return { result: "unchanged", generation: previous, previous };
      await this.#steps.replace(index);
      return { result: "replaced", generation: index.generation, previous };
    } catch (error) {
      return { result: "refused", generation: previous, previous, reason: (error as Error).message };
    }
  }
}
