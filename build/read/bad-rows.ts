/** Malformed rows, as a build that stops at them lists them. */
import { DataError } from "../data-error.js";

/** Whether malformed rows stop a build, or are set aside. */
export type OnBadRow = "stop" | "reject";

/** Bad rows under `stop`. `rows` are the first of them, as `file:line: reason`. */
export class BadRowsError extends DataError {
  constructor(
    readonly rows: readonly string[],
    readonly count: number,
  ) {
    super(`${count} malformed row(s): nothing is published: mend them, or set them aside with --on-bad-row reject`);
  }
}

/** How many bad rows a stopped build lists. */
const MOST_LISTED = 20;

export class BadRows {
  readonly #rows: string[] = [];
  #count = 0;

  add(path: string, line: number, reason: string): void {
    this.#count++;
    if (this.#rows.length < MOST_LISTED) this.#rows.push(`${path}:${line}: ${reason}`);
  }

  /** @throws BadRowsError where there is any */
  requireNone(): void {
    if (this.#count > 0) throw new BadRowsError(this.#rows, this.#count);
  }
}
