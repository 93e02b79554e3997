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
  /** undefined where none is under way. */
  #last: Promise<unknown> | undefined;
  #waiting: Promise<ReloadResult> | undefined;

  /** @param reload must not reject */
  constructor(reload: () => Promise<ReloadResult>) {
    this.#reload = reload;
  }

  /** The result of a reload that begins after the call: one under way may have read the file before it changed. */
  request(): Promise<ReloadResult> {
    if (this.#last === undefined) return this.run(this.#reload);
    this.#waiting ??= this.run(() => {
      this.#waiting = undefined;
      return this.#reload();
    });
    return this.#waiting;
  }

  /** Runs another reload, or what must not be at the same time, when those before it have ended; must not reject. */
  run<Result>(reload: () => Promise<Result>): Promise<Result> {
    const result = this.#last === undefined ? reload() : this.#last.then(reload);
    this.#last = result;
    void result.finally(() => {
      if (this.#last === result) this.#last = undefined;
    });
    return result;
  }
}
