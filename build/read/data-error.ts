/** Describes data that no index can be made of, and collects the malformed rows among it. */

import { printable } from "../../src/options/printable.js";

/** Its message is one line: what is wrong, where, what was expected, what to do. */
export class DataError extends Error {
  override readonly name = "DataError";
}

export type OnBadRow = "stop" | "reject";

/** `rows` are the first of them, as `file:line: reason`. */
export class BadRowsError extends DataError {
  constructor(
    readonly rows: readonly string[],
    readonly count: number,
  ) {
    super(`${count} malformed row(s), nothing is published: correct them, or reject them with --on-bad-row reject`);
  }
}

const MAX_LISTED = 20;

export class BadRows {
  readonly #rows: string[] = [];
  #count = 0;

  add(path: string, line: number, reason: string): void {
    this.#count++;
    if (this.#rows.length < MAX_LISTED) this.#rows.push(printable(`${path}:${line}: ${reason}`));
  }

  requireNone(): void {
    if (this.#count > 0) throw new BadRowsError(this.#rows, this.#count);
  }
}
