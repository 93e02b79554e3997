/** Says what is wrong with an index file. */

export type FormatErrorKind = "magic" | "version" | "truncated" | "too long" | "altered" | "contradictory";

/** A file that is no index, or not a whole one. `kind` is for programs, the message for people. */
export class IndexFormatError extends Error {
  override readonly name = "IndexFormatError";
  constructor(
    readonly kind: FormatErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** Parts of a file that cannot both be true. */
export function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}
