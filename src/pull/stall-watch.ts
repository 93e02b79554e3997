/** Gives a transfer up that stands still. */
import { SourceError } from "./source.js";

export class StallWatch {
  readonly #stallMs: number;
  readonly #stalled = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Aborts where nothing is heard, and where `outer` does. */
  readonly signal: AbortSignal;

  constructor(stallMs: number, outer: AbortSignal) {
    this.#stallMs = stallMs;
    this.signal = AbortSignal.any([outer, this.#stalled.signal]);
    this.#timer = setTimeout(() => {
      this.#stalled.abort();
    }, stallMs);
  }

  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** What to throw in place of an error that the watch itself has caused. */
  explained(error: unknown, shown: string): unknown {
    if (!this.#stalled.signal.aborted) return error;
    return new SourceError(`${shown}: nothing came for ${this.#stallMs / 1000} s`, { cause: error });
  }
}
