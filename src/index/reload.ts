/** Lets those who ask for a reload share one, and says what came of it. */

export const RELOAD_RESULTS = ["replaced", "unchanged", "refused"] as const;

export interface ReloadResult {
  readonly result: (typeof RELOAD_RESULTS)[number];
  /** The generation that is served after it. */
  readonly generation: string;
  readonly previous: string;
  readonly reason?: string;
}

export function describeReload({ result, generation, previous, reason }: ReloadResult): string {
  if (result === "replaced") return `index reloaded: generation ${generation} replaces ${previous}`;
  if (result === "unchanged") return `index unchanged: generation ${generation} is served already`;
  return `reload refused: ${reason!}; generation ${generation} stays`;
}

export class Reloader {
  readonly #reload: () => Promise<ReloadResult>;
  #running: Promise<ReloadResult> | undefined;
  #waiting: Promise<ReloadResult> | undefined;

  /** @param reload must not reject */
  constructor(reload: () => Promise<ReloadResult>) {
    this.#reload = reload;
  }

  /** The result of a reload that begins after the call: one under way may have read the file before it changed. */
  request(): Promise<ReloadResult> {
    if (this.#running === undefined) return this.#start();
    this.#waiting ??= this.#running.then(() => this.#start());
    return this.#waiting;
  }

  #start(): Promise<ReloadResult> {
    this.#waiting = undefined;
    this.#running = this.#reload().finally(() => {
      // One that waits starts at once, so that nobody comes between.
      if (this.#waiting === undefined) this.#running = undefined;
    });
    return this.#running;
  }
}
