/** Takes up the index on disk anew: load whole, check whole, then replace one reference. */
import type { Index } from "./index-format.js";

export interface Verdict {
  readonly result: "replaced" | "unchanged" | "refused";
  /** What is served after it. */
  readonly generation: string;
  /** Why the index on disk was refused: one line. */
  readonly reason?: string;
}

export interface ReloadSteps {
  /** Rejects with an Error whose message is one line. */
  readonly load: () => Promise<Index>;
  /** Takes the index up, or throws and leaves the old one in place. */
  readonly replace: (index: Index) => void;
  readonly report: (verdict: Verdict) => void;
}

export class Reloader {
  readonly #steps: ReloadSteps;
  #generation: string;
  #running: Promise<void> | undefined;
  #requests = 0;

  /** @param generation the one served now */
  constructor(generation: string, steps: ReloadSteps) {
    this.#generation = generation;
    this.#steps = steps;
  }

  /**
   * Asks for a reload; never rejects. However many ask while one is under way, one more follows it: the file may have changed
   * after the running one has read it.
   */
  request(): Promise<void> {
    this.#requests++;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    let heard: number;
    do {
      heard = this.#requests;
      this.#steps.report(await this.#reload());
    } while (heard !== this.#requests);
  }

  async #reload(): Promise<Verdict> {
    try {
      const index = await this.#steps.load();
      if (index.generation === this.#generation) return { result: "unchanged", generation: this.#generation };
      this.#steps.replace(index);
      this.#generation = index.generation;
      return { result: "replaced", generation: index.generation };
    } catch (error) {
      return { result: "refused", generation: this.#generation, reason: (error as Error).message };
    }
  }
}
