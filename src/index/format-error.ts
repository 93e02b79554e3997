/** Says what is wrong with an index file. */
import { constants } from "node:buffer";

export type FormatErrorKind = "magic" | "version" | "truncated" | "too long" | "altered" | "contradictory";

export class IndexFormatError extends Error {
  override readonly name = "IndexFormatError";
  constructor(
    readonly kind: FormatErrorKind,
    message: string,
  ) {
    super(message);
  }
}

export function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}

export class IndexTooLargeError extends Error {
  override readonly name = "IndexTooLargeError";
}

/** @throws IndexTooLargeError where `bytes`, of all but the images, do not fit into one buffer */
export function requireRoom(bytes: number): void {
  if (bytes <= constants.MAX_LENGTH) return;
  throw new IndexTooLargeError(
    `an index of ${bytes} bytes without its images, and Node.js ${process.version} holds at most ` +
      `${constants.MAX_LENGTH} in one piece: build it of fewer campaigns, or use Node.js 22.3 or later`,
  );
}
