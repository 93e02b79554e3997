/** What is wrong with a file to an error: for programs and for people. */

export type Fault = "magic" | "version" | "truncated" | "too long" | "altered" | "contradictory";

/** A file that is no index, or not a whole one. `fault` is for programs, the message for people. */
export class IndexFormatError extends Error {
  override readonly name = "IndexFormatError";
  constructor(
    readonly fault: Fault,
    message: string,
  ) {
    super(message);
  }
}

/** Parts of a file that cannot both be true. */
export function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}
