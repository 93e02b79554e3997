/** Bounds what clients that pipeline requests may have answered in one turn of the event loop, in which others wait. */

/** What a turn answers beyond a request for each connection: some half a millisecond. */
const MORE_IN_TURN = 32;
/** What goes beyond that now and then: a burst is answered in one turn, a flood is not. */
const MAX_CREDIT = 1024;
const CREDIT_PER_MS = 0.128;

export class FullTurn {
  #answered = 0;
  #credit = MAX_CREDIT;
  #creditedAt = 0;

  /** Counts a request, and returns whether its reply must wait for the next turn. */
  isReached(connections: number): boolean {
    this.#answered++;
    // Not at each turn, which would cost more: a turn may begin with a few requests of those before.
    if (this.#answered === MORE_IN_TURN / 4) {
      setImmediate(() => {
        this.#answered = 0;
      });
    }
    return this.#answered > MORE_IN_TURN + connections && !this.#spend(performance.now());
  }

  #spend(now: number): boolean {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + (now - this.#creditedAt) * CREDIT_PER_MS);
    this.#creditedAt = now;
    if (this.#credit < 1) return false;
    this.#credit--;
    return true;
  }
}
