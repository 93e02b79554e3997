/** Remembers the ids of recent clicks: at least the last so many, at most twice as many. */

export class RecentIds {
  readonly #most: number;
  #current = new Set<string>();
  #former = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether it was new. Two sets take turns, since to drop the oldest of one set for each new id is slow. */
  add(id: string): boolean {
    if (this.#current.has(id) || this.#former.has(id)) return false;
    this.#current.add(id);
    if (this.#current.size >= this.#most) {
      this.#former = this.#current;
      this.#current = new Set();
    }
    return true;
  }
}
