/** Describes data that no index can be made of, and collects the malformed rows among it. */
import { count } from "../../src/index/wording.js";
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

const MAX_FURTHER = 3;

/** Rows of one file whose reasons differ only in what they quote and count. */
interface AlikeRows {
  readonly path: string;
  readonly first: string;
  /** Lines of the next ones. */
  readonly further: number[];
  count: number;
}

export class BadRows {
  readonly #listed = new Map<string, AlikeRows>();
  readonly #rowsOf = new Map<string, number>();
  #count = 0;

  add(path: string, line: number, reason: string): void {
    this.#count++;
    const key = `${path} ${reason.replace(/"(?:\\.|[^"\\])*"|\d+/g, "")}`;
    const alike = this.#listed.get(key);
    if (alike !== undefined) {
      alike.count++;
      if (alike.further.length < MAX_FURTHER) alike.further.push(line);
    } else if (this.#listed.size < MAX_LISTED)
      this.#listed.set(key, { path, first: printable(`${path}:${line}: ${reason}`), further: [], count: 1 });
  }

  /** Tells how many rows a file has in all. */
  endFile(path: string, rows: number): void {
    this.#rowsOf.set(path, rows);
  }

  requireNone(): void {
    if (this.#count > 0) throw new BadRowsError([...this.#listed.values()].map(this.#described), this.#count);
  }

  readonly #described = ({ path, first, further, count: alike }: AlikeRows): string => {
    const all = this.#rowsOf.get(path);
    if (alike === 1) return first;
    if (alike === all) return `${first} (all ${count(alike)} rows)`;
    const lines = `${further.join(", ")}${alike > 1 + further.length ? ", …" : ""}`;
    return `${first} (${count(alike)}${all === undefined ? "" : ` of ${count(all)}`} rows: also in ${lines})`;
  };
}
