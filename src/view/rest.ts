/** Lets others have the thread, again and again, while something long is worked out. It runs in browsers too. */

const SLICE_MS = 4;

/** Steps between two looks at the clock; one may take a microsecond. */
const STEPS = 512;

export class Rest {
  readonly #pause: () => Promise<unknown>;
  readonly #now: () => number;
  #steps = 0;
  #end: number;

  /** @param pause resolves once others have had their turn */
  constructor(pause: () => Promise<unknown>, now: () => number = () => performance.now()) {
    this.#pause = pause;
    this.#now = now;
    this.#end = now() + SLICE_MS;
  }

  isDue(steps = 1): boolean {
    this.#steps += steps;
    if (this.#steps < STEPS) return false;
    this.#steps = 0;
    return this.#now() > this.#end;
  }

  async take(): Promise<void> {
    await this.#pause();
    this.#end = this.#now() + SLICE_MS;
  }
}
