/** Writes `rejects.csv`: a line for each row that does not count. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { csvField } from "../../src/view/csv.js";

export const REJECT_KINDS = ["malformed", "duplicate", "conflict", "orphan", "duplicate file"] as const;
export type RejectKind = (typeof REJECT_KINDS)[number];

const CHUNK_LENGTH = 1 << 16;

export class RejectLog {
  #descriptor: number | undefined;
  #text = "file,line,kind,reason,first_file,first_line\n";

  /** Without a path, it is written nowhere. */
  constructor(path: string | undefined) {
    if (path !== undefined) this.#descriptor = openSync(path, "wx");
  }

  /** `line` is undefined for a whole file; `first` is the row, or the file, that counts instead. */
  write(
    file: string,
    line: number | undefined,
    kind: RejectKind,
    reason: string,
    first?: { readonly file: string; readonly line?: number },
  ): void {
    const fields = [file, line, kind, reason, first?.file, first?.line];
    this.#text += `${fields.map(csvField).join(",")}\n`;
    if (this.#text.length > CHUNK_LENGTH) this.#flush();
  }

  close(): void {
    this.#flush();
    if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
    this.abandon();
  }

  abandon(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flush(): void {
    const bytes = Buffer.from(this.#descriptor === undefined ? "" : this.#text);
    // A write may be partial.
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor!, bytes, written);
    this.#text = "";
  }
}
